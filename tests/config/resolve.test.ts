import { expect } from "chai";
import { resolveSpec } from "../../config/resolve";
import type { SettingsInput } from "../../config/schema";
import { tierNames, tiers } from "../../tiers";
import { onAws, onExisting, settingsOf } from "../support/settings";

const specOf = (input: SettingsInput) => resolveSpec(settingsOf(input));
const growth = (input: Omit<SettingsInput, "image">) => specOf({ ...onAws, tier: "growth", ...input });

describe("resolved sizes", () => {
  for (const tier of tierNames)
    it(`are those of ${tier} without overrides`, () => {
      expect(specOf({ ...onAws, tier })).to.deep.equal(tiers[tier]);
    });

  it("have the web application firewall from Growth up, unless it is overridden", () => {
    const wafAt = (edge: SettingsInput["edge"]) =>
      Object.fromEntries(tierNames.map((tier) => [tier, specOf({ ...onAws, tier, edge }).edge.waf]));
    expect(wafAt({})).to.deep.equal({ mvp: false, startup: false, growth: true, scale: true });
    expect(new Set(Object.values(wafAt({ waf: false })))).to.deep.equal(new Set([false]));
    expect(new Set(Object.values(wafAt({ waf: true })))).to.deep.equal(new Set([true]));
  });

  it("leave half as much again as the storage for it to grow, but not less than the tier", () => {
    const limitOf = (storageGiB: number) => growth({ postgres: { storageGiB } }).postgres.managed.maxStorageGiB;
    expect([20, 333, 334, 400, 401, 59578].map(limitOf)).to.deep.equal([500, 500, 501, 600, 602, 65536]);
    expect(growth({ postgres: { storageGiB: 100, maxStorageGiB: 120 } }).postgres.managed).to.deep.equal({
      ...tiers.growth.postgres.managed,
      storageGiB: 100,
      maxStorageGiB: 120,
    });
  });

  it("take overrides of the managed stores", () => {
    const postgres = {
      instanceClass: "db.r7g.large",
      multiAz: true,
      replicas: 2,
      backupRetentionDays: 30,
      crossRegionBackups: true,
    };
    const redis = { nodeType: "cache.t4g.small", shards: 2, replicasPerShard: 3, snapshotRetentionDays: 9 };
    const spec = growth({ postgres, redis });
    expect(spec.postgres.managed).to.deep.equal({ ...tiers.growth.postgres.managed, ...postgres });
    expect(spec.redis.managed).to.deep.equal(redis);
    expect(spec.postgres.cluster).to.deep.equal(tiers.growth.postgres.cluster);
  });

  it("take overrides of the in-cluster stores", () => {
    const spec = specOf({
      ...onAws,
      tier: "mvp",
      postgres: { storageGiB: 7 },
      redis: { storageGiB: 6, memoryMiB: 99 },
    });
    expect(spec.postgres.cluster).to.deep.equal({ ...tiers.mvp.postgres.cluster, storageGiB: 7 });
    expect(spec.postgres.managed).to.deep.equal(tiers.mvp.postgres.managed);
    const { cluster } = tiers.mvp.redis;
    expect(spec.redis.cluster).to.deep.equal({ storageGiB: 6, container: { ...cluster.container, memoryMiB: 99 } });
  });

  it("take overrides of k3s and of node pools", () => {
    const nodes = { instanceTypes: ["t4g.large"], spotInstanceTypes: ["c7g.xlarge"], capacity: "on-demand" as const };
    expect(specOf({ ...onAws, tier: "mvp", nodes }).target).to.deep.equal({
      kind: "k3s",
      instanceTypes: ["t4g.large"],
      capacity: "on-demand",
      cpuCredits: "standard",
    });
    const { target } = specOf({ ...onAws, tier: "scale", nodes: { ...nodes, maxNodes: 9, maxSpotNodes: 7 } });
    const { target: own } = tiers.scale;
    if (target.kind !== "eks" || own.kind !== "eks") throw new Error("Scale is not on EKS");
    expect(target.general).to.deep.equal({ ...own.general, instanceTypes: ["t4g.large"], maxNodes: 9 });
    expect(target.spot).to.deep.equal({ ...own.spot, instanceTypes: ["c7g.xlarge"], maxNodes: 7 });
    expect(growth({ nodes }).target).to.not.have.property("spot");
    expect(growth({ nodes: { dataVolumeGiB: 77 } }).dataVolumeGiB).to.equal(77);
  });

  it("take overrides of the workloads, PgBouncer, the network and what to keep", () => {
    const size = { minReplicas: 4, maxReplicas: 8, cpuMillicores: 300, memoryMiB: 400 };
    const resolved = { minReplicas: 4, maxReplicas: 8, container: { cpuMillicores: 300, memoryMiB: 400 } };
    const pgbouncer = { replicas: 3, poolSize: 9, reservePoolSize: 1, maxClientConnections: 500 };
    const keep = { clusterStores: true, managedStores: true, nodeState: false };
    const spec = growth({
      app: size,
      workers: size,
      pgbouncer,
      keep,
      network: { egress: "nat-per-zone", flowLogs: false },
      logs: { audit: true, requests: false },
    });
    expect(spec.app).to.deep.equal(resolved);
    expect(spec.workers).to.deep.equal({ ...tiers.growth.workers, ...resolved });
    // 16 MiB, and 80 KiB for each of 500 x 3 / 2 clients.
    const pooler = { ...tiers.growth.pgbouncer.container, memoryMiB: 80 };
    expect(spec.pgbouncer).to.deep.equal({ ...tiers.growth.pgbouncer, ...pgbouncer, container: pooler });
    expect(spec.keep).to.deep.equal(keep);
    expect(spec.logs).to.deep.equal({ audit: true, requests: false });
    expect(spec.network).to.deep.equal({ egress: "nat-per-zone", flowLogs: false });
  });

  it("ignore an explicit undefined", () => {
    const settings = settingsOf({ ...onAws, tier: "growth" });
    const spec = resolveSpec({ ...settings, edge: { waf: undefined }, pgbouncer: { replicas: undefined } });
    expect(spec).to.deep.equal(tiers.growth);
  });

  it("have CloudWatch's figures where a pod can have a role of its own", () => {
    const at = (where: typeof onAws | typeof onExisting) =>
      tierNames.filter((tier) => specOf({ ...where, tier }).observability.cloudwatch);
    expect([at(onAws), at(onExisting)]).to.deep.equal([["growth", "scale"], []]);
  });

  it("put the stores of an existing cluster into it, and keep nothing else", () => {
    for (const tier of tierNames) {
      const spec = specOf({ ...onExisting, tier, keep: { clusterStores: true, managedStores: true, nodeState: true } });
      expect(spec.target).to.deep.equal({ kind: "existing" });
      expect([spec.postgres.place, spec.redis.place]).to.deep.equal(["cluster", "cluster"]);
      expect(spec.keep).to.deep.equal({ clusterStores: false, managedStores: false, nodeState: false });
    }
  });
});
