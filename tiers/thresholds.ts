/**
 * The figures at which the product is not well, each written once. The advisor, the load test, the alerts in the cluster and
 * the alarms of AWS take them from here. Shares are in percent, times in the unit of their name.
 */
export const thresholds = {
  /** Below these, everything is well. */
  healthy: { cpu: 70, memory: 80, p95Ms: 500, connections: 80, errors: 1 },
  /** Beyond these, the same with a larger size. */
  verticalStep: { cpu: 80, memory: 85, p95Ms: 500, connections: 100 },
  /** Beyond these, the next tier. */
  tierStep: { cpu: 80, cpuMinutes: 10, memory: 90, p95Ms: 1000, connections: 90, errors: 5 },
  /** Beyond these, somebody is told. 83 % are 50 of 60 connections. */
  alarm: { cpu: 70, memory: 80, p95Ms: 3000, connections: 83, errors: 1 },
  /** CPU of a database beyond which it needs a read replica. */
  readReplica: { cpu: 70 },
  /** CPU and data of a node beyond which Redis needs more shards. */
  redisCluster: { cpu: 80, dataGB: 4 },
  /** Seconds beyond which a replica is too far behind. No guide has a figure: assumed. */
  replication: { lagSeconds: 60 },
  /**
   * Days after which somebody is told that no restore was verified: the weekly drill (docs/drills.md) and one day to repeat one
   * that failed. No guide has a figure: assumed.
   */
  restore: { verifiedDays: 8 },
  /** Waiting jobs of a queue: above `high` it needs more workers, below `low` fewer. */
  queue: { high: 100, low: 10 },
  /** CPU below which an autoscaler removes pods. */
  scaleIn: { cpu: 30 },
  /**
   * Ages of backups beyond which somebody is told. No guide has a figure: assumed. A nightly one follows the last after 24
   * hours and the minutes that it takes, and PostgreSQL hands a file of its log over within a minute of a write.
   */
  backup: { nightlyHours: 26, logMinutes: 15 },
  /** How often Alertmanager tells that it is well, and how long it may be silent. No guide has a figure: assumed. */
  heartbeat: { everyMinutes: 5, silentMinutes: 15 },
  /** What a user is promised: 95th percentiles of the API's answers, of jobs and of queries, and hits of the cache. */
  target: { p95Ms: 200, jobSeconds: 5, queryMs: 100, cacheHits: 70 },
} as const;
