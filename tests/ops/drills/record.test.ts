import { expect } from "chai";
import type { Outcome } from "../../../ops/drills/drill";
import { failover } from "../../../ops/drills/failover/failover";
import { recordsOf } from "../../../ops/drills/record";
import { Failure } from "../../../ops/failure";
import { Refused } from "../../../ops/kube/kube";
import type { Lease } from "../../../ops/kube/objects";
import { Cluster } from "../cluster";
import { storm } from "../storm";
import { runOn, worldOf } from "../world";

const leases = "/apis/coordination.k8s.io/v1/namespaces/data/leases";

describe("what a drill keeps in the cluster", () => {
  let cluster: Cluster;

  beforeEach(() => {
    cluster = new Cluster();
  });

  /** Runs a drill of a store, with an outcome or without one. */
  const run = (does: () => Promise<Partial<Outcome>>, kube = cluster, ...argv: string[]) =>
    runOn({ kube, program: storm(does) }, "storm", "postgres", ...argv);
  const right = async () => ({});
  const kept = (name: string) => cluster.find<Lease>(`${leases}/${name}`);
  const renewed = async (name: string) => (await kept(name))?.spec?.renewTime;
  const records = () => recordsOf(worldOf({ kube: cluster }));

  it("is its end, where it went as predicted, with its times in whole seconds", async () => {
    const begin = Date.now();
    expect((await run(right)).code).to.equal(0);
    const { metadata, spec } = (await kept("drill-storm-postgres")) as Lease;
    const ended = metadata.annotations?.["tierstack.dev/drill-ended"] as string;
    expect(Date.parse(ended)).to.be.within(begin, Date.now());
    expect(metadata.labels).to.include({
      "app.kubernetes.io/part-of": "tierstack",
      "app.kubernetes.io/managed-by": "tierstack-ops",
    });
    expect(metadata.annotations).to.deep.equal({
      "tierstack.dev/drill-command": "storm postgres",
      "tierstack.dev/drill-ended": ended,
      "tierstack.dev/drill-outcome": "as predicted",
      "tierstack.dev/drill-rto-seconds": "45",
      "tierstack.dev/drill-rpo-seconds": "0",
    });
    const microseconds = ended.replace("Z", "000Z");
    expect([spec?.renewTime, await renewed("drill-storm-postgres-last")]).to.deep.equal([microseconds, microseconds]);
    expect(await renewed("drill-storm-postgres-rto")).to.equal("1970-01-01T00:00:45.000000Z");
    expect(await renewed("drill-storm-postgres-rpo")).to.equal("1970-01-01T00:00:00.000000Z");
    expect(await records()).to.deep.equal([
      {
        drill: "storm-postgres",
        command: "storm postgres",
        endedMs: Date.parse(ended),
        verifiedMs: Date.parse(ended),
        rtoSeconds: 45,
        rpoSeconds: 0,
        wrong: "",
      },
    ]);
  });

  it("leaves the time of the last that went as predicted, where this one did not", async () => {
    await run(right);
    const verified = await renewed("drill-storm-postgres");
    const { code } = await run(async () => ({ rtoSeconds: 61, rpoSeconds: undefined, wrong: ["a row is gone"] }));
    expect(code).to.equal(1);
    const { metadata, spec } = (await kept("drill-storm-postgres")) as Lease;
    expect(spec?.renewTime).to.equal(verified);
    expect(metadata.annotations).to.include({
      "tierstack.dev/drill-outcome": "not as predicted",
      "tierstack.dev/drill-wrong": "a row is gone; RTO was 1 min 1 s, predicted at most 1 min",
      "tierstack.dev/drill-rto-seconds": "61",
    });
    expect(await renewed("drill-storm-postgres-rto")).to.equal("1970-01-01T00:01:01.000000Z");
    // What this run did not see is not what an earlier one saw.
    expect(metadata.annotations).not.to.have.property("tierstack.dev/drill-rpo-seconds");
    expect(await kept("drill-storm-postgres-rpo")).to.equal(undefined);
  });

  it("is no verified run at all, where the first one did not go as predicted", async () => {
    await run(async () => ({ wrong: ["a row is gone"] }));
    expect((await kept("drill-storm-postgres"))?.spec).to.deep.equal({});
    expect((await records())[0]).to.include({ verifiedMs: undefined, wrong: "a row is gone" });
  });

  it("ends by the API server's clock, where this machine's is ahead", async () => {
    cluster.nowMs = async () => Date.parse("2020-02-29T12:00:00Z");
    await run(right);
    expect([await renewed("drill-storm-postgres"), await renewed("drill-storm-postgres-last")]).to.deep.equal([
      "2020-02-29T12:00:01.000000Z",
      "2020-02-29T12:00:01.000000Z",
    ]);
    expect((await records())[0]?.endedMs).to.equal(Date.parse("2020-02-29T12:00:01Z"));
  });

  it("is a restore of the place that Postgres is in, and none of the other any more", async () => {
    const restore = (keptAs: string) => runOn({ kube: cluster, program: storm(right, keptAs) }, "storm", "postgres");
    const names = (drill: string) => ["", "-last", "-rpo", "-rto"].map((figure) => `${leases}/drill-${drill}${figure}`);
    await restore("restore");
    await run(right);
    await restore("restore-rds");
    expect(cluster.paths()).to.have.members([...names("storm-postgres"), ...names("restore-rds")]);
    await restore("restore");
    expect(cluster.paths()).to.have.members([...names("storm-postgres"), ...names("restore")]);
  });

  it("is that it broke off, with the reason, at most 500 characters of it", async () => {
    const { code, stderr } = await run(() => Promise.reject(new Failure("restore.sh: the backup is damaged")));
    expect([code, stderr]).to.deep.equal([1, "restore.sh: the backup is damaged\n"]);
    expect((await records())[0]).to.include({ wrong: "restore.sh: the backup is damaged", rtoSeconds: undefined });
    await run(() => Promise.reject(new Refused(403, "x".repeat(600))));
    expect((await records())[0]).to.include({ wrong: "x".repeat(500) });
  });

  it("is nothing in a dry run", async () => {
    await run(right, cluster, "--dry-run");
    expect([cluster.kept, cluster.paths()]).to.deep.equal([[], []]);
  });

  it("may be refused: the drill says so, and ends as it would have", async () => {
    class Closed extends Cluster {
      override async apply<T>(): Promise<T> {
        throw new Refused(403, "leases is forbidden");
      }
    }
    const { code, stdout } = await run(right, new Closed());
    expect(code).to.equal(0);
    expect(stdout.replaceAll("\n", " ")).to.match(
      /As predicted\. Not kept in the cluster, so status and alerts do not know of it: the API server refuses \(403: leases is forbidden\)\. $/,
    );
    class Away extends Cluster {
      override async find<T>(): Promise<T> {
        throw new Failure({ where: "Kubernetes API", given: "no answer", allowed: "one", fix: "wait" });
      }
    }
    const away = await run(async () => ({ wrong: ["a row is gone"] }), new Away());
    expect(away.code).to.equal(1);
    expect(away.stdout.replaceAll("\n", " ")).to.contain("do not know of it: Kubernetes API: given no answer. ");
  });

  it("is read past Leases of others", async () => {
    await run(right);
    cluster.put(`${leases}/elected`, { metadata: { labels: { "app.kubernetes.io/part-of": "tierstack" } }, spec: {} });
    expect((await records()).map(({ drill }) => drill)).to.deep.equal(["storm-postgres"]);
  });

  it("has a name of its own for each store of drill failover, and one for each other drill", () => {
    expect(failover.keptAs?.(["redis"])).to.equal("failover-redis");
  });
});
