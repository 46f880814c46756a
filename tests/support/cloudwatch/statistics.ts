/** How CloudWatch answers a request for statistics of a metric. */
import type { Cbor } from "./cbor";
import { published } from "./published";

/** A request that CloudWatch refuses, with its code. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

export interface StatisticsRequest {
  Namespace: string;
  MetricName: string;
  Dimensions?: { Name: string; Value: string }[];
  StartTime: Date;
  EndTime: Date;
  Period: number;
  Statistics?: string[];
  ExtendedStatistics?: string[];
}

const required = ["Namespace", "MetricName", "StartTime", "EndTime", "Period"] as const;
const statistics = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];
const most = { datapoints: 1440, dimensions: 30, statistics: 5, extended: 10 };

interface Refused {
  when: (request: StatisticsRequest) => boolean;
  code: string;
  says: string;
}

const asked = ({ StartTime, EndTime, Period }: StatisticsRequest) =>
  Math.floor((EndTime.getTime() - StartTime.getTime()) / 1000 / Period);

/**
 * What is refused: CloudWatch API Reference, "GetMetricStatistics" (parameters and their limits, at most 1,440 data points;
 * either kind of statistics, but not both), with the codes and texts that public issues show of real answers
 * (github.com/cloud-custodian/cloud-custodian issues 7683 and 9137).
 */
const refused: readonly Refused[] = [
  {
    when: (request) => required.some((name) => request[name] === undefined),
    code: "MissingParameter",
    says: `The request must contain ${required.join(", ")}`,
  },
  {
    when: ({ Statistics = [], ExtendedStatistics = [] }) => Statistics.length === 0 && ExtendedStatistics.length === 0,
    code: "MissingParameter",
    says: "Must specify either Statistics or ExtendedStatistics",
  },
  {
    when: ({ Statistics = [], ExtendedStatistics = [] }) => Statistics.length > 0 && ExtendedStatistics.length > 0,
    code: "InvalidParameterCombination",
    says: "Statistics and ExtendedStatistics are mutually exclusive",
  },
  {
    when: ({ Statistics = [] }) =>
      Statistics.length > most.statistics || Statistics.some((one) => !statistics.includes(one)),
    code: "InvalidParameterValue",
    says: `The parameter Statistics must be values in the set [${statistics.join(", ")}]`,
  },
  {
    when: ({ ExtendedStatistics = [] }) =>
      ExtendedStatistics.length > most.extended ||
      ExtendedStatistics.some((one) => !/^p(\d{1,2}(\.\d+)?|100)$/.test(one)),
    code: "InvalidParameterValue",
    says: "The parameter ExtendedStatistics must be percentiles such as p95",
  },
  {
    // Of metrics that AWS publishes; high resolution is for one's own.
    when: ({ Period }) => Period < 60 || Period % 60 !== 0,
    code: "InvalidParameterValue",
    says: "The parameter Period must be a multiple of 60",
  },
  {
    when: ({ StartTime, EndTime }) => StartTime.getTime() >= EndTime.getTime(),
    code: "InvalidParameterValue",
    says: "The parameter StartTime must be less than the parameter EndTime",
  },
  {
    when: (request) => asked(request) > most.datapoints,
    code: "InvalidParameterCombination",
    says: `You have requested more than the limit of ${most.datapoints} datapoints`,
  },
  {
    when: ({ Dimensions = [] }) =>
      Dimensions.length > most.dimensions ||
      Dimensions.some(({ Name, Value }) => Name === "" || Value === "" || Name.length > 255 || Value.length > 1024),
    code: "InvalidParameterValue",
    says: "The parameter Dimensions has a name or value of a wrong length, or too many",
  },
];

/** Seconds after which AWS has a value. */
const late = 60;

/** A part of 1 that goes up and down, at another time for each resource. */
function wave(seconds: number, text: string): number {
  const shift = [...text].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return 0.5 + 0.5 * Math.sin(seconds / 400 + shift);
}

/** The values of a metric in a period: one for each time that AWS has published one. Another set of dimensions has none. */
function valuesOf(request: StatisticsRequest, from: number, now: number, region: string): number[] {
  const metric = published[request.Namespace]?.[request.MetricName];
  const { Dimensions = [], Period } = request;
  const names = Dimensions.map(({ Name }) => Name).sort();
  if (!metric || names.join() !== metric.dimensions.join() || (metric.region ?? region) !== region) return [];
  const [least, highest] = metric.range;
  const own = Dimensions.map(({ Value }) => Value).join();
  const values: number[] = [];
  for (let at = Math.ceil(from / metric.every) * metric.every; at < from + Period; at += metric.every)
    if (at + late <= now) values.push(least + (highest - least) * wave(at, `${own}${request.MetricName}`));
  return values;
}

const calculated: Record<string, (values: number[]) => number> = {
  SampleCount: (values) => values.length,
  Average: (values) => values.reduce((sum, one) => sum + one, 0) / values.length,
  Sum: (values) => values.reduce((sum, one) => sum + one, 0),
  Minimum: (values) => Math.min(...values),
  Maximum: (values) => Math.max(...values),
};

/**
 * Answers a request in a region: a data point for each period with values, from the start, which is rounded down to the minute.
 * Throws a Refusal where CloudWatch refuses it.
 */
export function metricStatistics(request: StatisticsRequest, region: string, now: Date): Cbor {
  const problem = refused.find(({ when }) => when(request));
  if (problem) throw new Refusal(problem.code, problem.says);
  const { StartTime, EndTime, Period, Statistics = [] } = request;
  const seconds = (time: Date) => time.getTime() / 1000;
  const start = Math.floor(seconds(StartTime) / 60) * 60;
  const datapoints: Cbor[] = [];
  for (let from = start; from < seconds(EndTime); from += Period) {
    const values = valuesOf(request, from, seconds(now), region);
    if (values.length === 0) continue;
    const figures = Statistics.map((name) => [name, calculated[name]?.(values) ?? 0]);
    datapoints.push({ Timestamp: new Date(from * 1000), Unit: "None", ...Object.fromEntries(figures) });
  }
  // In no order: the newest is not the last.
  return { Label: request.MetricName, Datapoints: datapoints.reverse() };
}
