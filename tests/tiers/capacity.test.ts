import { expect } from "chai";
import { type NodePoolSize, tierNames, tiers } from "../../tiers";
import { allocatable, nodeCapacity, type PoolCapacity, queuesThatFit } from "../../tiers/capacity";

/** Queues of the tier's size. */
const pools = (count: number) => ({ queues: Array.from({ length: count }, () => ({})) });

describe("nodeCapacity", () => {
  for (const name of tierNames) {
    const spec = tiers[name];
    it(`${name}: requests fit the nodes, system pods included`, () => {
      const fit = nodeCapacity(spec, pools(1));
      for (const pool of fit) {
        expect(pool.cpuMillicores.requested, `${pool.pool} CPU`).to.be.at.most(pool.cpuMillicores.allocatable);
        expect(pool.memoryMiB.requested, `${pool.pool} memory`).to.be.at.most(pool.memoryMiB.allocatable);
      }
      expect(fit.map((pool) => pool.pool)).to.deep.equal(
        spec.target.kind === "k3s"
          ? ["node"]
          : spec.target.kind === "eks" && spec.target.spot
            ? ["general", "spot"]
            : ["general"],
      );
    });
  }

  it("counts what runs once on every node on all of them, and the logs only where they are kept", () => {
    const { scale } = tiers;
    const memory = (settings: Partial<typeof scale.observability>) =>
      nodeCapacity({ ...scale, observability: { ...scale.observability, ...settings } }, pools(0)).map(
        (pool) => pool.memoryMiB.requested,
      ) as [number, number];
    const { general, spot } = scale.target as { general: NodePoolSize; spot: NodePoolSize };
    const [off, watched, logged] = [
      memory({ logsGiB: 5 }),
      memory({ enabled: true }),
      memory({ enabled: true, logsGiB: 5 }),
    ];
    expect(off).to.deep.equal(memory({}));
    expect(watched[1] - off[1]).to.equal(32 * spot.maxNodes);
    expect(logged[1] - watched[1]).to.equal(96 * spot.maxNodes);
    expect(logged[0] - watched[0]).to.equal(96 * general.maxNodes + scale.observability.logs.memoryMiB);
  });

  it("counts the exporter of CloudWatch's figures where it runs", () => {
    const { growth } = tiers;
    const requested = (cloudwatch: boolean) => {
      const observability = { ...growth.observability, enabled: true, cloudwatch };
      const [{ cpuMillicores, memoryMiB }] = nodeCapacity({ ...growth, observability }, pools(0)) as [PoolCapacity];
      return [cpuMillicores.requested, memoryMiB.requested];
    };
    const [[cpu = 0, memory = 0], [cpuWithout = 0, memoryWithout = 0]] = [requested(true), requested(false)];
    expect([cpu - cpuWithout, memory - memoryWithout]).to.deep.equal([10, 64]);
  });

  it("has nothing to say of a cluster that exists already", () => {
    expect(nodeCapacity({ ...tiers.mvp, target: { kind: "existing" } }, pools(1))).to.deep.equal([]);
  });

  it("sums requests at every autoscaler's maximum: MVP, by hand", () => {
    // k3s 200m/220, app 2 x (100m/128 + 10m/40), PgBouncer 25m/56 + 10m/24, Postgres 100m/256, Valkey 50m/128,
    // workers 2 x 50m/96 for each queue.
    expect(nodeCapacity(tiers.mvp, pools(0))).to.deep.equal([
      {
        pool: "node",
        cpuMillicores: { requested: 605, allocatable: 1800 },
        memoryMiB: { requested: 1020, allocatable: 1344 },
      },
    ]);
    expect(nodeCapacity(tiers.mvp, pools(2))[0]).to.deep.include({
      cpuMillicores: { requested: 805, allocatable: 1800 },
    });
  });

  it("counts the in-cluster stores where they are only kept, and not where they are gone", () => {
    const memory = (keep: boolean) =>
      nodeCapacity({ ...tiers.startup, keep: { ...tiers.startup.keep, clusterStores: keep } }, pools(0))[0]?.memoryMiB
        .requested;
    expect((memory(true) as number) - (memory(false) as number)).to.equal(256 + 128);
  });

  it("counts KEDA's three deployments once there are queues, and workers where they run", () => {
    const [general] = nodeCapacity(tiers.growth, pools(0));
    const [withQueue] = nodeCapacity(tiers.growth, pools(1));
    expect((withQueue?.cpuMillicores.requested as number) - (general?.cpuMillicores.requested as number)).to.equal(
      3 * 100 + 5 * 200,
    );
    const [main, spot] = nodeCapacity(tiers.scale, pools(2));
    expect(main?.cpuMillicores.requested).to.equal(nodeCapacity(tiers.scale, pools(1))[0]?.cpuMillicores.requested);
    expect(spot).to.deep.equal({
      pool: "spot",
      cpuMillicores: { requested: 2 * 10 * 480, allocatable: 10 * 1920 },
      memoryMiB: { requested: 2 * 10 * 512, allocatable: 10 * 3124 },
    });
  });
});

