/**
 * What AWS publishes to CloudWatch, as far as the stack reads it: each metric with the dimensions that it is published under,
 * the seconds between two values, and what its values may be. From the services' own pages:
 * - RDS User Guide, "Amazon CloudWatch metrics for Amazon RDS" (credits every five minutes; `ReplicaLag` on replicas)
 * - ElastiCache User Guide, "Host-level metrics" and "Metrics for Valkey and Redis OSS"
 * - Elastic Load Balancing, Application Load Balancers, "CloudWatch metrics for your Application Load Balancer" (errors are
 *   reported only where there are any)
 * - CloudFront Developer Guide, "Types of metrics for CloudFront" (region us-east-1, dimension Region with the value Global)
 */
export interface Published {
  /** Names of the dimensions, sorted. */
  dimensions: readonly string[];
  /** Seconds between two values. */
  every: number;
  /** Least and most of its values. */
  range: readonly [least: number, most: number];
  /** The only region that has it. @default each */
  region?: string;
}

const GiB = 1024 ** 3;

const of = (metrics: Record<string, readonly [number, number]>, rest: Omit<Published, "range">) =>
  Object.fromEntries(Object.entries(metrics).map(([name, range]): [string, Published] => [name, { ...rest, range }]));

const instance = { dimensions: ["DBInstanceIdentifier"], every: 60 };
const cacheNode = { dimensions: ["CacheClusterId", "CacheNodeId"], every: 60 };

/** Metrics by namespace. */
export const published: Record<string, Record<string, Published>> = {
  "AWS/RDS": {
    ...of(
      {
        CPUUtilization: [5, 60],
        DatabaseConnections: [10, 60],
        FreeableMemory: [1 * GiB, 2 * GiB],
        FreeStorageSpace: [40 * GiB, 41 * GiB],
        ReadIOPS: [5, 200],
        WriteIOPS: [20, 400],
        ReadLatency: [0.0004, 0.002],
        WriteLatency: [0.0006, 0.003],
        DiskQueueDepth: [0, 2],
        ReplicaLag: [0, 1],
      },
      instance,
    ),
    ...of({ CPUCreditBalance: [200, 576] }, { ...instance, every: 300 }),
  },
  "AWS/ElastiCache": {
    ...of(
      {
        CPUUtilization: [3, 30],
        EngineCPUUtilization: [2, 40],
        DatabaseMemoryUsagePercentage: [20, 60],
        FreeableMemory: [1 * GiB, 2 * GiB],
        Evictions: [0, 0],
        CurrConnections: [10, 40],
      },
      cacheNode,
    ),
    ...of({ CPUCreditBalance: [100, 288] }, { ...cacheNode, every: 300 }),
  },
  "AWS/ApplicationELB": of(
    {
      RequestCount: [200, 1800],
      HTTPCode_ELB_5XX_Count: [1, 2],
      HTTPCode_Target_5XX_Count: [1, 6],
      TargetResponseTime: [0.02, 0.09],
    },
    { dimensions: ["LoadBalancer"], every: 60 },
  ),
  "AWS/CloudFront": of(
    { Requests: [600, 4000], BytesDownloaded: [2e7, 9e7], "4xxErrorRate": [0.2, 1.5], "5xxErrorRate": [0, 0.4] },
    { dimensions: ["DistributionId", "Region"], every: 60, region: "us-east-1" },
  ),
};
