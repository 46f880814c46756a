import { expect } from "chai";
import type { ManagedStore, ManagedStores } from "../../../../ops/account/managed-stores";
import { drills } from "../../../../ops/drills/drills";
import { Failure } from "../../../../ops/failure";
import type { Ran, Reach } from "../../../../ops/reach/reach";
import { noAccount } from "../../../support/no-account";
import { Cluster } from "../../cluster";
import { runOn } from "../../world";
import { fastClock } from "../clock";

const pod = (store: string) => `/api/v1/namespaces/data/pods/${store}-0`;
const ready = (uid: string, status = "True") => ({
  metadata: { uid },
  status: { conditions: [{ type: "Ready", status }] },
});
const rds = "shop-1.abc.us-east-1.rds.amazonaws.com:5432";

/** The pods of the product. Those of the application answer what they see of the stores. */
class Pods implements Reach {
  seen: Record<string, string> = { primary: "up", redis: "up" };
  status = "committed";
  answers = true;

  async run(_: unknown, command: readonly string[]): Promise<Ran> {
    const asksForStatus = command.join(" ").includes("pg_xact_status('811')");
    return { code: 0, stdout: asksForStatus ? this.status : "811\n", stderr: "" };
  }

  async read(_: unknown, port: number, path: string) {
    expect([port, path]).to.deep.equal([8080, "/healthz"]);
    if (!this.answers) throw new Failure("no pod answers");
    return [{ pod: "app-1", text: JSON.stringify({ status: "ready", ...this.seen }) }];
  }
}