describe("nodeCapacity of queues and jobs with sizes of their own", () => {
  it("counts them, and one run of a job at a time", () => {
    const requested = (workload: Parameters<typeof nodeCapacity>[1]) =>
      nodeCapacity(tiers.scale, workload).map(({ pool, cpuMillicores, memoryMiB }) => [
        pool,
        cpuMillicores.requested,
        memoryMiB.requested,
      ]);
    const [[, cpu, memory] = []] = requested(pools(1)) as [string, number, number][];
    expect(
      requested({
        queues: [{ cpuMillicores: 900 }, { memoryMiB: 100 }],
        schedules: [{}],
        migration: { memoryMiB: 64 },
      }),
    ).to.deep.equal([
      ["general", (cpu as number) + 500 + 500, (memory as number) + 512 + 64],
      ["spot", 10 * 900 + 10 * 480, 10 * 512 + 10 * 100],
    ]);
  });
});

describe("queuesThatFit", () => {
  const counts = (others = {}) => tierNames.map((tier) => queuesThatFit(tiers[tier], others));

  it("is one at MVP, with a migration too", () => {
    expect(counts()).to.deep.equal([1, 3, 4, 4]);
    expect(counts({ migration: {} })[0]).to.equal(1);
  });

  it("never falls on a move up, so that the move needs no other sizes", () => {
    for (const each of [counts(), counts({ migration: {} })])
      expect(each).to.deep.equal([...each].sort((a = 0, b = 0) => a - b));
  });

  it("is unknown on an existing cluster", () => {
    expect(queuesThatFit({ ...tiers.mvp, target: { kind: "existing" } })).to.equal(undefined);
  });

  it("leaves whole nodes for the workers of four queues at Scale, not only their sum", () => {
    const { target, workers } = tiers.scale;
    const spot = target.kind === "eks" ? target.spot : undefined;
    const node = allocatable(spot?.instanceTypes[0] ?? "", "eks");
    const each = Math.floor(node.cpuMillicores / workers.container.cpuMillicores);
    expect((spot?.maxNodes ?? 0) * each).to.be.at.least(4 * workers.maxReplicas);
  });
});

describe("allocatable", () => {
  it("is what kernel, system and kubelet leave of an instance", () => {
    expect(allocatable("t4g.small", "k3s")).to.deep.equal({ cpuMillicores: 1800, memoryMiB: 1344 });
    expect(allocatable("t4g.medium", "eks")).to.deep.equal({ cpuMillicores: 1920, memoryMiB: 3124 });
  });

  it("refuses a type outside the catalogue", () => {
    expect(() => allocatable("x9z.huge", "eks")).to.throw(
      RangeError,
      'nodes.instanceTypes: given "x9z.huge"; allowed:',
    );
  });
});
