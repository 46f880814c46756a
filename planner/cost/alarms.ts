/** Prices of what watches the product. */
import { product } from "./levels";
import type { Inputs, Rule } from "./world";

/** An alarm: AWS counts the metrics that it reads. */
export const alarm: Rule = ({ metricQueries = [] }) => {
  const metrics = metricQueries.filter(({ metric }: Inputs) => metric !== undefined).length || 1;
  return [
    {
      item: metrics === 1 ? "alarm" : `alarm on ${metrics} metrics`,
      priceId: "cw.alarm.standard",
      quantity: product(metrics),
      free: { id: "free.alarmMetrics", perUnit: 1 },
    },
  ];
};
