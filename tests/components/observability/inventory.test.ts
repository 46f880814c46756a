import { expect } from "chai";
import { type Inventory, inventory } from "../../../components/observability/inventory";
import { images, versions } from "../../../versions";
import { tagOf } from "../../support/exporters";

describe("inventory of the exporters' metrics", () => {
  it("is of the versions that the stack deploys", () => {
    // Those of Prometheus itself are recorded from Debian's packages.
    const recorded: Partial<Record<keyof typeof images, Inventory>> = {
      pgbouncerExporter: inventory.pgbouncer,
      postgresExporter: inventory.postgres,
      redisExporter: inventory.redis,
      kubeStateMetrics: inventory["kube-state-metrics"],
      nodeExporter: inventory.node,
      cloudwatchExporter: inventory.cloudwatch,
    };
    const names = Object.keys(recorded) as (keyof typeof recorded)[];
    expect(names.map((name) => [name, recorded[name]?.version])).to.deep.equal(
      names.map((name) => [name, tagOf(images[name].image)]),
    );
    expect(inventory.kubelet.version).to.match(new RegExp(`^v${versions.kubernetes.replace(".", "\\.")}\\.`));
  });

  for (const [job, { metrics, recorded }] of Object.entries(inventory))
    it(`of ${job} names each metric once, in order, and how it was recorded`, () => {
      expect(metrics).to.deep.equal([...new Set(metrics)].sort());
      expect(metrics.filter((name) => !/^[a-zA-Z_:][\w:]*$/.test(name))).to.deep.equal([]);
      expect(recorded).to.match(/^from /);
    });
});
