import { expect } from "chai";
import { needsOf, panelConstants, panelNeeds } from "../../../../components/observability/dashboards/needs";
import type { Panel } from "../../../../components/observability/dashboards/types";

const panel = (...exprs: string[]): Panel => ({
  title: "t",
  description: "d",
  unit: "count",
  kind: "lines",
  queries: exprs.map((expr) => ({ expr, legend: "" })),
});

describe("what a panel reads", () => {
  it("is each metric with the job that its selector names", () => {
    const expr =
      'sum by (le) (rate(a_total{job="app",x=~"b{2"}[5m])) / on (pod) max(c:d{namespace="e",job="kube-state-metrics"})';
    expect(needsOf(expr)).to.deep.equal([
      { job: "app", metric: "a_total" },
      { job: "kube-state-metrics", metric: "c:d" },
    ]);
  });

  it("is up of Prometheus itself, whatever the jobs", () => {
    expect(needsOf('avg by (job) (up{job=~".+"})')).to.deep.equal([{ job: "prometheus", metric: "up" }]);
  });

  it("is refused without a job, and with an unknown one", () => {
    const allowed =
      "allowed: app, worker, pgbouncer, postgres, redis, kube-state-metrics, kubelet, node, prometheus, alertmanager, cloudwatch";
    expect(() => needsOf('a{x="job"}')).to.throw(`a: given job none; ${allowed}`);
    expect(() => needsOf('a{other_job="app"}')).to.throw(`a: given job none; ${allowed}`);
    expect(() => needsOf('a{job="mail"}')).to.throw(`a: given job mail; ${allowed}`);
  });

  it("has each metric once", () => {
    expect(panelNeeds(panel('a{job="app"}', 'b{job="app"} + a{job="app"}', 'a{job="worker"}'))).to.deep.equal([
      { job: "app", metric: "a" },
      { job: "app", metric: "b" },
      { job: "worker", metric: "a" },
    ]);
  });

  it("names the figures of the stack", () => {
    expect(panelConstants(panel("vector($budgetUsd)"))).to.deep.equal(["budgetUsd"]);
    expect(panelConstants(panel("vector(1)"))).to.deep.equal([]);
  });
});
