/** The metrics of the reference application and its workers: what a product exposes to be watched as well (docs/metrics.md). */
import { anchorOf } from "../../components/observability/alerts/render";
import { jobsOf, metricsOf } from "../../components/observability/alerts/rule";
import { everyRule } from "../../components/observability/alerts/rules";
import { queueMetrics, watchQueue } from "../../workload/queue/metrics";
import { Metrics } from "../../workload/telemetry/metrics";
import { code, table } from "../markdown";

interface ApplicationMetric {
  name: string;
  help: string;
  type: string;
  labels: string[];
  /** Names of its series: a histogram has three. */
  series: string[];
}

interface Registered {
  name: string;
  help: string;
  labelNames: string[];
  type?: string;
}

/** The metrics of both programs, without those of Node.js. */
export function applicationMetrics(): ApplicationMetric[] {
  const metrics = new Metrics();
  metrics.watchPools({});
  // Registers its gauges; nothing asks for their values.
  watchQueue(queueMetrics(metrics), {} as never, {} as never, "");
  return metrics.registry
    .getMetricsAsArray()
    .map((metric) => metric as unknown as Registered & { constructor: { name: string } })
    .filter(({ name }) => !/^(nodejs|process)_/.test(name))
    .map((metric) => {
      const type = metric.constructor.name.toLowerCase();
      const series =
        type === "histogram" ? ["_bucket", "_sum", "_count"].map((part) => `${metric.name}${part}`) : [metric.name];
      return { name: metric.name, help: metric.help, type, labels: [...metric.labelNames], series };
    });
}

/** The contract, with what is lost where a metric is missing. */
export function contractTable(): string {
  const needing = (series: string[]) =>
    everyRule
      .filter((rule) => jobsOf(rule).some((job) => job === "app" || job === "worker"))
      .filter(({ expr }) => metricsOf(expr).some((metric) => series.includes(metric)))
      .map(({ name }) => `[${name}](alerts.md${anchorOf({ name })})`);
  return table(
    ["metric", "type", "labels", "meaning", "alerts that need it"],
    ["---", "---", "---", "---", "---"],
    applicationMetrics().map(({ name, type, labels, help, series }) => [
      code(name),
      type,
      labels.map(code).join(", "),
      help,
      needing(series).join(", "),
    ]),
  );
}
