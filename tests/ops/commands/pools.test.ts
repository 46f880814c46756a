import { expect } from "chai";
import { poolsOf } from "../../../ops/commands/pools";
import { FakeReach, runOn } from "../world";

const text = `# HELP pgbouncer_up The pgbouncer scrape succeeded
pgbouncer_up 1
pgbouncer_databases_max_connections{database="app",force_user="",host="db",name="app",pool_mode="transaction",port="5432"} 42
pgbouncer_databases_paused{database="app",force_user="",host="db",name="app",pool_mode="transaction",port="5432"} 0
pgbouncer_databases_paused{database="app",force_user="",host="db",name="app_ro",pool_mode="transaction",port="5432"} 1
pgbouncer_pools_client_active_connections{database="app",user="app"} 40
pgbouncer_pools_client_active_connections{database="app_ro",user="app"} 3
pgbouncer_pools_client_active_connections{database="pgbouncer",user="pgbouncer"} 1
pgbouncer_pools_client_waiting_connections{database="app",user="app"} 7
pgbouncer_pools_client_waiting_connections{database="app_ro",user="app"} 0
pgbouncer_pools_client_maxwait_seconds{database="app",user="app"} 12
pgbouncer_pools_server_active_connections{database="app",user="app"} 40
pgbouncer_pools_server_idle_connections{database="app",user="app"} 1
pgbouncer_pools_server_used_connections{database="app",user="app"} 1
`;

describe("ops pools", () => {
  it("reads each pool of a pod, but PgBouncer's own console", () => {
    const common = { pod: "p", user: "app" };
    expect(poolsOf({ pod: "p", text })).to.deep.equal([
      {
        ...common,
        database: "app",
        active: 40,
        waiting: 7,
        waited: 12,
        servers: { active: 40, idle: 2, most: 42 },
        paused: false,
      },
      {
        ...common,
        database: "app_ro",
        active: 3,
        waiting: 0,
        waited: 0,
        servers: { active: 0, idle: 0, most: undefined },
        paused: true,
      },
    ]);
  });

  it("says how many clients wait, and where to look", async () => {
    const reach = new FakeReach({});
    reach.metrics = [{ pod: "pgbouncer-1", text }];
    const { code, stdout } = await runOn({ reach }, "pools");
    expect(code).to.equal(0);
    expect(stdout.split("\n")[1]).to.match(/^pgbouncer-1 +app app +40 +7 +12 s +40 busy, 2 idle +42$/);
    expect(stdout).to.contain("7 clients wait for a connection: npm run ops -- connections says who holds them");
    reach.metrics = [{ pod: "pgbouncer-1", text: text.replace("} 7", "} 0") }];
    expect((await runOn({ reach }, "pools")).stdout).to.contain("No client waits for a connection.\n");
  });

  it("tells an exporter that cannot ask PgBouncer", async () => {
    const reach = new FakeReach({});
    reach.metrics = [{ pod: "pgbouncer-1", text: "pgbouncer_up 0\n" }];
    const { code, stderr } = await runOn({ reach }, "pools");
    expect([code, stderr]).to.deep.equal([
      1,
      "pod pgbouncer-1: given an exporter that cannot ask PgBouncer; allowed: pgbouncer_up 1; fix: npm run ops -- restart " +
        "pgbouncer, one pod at a time\n",
    ]);
  });
});
