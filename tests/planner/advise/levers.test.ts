import { expect } from "chai";
import { busiestOf, type Sized, stepOf } from "../../../planner/advise/levers";
import type { MetricName } from "../../../planner/advise/metrics";
import type { Lever } from "../../../planner/advise/rules";
import { capacityOf } from "../../../planner/capacity/capacity";
import { type Tier, type TierSpec, tierNames, tiers } from "../../../tiers";
import { steady } from "./support";

const sized = (tier: Tier, more: Partial<TierSpec> = {}): Sized => ({ tier, spec: { ...tiers[tier], ...more } });

/** What a lever does to a stack, as text. */
function textOf(lever: Lever, stack: Sized, metric?: MetricName): string {
  const step = stepOf(lever, stack, metric);
  if ("tier" in step) return step.tier;
  return "impossible" in step ? step.impossible : `${step.change.key} ${step.change.before} -> ${step.change.after}`;
}
const atEach = (lever: Lever, metric?: MetricName) => tierNames.map((tier) => textOf(lever, sized(tier), metric));

const inPod = (store: string) => `${store} runs in a pod of the cluster`;

describe("levers", () => {
  it("go to the next tier, up to the last", () => {
    expect(atEach("tier")).to.deep.equal(["startup", "growth", "scale", "scale is the largest tier"]);
  });

  it("choose the smallest node with more CPU that lasts, or more memory", () => {
    expect(atEach("node")).to.deep.equal([
      "nodes.instanceTypes[0] t4g.small -> t4g.large",
      "nodes.instanceTypes[0] t4g.large -> t4g.xlarge",
      "nodes.instanceTypes[0] t4g.medium -> t4g.xlarge",
      "nodes.instanceTypes[0] m7g.large -> m7g.xlarge",
    ]);
    expect(atEach("node", "node.memory")).to.deep.equal([
      "nodes.instanceTypes[0] t4g.small -> t4g.medium",
      "nodes.instanceTypes[0] t4g.large -> t4g.xlarge",
      "nodes.instanceTypes[0] t4g.medium -> t4g.large",
      "nodes.instanceTypes[0] m7g.large -> m7g.xlarge",
    ]);
    const node = (type: string) =>
      sized("startup", { target: { kind: "k3s", instanceTypes: [type], capacity: "on-demand" } });
    // A c7g.xlarge has more CPU, and half the memory.
    expect(textOf("node", node("r7g.large"))).to.equal("nodes.instanceTypes[0] r7g.large -> t4g.xlarge");
    expect(textOf("node", node("m7g.xlarge"))).to.equal("m7g.xlarge is the largest in tiers/catalogues/aws-sizes.json");
    expect(textOf("node", sized("mvp", { target: { kind: "existing" } }))).to.equal(
      "the nodes are not the stack's; add some to the cluster",
    );
  });

  it("take one step of each size, and none of a store that runs in a pod", () => {
    expect(atEach("database")).to.deep.equal([
      inPod("Postgres"),
      "postgres.instanceClass db.t4g.small -> db.t4g.medium",
      "postgres.instanceClass db.t4g.medium -> db.t4g.large",
      "postgres.instanceClass db.t4g.large -> db.m7g.large",
    ]);
    expect(atEach("replica")).to.deep.equal([
      inPod("Postgres"),
      "postgres.replicas 0 -> 1",
      "postgres.replicas 1 -> 2",
      "postgres.replicas 2 -> 3",
    ]);
    expect(atEach("shards")).to.deep.equal([
      inPod("Redis"),
      "redis.shards 1 -> 2",
      "redis.shards 1 -> 2",
      "redis.shards 3 -> 4",
    ]);
    expect(atEach("cache")).to.deep.equal([
      "redis.memoryMiB 128 -> 256",
      "redis.nodeType cache.t4g.micro -> cache.t4g.small",
      "redis.nodeType cache.t4g.micro -> cache.t4g.small",
      "redis.nodeType cache.t4g.small -> cache.t4g.medium",
    ]);
    expect(atEach("pods")).to.deep.equal(
      tierNames.map((tier) => `app.maxReplicas ${tiers[tier].app.maxReplicas} -> ${2 * tiers[tier].app.maxReplicas}`),
    );
  });

  it("raise workers to five first, then to twice as many, and lower them to one", () => {
    expect(atEach("workers")).to.deep.equal([
      "workers.maxReplicas 2 -> 5",
      "workers.maxReplicas 2 -> 5",
      "workers.maxReplicas 5 -> 10",
      "workers.maxReplicas 10 -> 20",
    ]);
    const { workers } = tiers.growth;
    const many = (range: object) => sized("growth", { workers: { ...workers, ...range } });
    expect(textOf("workers", many({ maxReplicas: 60 }))).to.equal("workers.maxReplicas 60 -> 100");
    expect(textOf("workers", many({ maxReplicas: 100 }))).to.equal("a queue has 100 workers, the most");
    expect(textOf("fewer-workers", many({ minReplicas: 3 }))).to.equal("workers.minReplicas 3 -> 1");
    expect(textOf("fewer-workers", many({}))).to.equal("a queue has 1 worker, the fewest");
  });

  it("raise a pool by half, as far as the database allows", () => {
    const pool = (poolSize: number) => sized("growth", { pgbouncer: { ...tiers.growth.pgbouncer, poolSize } });
    expect(textOf("pool", pool(20))).to.equal("pgbouncer.poolSize 20 -> 30");
    expect(textOf("pool", pool(30))).to.equal("pgbouncer.poolSize 30 -> 40");
    expect(textOf("pool", pool(40))).to.equal("40 connections a pool are the most that max_connections allows");
  });

  it("stop at the limits of each", () => {
    const { postgres, redis, app } = tiers.scale;
    const managed = (more: object) =>
      sized("scale", { postgres: { ...postgres, managed: { ...postgres.managed, ...more } } });
    const cache = (more: object) => sized("scale", { redis: { ...redis, managed: { ...redis.managed, ...more } } });
    const end = "is the largest in tiers/catalogues/aws-sizes.json";
    expect(textOf("database", managed({ instanceClass: "db.r7g.large" }))).to.equal(`db.r7g.large ${end}`);
    expect(textOf("replica", managed({ replicas: 5 }))).to.equal("it has 5 replicas, the most");
    expect(textOf("cache", cache({ nodeType: "cache.r7g.large" }))).to.equal(`cache.r7g.large ${end}`);
    expect(textOf("shards", cache({ shards: 44 }))).to.equal("redis.shards 44 -> 45");
    expect(textOf("shards", cache({ shards: 45 }))).to.equal("a cache has at most 90 nodes");
    expect(textOf("pods", sized("scale", { app: { ...app, maxReplicas: 60 } }))).to.equal("app.maxReplicas 60 -> 100");
    expect(textOf("pods", sized("scale", { app: { ...app, maxReplicas: 100 } }))).to.equal("it has 100 pods, the most");
  });

  it("of the busiest resource are of what was measured furthest beyond its healthy limit, else of the model's", () => {
    const capacity = capacityOf(tiers.growth, { queues: [{}] });
    const measured = [steady("node.cpu", 72), steady("pool.connections", 99), steady("app.p95", 4000)];
    expect(busiestOf(measured, capacity)).to.deep.equal({
      lever: "pool",
      metric: "pool.connections",
      why: "busiest: pool.connections, up to 99 %",
    });
    expect(busiestOf([steady("node.cpu", 69.9), steady("app.p95", 4000)], capacity)).to.deep.equal({
      lever: "pods",
      why: "nothing that was measured is busy; first at its limit by the model: CPU of the application",
    });
    const bottleneck = { ...capacity.bottleneck, raisedBy: ["tier"] };
    expect(busiestOf([], { bottleneck }).lever).to.equal("tier");
  });
});
