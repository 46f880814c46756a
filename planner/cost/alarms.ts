/** Prices of what watches the product. */
import { parse } from "yaml";
import { cloudwatchFile } from "../../components/observability/cloudwatch/exporter";
import { lookSeconds } from "../../components/observability/cloudwatch/figures";
import { hoursPerMonth, product } from "./levels";
import type { Inputs, Rule } from "./world";

/** AWS has its own metrics for nothing. */
const isOwn = (namespace: string | undefined) => namespace !== undefined && !namespace.startsWith("AWS/");

/** An alarm: AWS counts the metrics that it reads. Each of the stack's own metrics has one alarm, and is counted with it. */
export const alarm: Rule = ({ namespace, metricQueries = [] }) => {
  const metrics = metricQueries.filter(({ metric }: Inputs) => metric !== undefined).length || 1;
  return [
    {
      item: metrics === 1 ? "alarm" : `alarm on ${metrics} metrics`,
      priceId: "cw.alarm.standard",
      quantity: product(metrics),
      free: { id: "free.alarmMetrics", perUnit: 1 },
    },
    ...(isOwn(namespace)
      ? [
          {
            item: "metric of the stack's own",
            priceId: "cw.metric.custom",
            quantity: product(1),
            free: { id: "free.customMetrics", perUnit: 1 },
          },
        ]
      : []),
  ];
};

/** What the exporter of CloudWatch's figures asks for, by its configuration: each figure with a request of its own. */
export const configMap: Rule = ({ data }) => {
  const config = data?.[cloudwatchFile];
  if (typeof config !== "string") return [];
  const jobs: { metrics: unknown[] }[] = parse(config).static;
  const looks = (hoursPerMonth * 3600) / lookSeconds;
  const requests = jobs.reduce((sum, { metrics }) => sum + metrics.length, 0) * looks;
  return [
    {
      item: "requests for CloudWatch's figures",
      priceId: "cw.requests",
      quantity: product(requests / 1000),
      free: { id: "free.metricRequests", perUnit: 1000 },
    },
  ];
};
