import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Watched } from "../support/watched";
import type { AlarmRule } from "./rule";

const comparisons = {
  ">": "GreaterThanThreshold",
  ">=": "GreaterThanOrEqualToThreshold",
  "<": "LessThanThreshold",
} satisfies Record<AlarmRule["is"], string>;

type Metric = Exclude<AlarmRule["of"], { expression: string }>;

const isPercentile = (statistic: string) => statistic.startsWith("p");

/** The metric of an alarm on one metric. */
function single({ namespace, metric, statistic }: Metric, period: number, watched: Watched) {
  return {
    namespace: namespace ?? watched.namespace,
    metricName: metric,
    dimensions: watched.dimensions,
    period,
    ...(isPercentile(statistic)
      ? // A percentile of a few requests says nothing.
        { extendedStatistic: statistic, evaluateLowSampleCountPercentiles: "ignore" }
      : { statistic }),
  } satisfies aws.cloudwatch.MetricAlarmArgs;
}

function queries(
  { expression, metrics }: Exclude<AlarmRule["of"], Metric>,
  period: number,
  { namespace: own, dimensions }: Watched,
): aws.types.input.cloudwatch.MetricAlarmMetricQuery[] {
  return [
    { id: "figure", expression, label: "figure", returnData: true },
    ...Object.entries(metrics).map(([id, { namespace = own, metric, statistic: stat }]) => ({
      id,
      metric: { namespace, metricName: metric, dimensions, period, stat },
      returnData: false,
    })),
  ];
}

/** The threshold of a rule for one of what it watches, in the unit of the metric. */
export const thresholdOf = ({ threshold }: AlarmRule, watched: Watched): pulumi.Input<number> =>
  typeof threshold === "number" ? threshold : threshold(watched);

/** Returns what an alarm watches and when it fires. */
export function conditionArgs(rule: AlarmRule, watched: Watched): aws.cloudwatch.MetricAlarmArgs {
  const { of, is, periods, missing } = rule;
  const period = rule.period * 60;
  return {
    comparisonOperator: comparisons[is],
    threshold: thresholdOf(rule, watched),
    evaluationPeriods: periods,
    treatMissingData: missing,
    ...("expression" in of ? { metricQueries: queries(of, period, watched) } : single(of, period, watched)),
  };
}

/** The label of an alarm, such as `database-primary-cpu`. The subject of its mail has it. */
export const labelOf = ({ name }: AlarmRule, { kind, name: of }: Watched): string =>
  [kind, of, name].filter((part) => part !== undefined).join("-");

const plain = (text: string) => text.replaceAll("`", "");

/** What the mail of an alarm says. */
export const descriptionOf = ({ says, look }: AlarmRule): string =>
  plain(`${says} Look first at ${look}. More: docs/alarms.md`);
