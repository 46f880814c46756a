import { expect } from "chai";
import { inventory } from "../../../components/observability/inventory";
import { images, versions } from "../../../versions";

const tagOf = (image: string) => image.replace(/^.*:/, "");

describe("inventory of the exporters' metrics", () => {
  it("is of the versions that the stack deploys", () => {
    // By the name of the image in versions.ts. Those of Prometheus itself are recorded from Debian's packages.
    const deployed: Record<string, { image: string }> = images;
    const recorded = {
      pgbouncerExporter: inventory.pgbouncer,
      postgresExporter: inventory.postgres,
      redisExporter: inventory.redis,
      kubeStateMetrics: inventory["kube-state-metrics"],
    };
    const others = Object.entries(recorded).filter(([name, { version }]) => {
      const image = deployed[name]?.image;
      return image !== undefined && tagOf(image) !== version;
    });
    expect(others.map(([name]) => name)).to.deep.equal([]);
    expect(inventory.kubelet.version).to.match(new RegExp(`^v${versions.kubernetes.replace(".", "\\.")}\\.`));
  });

  for (const [job, { metrics, recorded }] of Object.entries(inventory))
    it(`of ${job} names each metric once, in order, and how it was recorded`, () => {
      expect(metrics).to.deep.equal([...new Set(metrics)].sort());
      expect(metrics.filter((name) => !/^[a-zA-Z_:][\w:]*$/.test(name))).to.deep.equal([]);
      expect(recorded).to.match(/^from /);
    });
});
