import { expect } from "chai";
import { jobsOf, metricsOf } from "../../../../components/observability/alerts/rule";

describe("expressions of rules", () => {
  const cases: [string, string[]][] = [
    ["vector(1)", []],
    ['absent(up{job="app"})', ["up"]],
    ['100 * sum by (namespace) (rate(a_total{status=~"5..|x_total"}[5m])) / max by (le, pod) (b)', ["a_total", "b"]],
    ["a > 1e9 and b / 2^30 unless on (x_label) c", ["a", "b", "c"]],
    ['label_replace(a, "database", "$1", "name", "(.+)")', ["a"]],
    ["histogram_quantile(0.95, sum by (le) (rate(a_bucket[5m])))", ["a_bucket"]],
    ["(vector(12) - time()) / 86400 < 7", []],
    ["a or a", ["a"]],
  ];
  for (const [expr, metrics] of cases)
    it(`name the metrics of ${expr}`, () => {
      expect(metricsOf(expr)).to.deep.equal(metrics);
    });

  it("name their jobs, also where a metric may come from several", () => {
    expect(jobsOf({ expr: 'a{job="app"} / b{job="kube-state-metrics",x="y"} + c{job="app"}' })).to.deep.equal([
      "app",
      "kube-state-metrics",
    ]);
    expect(jobsOf({ expr: 'a{job=~"app|worker"}' })).to.deep.equal(["app", "worker"]);
    expect(jobsOf({ expr: 'a{job_name="x"} and vector(1)' })).to.deep.equal([]);
  });
});
