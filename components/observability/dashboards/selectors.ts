/** Labels that select series. Each selector names its job, so that one finds who must export a metric. */
import type { Job } from "../jobs";

/** Window of rates. Grafana sets it from the scrape interval and the width of the panel. */
const window = "$__rate_interval";

/** Matches the chosen namespaces. */
export const inNamespace = 'namespace=~"$namespace"';

/** Matches the chosen queues. */
export const inQueue = 'queue=~"$queue"';

/** The labels of a job's series, in braces. */
export const from = (job: Job, ...matchers: string[]): string => `{${[`job="${job}"`, ...matchers].join(",")}}`;

/** A figure of CloudWatch, of each resource. Its exporter gives gauges: no rate is taken of them. */
export const figure = (series: string): string => `${series}${from("cloudwatch")}`;

/** The same of a percentage, as a part of 1. */
export const figureShare = (series: string): string => `${figure(series)} / 100`;

/** The same of what flowed in a minute, by the second. */
export const figureRate = (series: string): string => `${figure(series)} / 60`;

/** The rate of a counter, by the second. */
export const rate = (counter: string, labels: string): string => `rate(${counter}${labels}[${window}])`;

/** A quantile of a histogram, with the labels that it is kept apart by. */
export const quantile = (share: number, histogram: string, labels: string, ...by: string[]): string =>
  `histogram_quantile(${share}, sum by (${[...by, "le"].join(", ")}) (${rate(`${histogram}_bucket`, labels)}))`;

/** The same query for p50, p95 and p99. */
export const quantiles = (histogram: string, labels: string) =>
  [0.5, 0.95, 0.99].map((share) => ({ expr: quantile(share, histogram, labels), legend: `p${100 * share}` }));

/** A share of a sum. Where no series counts the part, nothing of it has happened. */
export const shareOf = (part: string, whole: string): string => `(sum(${part}) or vector(0)) / sum(${whole})`;
