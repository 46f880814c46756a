import { expect } from "chai";
import { onAws, problemsOf } from "../../support/settings";

const queue = { name: "mail" };
const migrate = { command: ["migrate"] };
const schedule = (name: string, own = {}) => ({ name, schedule: "15 3 * * *", command: ["run"], ...own });

/** The one message about the nodes' capacity: its key, the sum and the way out. */
function shortageOf(input: object): { where: string; sum: string; fix: string } {
  const [message = "", ...others] = problemsOf({ ...onAws, ...input });
  expect(others).to.deep.equal([]);
  const [, where = "", sum = "", fix = ""] =
    /^tierstack:(\S+): given at every autoscaler's maximum (.*); allowed: .*; fix: (.*)$/.exec(message) ?? [];
  return { where, sum, fix };
}

const stores = "PgBouncer 80, Postgres 256, Valkey 128, system 220";
const medium = "or set nodes.instanceTypes: [t4g.medium]";

describe("message about pods that the nodes do not fit", () => {
  it("points at the largest part that the stack file asks for, not at the application's defaults", () => {
    expect(shortageOf({ queues: [queue, { name: "a" }, { name: "b" }], app: { migrate } })).to.deep.equal({
      where: "queues",
      sum: `1724 MiB: application 2 x 168, workers 6 x 96, migration 128, ${stores}`,
      fix: `lower workers.maxReplicas or workers.memoryMiB, ${medium}`,
    });
    expect(shortageOf({ app: { migrate: { ...migrate, memoryMiB: 512 } } })).to.deep.equal({
      where: "app.migrate",
      sum: `1532 MiB: application 2 x 168, migration 512, ${stores}`,
      fix: `lower app.migrate.memoryMiB, ${medium}`,
    });
    expect(shortageOf({ queues: [queue], app: { memoryMiB: 256 } })).to.deep.equal({
      where: "app.memoryMiB",
      sum: `1468 MiB: application 2 x 296, workers 2 x 96, ${stores}`,
      fix: `lower app.maxReplicas or app.memoryMiB, ${medium}`,
    });
    expect(shortageOf({ redis: { memoryMiB: 1024 } }).where).to.equal("redis.memoryMiB");
    expect(shortageOf({ pgbouncer: { maxClientConnections: 10000 } }).where).to.equal("pgbouncer.maxClientConnections");
  });

  it("shows schedules of one size as one, and names one of another size", () => {
    const schedules = [schedule("a"), schedule("b"), schedule("report", { memoryMiB: 300 })];
    expect(shortageOf({ app: { schedules } })).to.deep.include({
      where: "app.schedules[2]",
      sum: `1576 MiB: application 2 x 168, schedules of a and b 2 x 128, schedules of report 300, ${stores}`,
    });
  });

  it("proposes a number of nodes that has room for what each of them runs too", () => {
    const growth = { ...onAws, tier: "growth", domain: "app.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
    const observability = { enabled: true, logsGiB: 5 };
    for (const maxReplicas of [20, 30, 40, 60, 80]) {
      const stack = { ...growth, observability, app: { maxReplicas } };
      const { sum, fix } = shortageOf(stack);
      expect(sum).to.contain("node exporter 3 x 10, log agent 3 x 10");
      const maxNodes = Number(/nodes\.maxNodes: (\d+)/.exec(fix)?.[1]);
      expect(problemsOf({ ...stack, nodes: { maxNodes } }), `${maxNodes} nodes`).to.deep.equal([]);
      expect(problemsOf({ ...stack, nodes: { maxNodes: maxNodes - 1 } })).to.have.length(1);
    }
  });

  it("names the smallest type that fits, of another family if the same has none", () => {
    const fix = (memoryMiB: number, instanceTypes: string[]) =>
      shortageOf({ nodes: { instanceTypes }, app: { maxReplicas: 4, memoryMiB } }).fix;
    const lower = "lower app.maxReplicas or app.memoryMiB, or set nodes.instanceTypes: ";
    expect(fix(700, ["t4g.medium"])).to.equal(`${lower}[t4g.large]`);
    expect(fix(2000, ["c7g.large"])).to.equal(`${lower}[r7g.large]`);
    expect(fix(5000, ["t4g.xlarge"])).to.equal("lower app.maxReplicas or app.memoryMiB");
  });

  it("names no number of nodes above the key's bound", () => {
    const app = { maxReplicas: 100, cpuMillicores: 1910 };
    expect(shortageOf({ tier: "growth", app }).fix).to.equal("lower app.maxReplicas or app.cpuMillicores");
  });
});