describe("drill failover", () => {
  let reach: Pods;
  let cluster: Cluster;
  let second: number;

  beforeEach(() => {
    [reach, cluster, second] = [new Pods(), new Cluster(), 0];
    const readinessProbe = { httpGet: { path: "/healthz", port: 8080 } };
    cluster.put("/apis/apps/v1/namespaces/app/deployments/app", {
      spec: { template: { spec: { containers: [{ name: "app", readinessProbe }] } } },
    });
    cluster.put(pod("postgres"), ready("before"));
    cluster.put(pod("redis"), ready("before"));
  });

  interface Given {
    happens?: (second: number) => void;
    stores?: Partial<ManagedStores>;
    output?: (name: string) => Promise<string | undefined>;
  }

  const drill = ({ happens = () => undefined, stores, output }: Given, ...argv: string[]) => {
    const clock = fastClock((now) => {
      second = now;
      happens(now);
    });
    const account = { ...noAccount, stores: { ...noAccount.stores, ...stores } };
    return runOn({ reach, kube: cluster, program: drills, clock, account, output }, "failover", ...argv);
  };

  describe("in the cluster", () => {
    /** The pod is away from the kill on, and back after so many seconds. */
    const backAfter = (store: string, seconds: number) => {
      cluster.onRemove = () => {
        reach.seen.primary = "down";
      };
      return (now: number) => {
        if (now < seconds) return;
        cluster.put(pod(store), ready("after"));
        reach.seen.primary = "up";
      };
    };

    it("kills the pod of Postgres, and sees how long the application does without, and that no acknowledged write is lost", async () => {
      const { code, stdout, stderr } = await drill({ happens: backAfter("postgres", 9) }, "postgres");
      expect([code, stderr]).to.deep.equal([0, ""]);
      // With no grace at all, two servers could run on the volume.
      expect(cluster.changes).to.deep.equal([`DELETE ${pod("postgres")} after 1 s`]);
      expect(stdout).to.match(/^Prediction: RTO at most 2 min, RPO at most nothing\.\n/);
      expect(stdout.replaceAll("\n", " ")).to.contain(
        "For 8 s, a pod of the application did not answer, or not that it reaches the store. " +
          "A transaction that was acknowledged just before is there. Measured: RTO 8 s, RPO 0 s. As predicted.",
      );
    });

    it("measures nothing by the answers of an image that names no store", async () => {
      reach.seen = {};
      cluster.onRemove = () => undefined;
      const happens = (now: number) => {
        if (now >= 100) cluster.put(pod("postgres"), ready("after"));
      };
      const { code, stdout } = await drill({ happens }, "postgres");
      expect(code).to.equal(0);
      expect(stdout.replaceAll("\n", " ")).to.contain(
        "The application was ready all the time. Its readiness check does not name the store, so this says nothing of it. " +
          "A transaction that was acknowledged just before is there. Measured: RTO not seen from here, RPO 0 s.",
      );
    });

    it("ends with 1 where it takes longer than predicted, is not back, or has lost what it acknowledged", async () => {
      const late = await drill({ happens: backAfter("postgres", 130) }, "postgres");
      expect(late.code).to.equal(1);
      expect(late.stdout).to.contain("- RTO was 2 min 9 s, predicted at most 2 min\n");
      cluster.put(pod("postgres"), ready("before"));
      const gone = await drill({ happens: backAfter("postgres", 10_000) }, "postgres");
      expect(gone.code).to.equal(1);
      expect(gone.stdout).to.contain("- data/postgres-0 was not back after 10 min\n");
      cluster.put(pod("postgres"), ready("before"));
      reach.seen.primary = "up";
      reach.status = "aborted";
      const lost = await drill({ happens: backAfter("postgres", 5) }, "postgres");
      expect([lost.code, lost.stdout.includes("- an acknowledged transaction is lost\n")]).to.deep.equal([1, true]);
    });

    it("kills the pod of Redis, and takes an application that does not answer for one without", async () => {
      cluster.onRemove = () => {
        reach.answers = false;
      };
      const happens = (now: number) => {
        if (now < 4) return;
        cluster.put(pod("redis"), ready("after"));
        reach.answers = true;
      };
      const { code, stdout } = await drill({ happens }, "redis");
      expect(code).to.equal(0);
      expect(cluster.changes).to.deep.equal([`DELETE ${pod("redis")} after 1 s`]);
      expect(stdout).to.contain("Measured: RTO 3 s, RPO not seen from here.\n");
    });

    it("does nothing in a dry run, or where the store is not well already", async () => {
      const dry = await drill({}, "postgres", "--dry-run");
      expect(dry.stdout).to.match(/would kill its pod: data\/postgres-0; nothing was changed\n$/);
      cluster.put(pod("postgres"), ready("before", "False"));
      expect(await drill({}, "postgres")).to.deep.equal({
        code: 1,
        stdout: "",
        stderr:
          "pod data/postgres-0: given one that is not ready; allowed: one that serves: a drill starts from a healthy product; fix: npm " +
          "run ops -- status\n",
      });
      expect(cluster.changes).to.deep.equal([]);
    });
  });

  describe("on AWS", () => {
    const store: ManagedStore = { status: "available", standby: true, shards: [] };
    const output = async (name: string) => (name === "databaseEndpoint" ? rds : undefined);

    it("reboots the instance of the stack's output with failover, until AWS says that it is complete", async () => {
      const asked: unknown[][] = [];
      let since = 0;
      const stores: Partial<ManagedStores> = {
        find: async (...words) => {
          asked.push(words);
          return store;
        },
        failOver: async (...words) => {
          asked.push(words);
          reach.seen.primary = "down";
        },
        events: async (_kind, _name, sinceMs) => {
          since = sinceMs;
          return [second < 60 ? "Multi-AZ instance failover started." : "Multi-AZ instance failover completed"];
        },
      };
      const before = Date.now();
      const happens = (now: number) => {
        if (now >= 40) reach.seen.primary = "up";
      };
      const { code, stdout } = await drill({ happens, stores, output }, "postgres");
      expect(asked).to.deep.equal([
        ["postgres", "shop-1"],
        ["postgres", "shop-1", undefined],
      ]);
      expect(code).to.equal(0);
      expect(stdout).to.contain("Measured: RTO 39 s, RPO not seen from here.\nAs predicted.\n");
      expect([second, cluster.changes]).to.deep.equal([60, []]);
      // An earlier failover has its events too. AWS' clock may be some seconds behind.
      expect(since).to.be.within(before - 5000, Date.now() - 5000);
    });

    it("has the replica of the first shard of ElastiCache take over", async () => {
      const asked: unknown[][] = [];
      const stores: Partial<ManagedStores> = {
        find: async () => ({ ...store, shards: ["0001", "0002"] }),
        failOver: async (...words) => void asked.push(words),
        events: async () => ["Failover from primary node shop-0001-001 to replica node shop-0001-002 completed"],
      };
      const redis = async () => "clustercfg.shop.abc.use1.cache.amazonaws.com";
      const { code, stdout } = await drill({ stores, output: redis }, "redis");
      expect([code, asked]).to.deep.equal([0, [["redis", "shop", "0001"]]]);
      expect(stdout).to.contain("The application answered all the time that it reaches the store.\n");
    });

    it("refuses a store without a standby, or to which something is being done", async () => {
      const failOver = () => Promise.reject(new Error("asked"));
      const single = { ...store, standby: false };
      expect((await drill({ stores: { find: async () => single, failOver }, output }, "postgres")).stderr).to.equal(
        "RDS shop-1: given no standby; allowed: one in another zone, which takes over; fix: set postgres.multiAz in the stack's " +
          "file; without it, a loss is a restore (docs/backups.md)\n",
      );
      const busy = { ...store, status: "modifying" };
      const { code, stderr } = await drill({ stores: { find: async () => busy, failOver }, output }, "postgres");
      expect([code, stderr]).to.deep.equal([
        1,
        "RDS shop-1: given status modifying; allowed: available; fix: wait until it is\n",
      ]);
    });
  });

  it("refuses a product that is not well, before it asks", async () => {
    const refused = {
      code: 1,
      stdout: "",
      stderr:
        "app/app: given a pod that does not answer, or not that it reaches the store; allowed: all do: a drill starts from a healthy " +
        "product; fix: npm run ops -- status\n",
    };
    reach.seen.redis = "down";
    expect(await drill({}, "redis")).to.deep.equal(refused);
    expect((await drill({}, "postgres", "--dry-run")).code).to.equal(0);
    reach.seen.redis = "up";
    reach.answers = false;
    expect(await drill({}, "redis")).to.deep.equal(refused);
    expect(await drill({}, "postgres", "--dry-run")).to.deep.equal(refused);
    expect(cluster.changes).to.deep.equal([]);
  });

  it("refuses another store, with exit code 2", async () => {
    const { code, stderr } = await drill({}, "postgre");
    expect([code, stderr]).to.deep.equal([
      2,
      "command line: given postgre; allowed: postgres, redis; fix: did you mean postgres?\n",
    ]);
    expect((await drill({})).stderr).to.equal(
      "command line: given nothing; allowed: postgres, redis; fix: name one of them\n",
    );
  });
});
