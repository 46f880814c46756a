/**
 * What Prometheus keeps of CloudWatch's figures, as data: those that no exporter in the cluster has. What the alarms of AWS
 * watch they watch by themselves (components/alarms/rules.ts); no alert reads these.
 */
import type { Watched, WatchedKind } from "../../support/watched";

/** Statistics of CloudWatch. The exporter cannot ask for percentiles of a named resource (docs/adr/0028-cloudwatch-figures.md). */
type Statistic = "Average" | "Maximum" | "Sum";

export interface Figure {
  /** The metric, as AWS names it. */
  metric: string;
  statistic: Statistic;
  /** The series, as the exporter names it. */
  series: string;
  /** Seconds that a value is of. */
  period: number;
  /** Seconds back in which values are looked for. The newest counts; of averages, their mean. */
  length: number;
  /** Only for some of its kind. @default for all */
  when?: (watched: Watched) => boolean;
}

interface Figures {
  /** Namespace in CloudWatch. */
  namespace: string;
  figures: readonly Figure[];
}

/** Seconds between two looks at CloudWatch. */
export const lookSeconds = 300;

const mean = (metric: string, series: string): Figure => ({
  metric,
  statistic: "Average",
  series: `${series}_average`,
  period: lookSeconds,
  length: lookSeconds,
});

/** AWS publishes credits every five minutes only, so the newest may be older than a look. */
const credits = (series: string): Figure => ({
  metric: "CPUCreditBalance",
  statistic: "Maximum",
  series: `${series}_maximum`,
  period: lookSeconds,
  length: 3 * lookSeconds,
  when: ({ burstable = false }) => burstable,
});

/**
 * What flows, as the sum of one minute, the newest that AWS has: a sum of the five minutes until now would lack the last
 * ones, which AWS publishes later.
 */
const flow = (metric: string, series: string): Figure => ({
  metric,
  statistic: "Sum",
  series: `${series}_sum`,
  period: 60,
  length: 2 * lookSeconds,
});

/** What should not happen, as a sum between two looks. Without one, AWS has no value. */
const count = (metric: string, series: string): Figure => ({
  ...flow(metric, series),
  period: lookSeconds,
  length: lookSeconds,
});

const figuresOf: Partial<Record<WatchedKind, Figures>> = {
  database: {
    namespace: "AWS/RDS",
    figures: [
      mean("CPUUtilization", "aws_rds_cpuutilization"),
      mean("FreeableMemory", "aws_rds_freeable_memory"),
      mean("FreeStorageSpace", "aws_rds_free_storage_space"),
      mean("ReadIOPS", "aws_rds_read_iops"),
      mean("WriteIOPS", "aws_rds_write_iops"),
      mean("ReadLatency", "aws_rds_read_latency"),
      mean("WriteLatency", "aws_rds_write_latency"),
      mean("DiskQueueDepth", "aws_rds_disk_queue_depth"),
      credits("aws_rds_cpucredit_balance"),
    ],
  },
  cache: {
    namespace: "AWS/ElastiCache",
    figures: [
      mean("CPUUtilization", "aws_elasticache_cpuutilization"),
      mean("EngineCPUUtilization", "aws_elasticache_engine_cpuutilization"),
      mean("DatabaseMemoryUsagePercentage", "aws_elasticache_database_memory_usage_percentage"),
      credits("aws_elasticache_cpucredit_balance"),
    ],
  },
  "load-balancer": {
    namespace: "AWS/ApplicationELB",
    figures: [
      flow("RequestCount", "aws_applicationelb_request_count"),
      count("HTTPCode_ELB_5XX_Count", "aws_applicationelb_httpcode_elb_5_xx_count"),
      count("HTTPCode_Target_5XX_Count", "aws_applicationelb_httpcode_target_5_xx_count"),
      mean("TargetResponseTime", "aws_applicationelb_target_response_time"),
    ],
  },
  edge: {
    namespace: "AWS/CloudFront",
    figures: [
      flow("Requests", "aws_cloudfront_requests"),
      flow("BytesDownloaded", "aws_cloudfront_bytes_downloaded"),
      // CloudFront publishes minutes later than the others.
      { ...mean("4xxErrorRate", "aws_cloudfront_4xx_error_rate"), length: 2 * lookSeconds },
      { ...mean("5xxErrorRate", "aws_cloudfront_5xx_error_rate"), length: 2 * lookSeconds },
    ],
  },
};

/** The figures of what is watched, with their namespace; undefined for a kind without. */
export function figuresFor(watched: Watched): Figures | undefined {
  const kind = figuresOf[watched.kind];
  return kind && { ...kind, figures: kind.figures.filter(({ when }) => when?.(watched) ?? true) };
}

/** Names of the series that the exporter has of a stack. */
export const seriesOf = (watched: readonly Watched[]): string[] => [
  ...new Set(watched.flatMap((one) => figuresFor(one)?.figures.map(({ series }) => series) ?? [])),
];
