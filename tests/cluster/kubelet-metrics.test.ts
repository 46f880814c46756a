import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { dashboards } from "../../components/observability/dashboards/dashboards";
import { panelNeeds } from "../../components/observability/dashboards/needs";
import { moduleFolder } from "./tools/modules";

/** Files of the kubelet and of its cAdvisor that name what they export. */
const sources = {
  "github.com/google/cadvisor": ["metrics/prometheus.go", "metrics/prometheus_machine.go"],
  "k8s.io/kubernetes": ["pkg/kubelet/metrics/metrics.go"],
};

describe("the kubelet's metrics, which no test can have from a kubelet", () => {
  it("that the dashboards read stand in its source, at the version of the control plane", () => {
    const text = Object.entries(sources)
      .flatMap(([module, files]) => files.map((file) => join(moduleFolder("control-plane", module), file)))
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
    const needs = dashboards.flatMap(({ rows }) => rows.flatMap(({ panels }) => panels.flatMap(panelNeeds)));
    const metrics = [...new Set(needs.filter(({ job }) => job === "kubelet").map(({ metric }) => metric))];
    expect(metrics).to.include("kubelet_volume_stats_used_bytes").and.include("container_cpu_usage_seconds_total");
    // The kubelet names its own without their prefix.
    expect(metrics.filter((metric) => !text.includes(`"${metric.replace(/^kubelet_/, "")}"`))).to.deep.equal([]);
  });
});
