/** Prices of what watches the product. */
import { product } from "./levels";
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
