import { expect } from "chai";
import { figuresFor, lookSeconds, seriesOf } from "../../../../components/observability/cloudwatch/figures";
import { inventory } from "../../../../components/observability/inventory";
import { watchedKinds } from "../../../../components/support/watched";
import { published } from "../../../support/cloudwatch/published";

const watched = watchedKinds.map((kind) => ({ kind, dimensions: {}, burstable: true }));
const figures = watched.flatMap((one) => {
  const own = figuresFor(one);
  return own ? own.figures.map((figure) => ({ namespace: own.namespace, ...figure })) : [];
});

describe("figures of CloudWatch", () => {
  it("are of the four services that the dashboards show, and each is one that AWS publishes", () => {
    const namespaces = [...new Set(figures.map(({ namespace }) => namespace))];
    expect(namespaces).to.deep.equal(["AWS/RDS", "AWS/ElastiCache", "AWS/ApplicationELB", "AWS/CloudFront"]);
    const unknown = figures.filter(({ namespace, metric }) => !published[namespace]?.[metric]);
    expect(unknown).to.deep.equal([]);
  });

  it("are the series of the exporter's recording, each of one figure", () => {
    const recorded = inventory.cloudwatch.metrics.filter((name) => name.startsWith("aws_"));
    expect(figures.map(({ series }) => series).sort()).to.deep.equal(recorded);
    expect(seriesOf(watched).sort()).to.deep.equal(recorded);
    expect(seriesOf([])).to.deep.equal([]);
  });

  it("are looked for in whole periods that AWS has published by then", () => {
    for (const { metric, namespace, period, length } of figures) {
      const every = published[namespace]?.[metric]?.every ?? 0;
      expect(period % 60, metric).to.equal(0);
      expect(length, metric).to.be.at.least(Math.max(period, lookSeconds));
      // One value of two is there at each look, however late.
      expect(length, metric).to.be.at.least(every === 60 ? lookSeconds : 2 * every);
    }
  });
});
