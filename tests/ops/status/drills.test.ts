import { expect } from "chai";
import { Refused } from "../../../ops/kube/kube";
import { drillsSeen } from "../../../ops/status/drills";
import { Cluster } from "../cluster";
import { runOn, worldOf } from "../world";

const day = 86_400_000;
const now = Date.parse("2026-11-30T12:00:00Z");
const at = (days: number) => new Date(now - days * day).toISOString();
const lease = (drill: string) => `/apis/coordination.k8s.io/v1/namespaces/data/leases/drill-${drill}`;
const config = "/api/v1/namespaces/data/configmaps/postgres";
const pgbouncer = "/apis/apps/v1/namespaces/data/deployments/pgbouncer";

describe("what the drills have shown", () => {
  let cluster: Cluster;

  /** A product that archives, deployed so many days ago. */
  const product = (days: number) => {
    cluster = new Cluster();
    cluster.put(config, { data: { "restore.sh": "set -eu" } });
    cluster.put(pgbouncer, { metadata: { creationTimestamp: at(days) } });
  };

  /** A drill that was run. */
  const ran = (drill: string, run: { verified?: number; ended: number; wrong?: string; rto?: number; rpo?: number }) =>
    cluster.put(lease(drill), {
      metadata: {
        labels: { "app.kubernetes.io/part-of": "tierstack" },
        annotations: {
          "tierstack.dev/drill-command": drill.replace("-postgres", " postgres"),
          "tierstack.dev/drill-ended": at(run.ended),
          ...(run.wrong !== undefined && { "tierstack.dev/drill-wrong": run.wrong }),
          ...(run.rto !== undefined && { "tierstack.dev/drill-rto-seconds": String(run.rto) }),
          ...(run.rpo !== undefined && { "tierstack.dev/drill-rpo-seconds": String(run.rpo) }),
        },
      },
      spec: run.verified === undefined ? {} : { renewTime: at(run.verified) },
    });

  const onRds = async (name: string) =>
    name === "databaseEndpoint" ? "shop-1.abc.us-east-1.rds.amazonaws.com:5432" : undefined;
  const seen = () => drillsSeen(worldOf({ kube: cluster, flags: " -s shop" }), now);
  const help = "npm run drill -- restore -s shop";
  const due = (days: number) => ({
    what: "no restore of a backup has been verified",
    sinceMs: now - days * day,
    help,
  });

  it("is the last verified restore, with its times", async () => {
    product(100);
    ran("restore", { verified: 7.9, ended: 7.9, rto: 75, rpo: 40 });
    expect(await seen()).to.deep.equal({
      findings: [],
      lines: ["last verified restore: 2026-11-22 14:24 UTC, RTO 1 min 15 s, RPO 40 s"],
    });
  });

  it("is a finding, where that is more than eight days ago", async () => {
    product(100);
    ran("restore", { verified: 8.1, ended: 8.1 });
    expect(await seen()).to.deep.equal({
      findings: [due(8.1)],
      lines: ["last verified restore: 2026-11-22 09:36 UTC"],
    });
  });

  it("is told of a young product that has none, and a finding once the product is older than eight days", async () => {
    const lines = [`last verified restore: none yet; ${help}`];
    product(7.9);
    expect(await seen()).to.deep.equal({ findings: [], lines });
    product(8.1);
    expect(await seen()).to.deep.equal({ findings: [due(8.1)], lines });
  });

  it("is none that is in the future, by a clock ahead", async () => {
    product(100);
    ran("restore", { verified: -1, ended: -1 });
    expect(await seen()).to.deep.equal({ findings: [due(100)], lines: [`last verified restore: none yet; ${help}`] });
    ran("restore", { verified: -30 / 86_400, ended: -30 / 86_400 });
    expect((await seen()).findings).to.deep.equal([]);
  });

  it("is a finding for each drill whose last run was not as predicted, whose times are not those of the verified one", async () => {
    product(100);
    ran("restore", { verified: 2, ended: 1, rto: 900, wrong: "public.orders: 3 rows are gone" });
    ran("failover-postgres", { verified: 300, ended: 3, wrong: "RTO was 3 min, predicted at most 2 min" });
    ran("node-loss", { verified: 300, ended: 300, rto: 60 });
    const { findings, lines } = await seen();
    expect(lines).to.deep.equal(["last verified restore: 2026-11-28 12:00 UTC"]);
    expect(findings).to.deep.equal([
      {
        what: "drill restore did not go as predicted: public.orders: 3 rows are gone",
        sinceMs: now - day,
        help,
      },
      {
        what: "drill failover postgres did not go as predicted: RTO was 3 min, predicted at most 2 min",
        sinceMs: now - 3 * day,
        help: "npm run drill -- failover postgres -s shop",
      },
    ]);
  });

  it("asks for no restore where the drill has no backup to restore, and tells all the same of other drills", async () => {
    product(100);
    cluster.put(config, { data: {} });
    expect(await seen()).to.deep.equal({ findings: [], lines: [] });
    cluster.delete(config);
    ran("failover-postgres", { ended: 3, wrong: "it was not back" });
    expect((await seen()).findings).to.have.length(1);
  });

  it("is asked for on RDS, too, where the stack is named", async () => {
    product(100);
    cluster.delete(config);
    const { findings } = await drillsSeen(worldOf({ kube: cluster, flags: " -s shop", output: onRds }), now);
    expect(findings).to.deep.equal([due(100)]);
    expect((await seen()).findings).to.deep.equal([]);
  });

  it("is none of the place that Postgres has left", async () => {
    product(100);
    ran("restore", { verified: 1, ended: 1 });
    ran("restore-rds", { ended: 1, wrong: "it was not back" });
    expect((await seen()).findings).to.deep.equal([]);
    cluster.delete(config);
    ran("restore", { verified: 1, ended: 1, wrong: "public.orders: 3 rows are gone" });
    ran("restore-rds", { ended: 1 });
    const moved = () => drillsSeen(worldOf({ kube: cluster, flags: " -s shop", output: onRds }), now);
    expect(await moved()).to.deep.equal({ findings: [due(100)], lines: [`last verified restore: none yet; ${help}`] });
    ran("restore-rds", { verified: 1, ended: 1, rto: 75 });
    expect(await moved()).to.deep.equal({
      findings: [],
      lines: ["last verified restore: 2026-11-29 12:00 UTC, RTO 1 min 15 s"],
    });
  });

  it("is not looked at, and no finding, where Leases may not be listed", async () => {
    const message = 'leases.coordination.k8s.io is forbidden: User "viewer" cannot list resource "leases"';
    class Closed extends Cluster {
      override async list<T>(path: string, query?: Record<string, string>): Promise<T[]> {
        if (path.endsWith("/leases")) throw new Refused(403, message);
        return super.list(path, query);
      }
    }
    const kube = new Closed();
    const reach = { run: async () => ({ code: 127, stdout: "", stderr: "" }), read: async () => [] };
    const { code, stdout } = await runOn({ kube, reach }, "status");
    expect([code, stdout.replaceAll("\n", " ")]).to.deep.equal([
      0,
      `all is well not looked at: drills (${message}) not looked at: switches, connections (the image has no workload/operate.js) `,
    ]);
  });

  it("stands below what is not well in npm run ops -- status, and decides its exit code", async () => {
    cluster = new Cluster();
    cluster.put(config, { data: { "restore.sh": "set -eu" } });
    const metadata = { namespace: "data", creationTimestamp: new Date(Date.now() - 9 * day - 1000).toISOString() };
    cluster.put(pgbouncer, { metadata });
    const image = { code: 127, stdout: "", stderr: "" };
    const reach = { run: async () => image, read: async () => [] };
    const { code, stdout } = await runOn({ kube: cluster, reach, flags: " -s mvp" }, "status");
    expect(code).to.equal(1);
    expect(stdout.split("\n").slice(0, 6)).to.deep.equal([
      "1 thing is not well",
      "",
      "  no restore of a backup has been verified (for 9 d)",
      "    npm run drill -- restore -s mvp",
      "",
      "last verified restore: none yet; npm run drill -- restore -s mvp",
    ]);
    metadata.creationTimestamp = new Date().toISOString();
    cluster.put(pgbouncer, { metadata });
    const fresh = await runOn({ kube: cluster, reach, flags: " -s mvp" }, "status");
    expect([fresh.code, fresh.stdout.split("\n")[0]]).to.deep.equal([0, "all is well"]);
  });
});
