import { thresholds } from "../../../../tiers/thresholds";
import { type AlertRule, cause, decimal, label, sameIn, value } from "../rule";
import { redisLost } from "./causes";

const { healthy, verticalStep, tierStep, redisCluster, target } = thresholds;

const by = "instance";
const node = label(by);

// Without a maximum, the share would be infinite.
const memoryPercent = `100 * max by (${by}) (redis_memory_used_bytes{job="redis"}) / (max by (${by}) (redis_memory_max_bytes{job="redis"}) > 0)`;
const cpuPercent = `100 * sum by (${by}) (rate(redis_cpu_user_main_thread_seconds_total{job="redis"}[5m]) + rate(redis_cpu_sys_main_thread_seconds_total{job="redis"}[5m]))`;
const memorySteps = [
  "Check what grows: `MEMORY STATS`, the length of the queues, keys without an expiry.",
  "Nothing is evicted: at the maximum, writes fail and jobs are refused. Take a larger node or more shards (`npm run advise`).",
];

const lookUps = (results: string) =>
  `sum by (namespace) (increase(cache_requests_total{job="app",result=~"${results}"}[30m]))`;
const leastLookUps = 500;

export const cacheRules: AlertRule[] = [
  {
    name: "RedisDown",
    service: "cache",
    severity: "critical",
    expr: `max by (${by}) (redis_up{job="redis"}) == 0`,
    for: "1m",
    summary: `Redis ${node} does not answer`,
    source: "no threshold: it answers or not; a minute, so that a restart mails nobody, assumed",
    act: [
      "The product goes on without its cache and its limits; jobs wait.",
      "In the cluster: look at the pod `redis-0`, its events and its log; killed for its memory? See RedisMemoryHigh.",
      "ElastiCache: look at the events. A failover ends by itself.",
    ],
  },
  {
    name: "RedisClusterBroken",
    service: "cache",
    severity: "critical",
    expr: `min by (${by}) (redis_cluster_state{job="redis"}) == 0`,
    for: "1m",
    summary: `Redis ${node} refuses commands: slots of the cluster have no master`,
    source: "no threshold: every slot has a master or not",
    act: [
      "Look for masters that are away: `CLUSTER NODES`. Their replicas take over; without a replica, the node must come back.",
    ],
    inhibitedBy: [cause("RedisDown")],
  },
  {
    name: "RedisMemoryFull",
    service: "cache",
    severity: "critical",
    expr: `${memoryPercent} > ${tierStep.memory}`,
    for: "5m",
    summary: `${decimal} % of the memory of Redis ${node} is in use (limit ${tierStep.memory} %)`,
    source: `tier step: memory > ${tierStep.memory} %`,
    act: memorySteps,
  },
  {
    name: "RedisMemoryHigh",
    service: "cache",
    severity: "warning",
    expr: `${memoryPercent} > ${verticalStep.memory}`,
    for: "10m",
    summary: `${decimal} % of the memory of Redis ${node} is in use (limit ${verticalStep.memory} %)`,
    source: `vertical step: memory > ${verticalStep.memory} %`,
    act: memorySteps,
    inhibitedBy: [sameIn(by, "RedisMemoryFull")],
  },
  {
    name: "RedisDataLarge",
    service: "cache",
    severity: "warning",
    expr: `max by (${by}) (redis_memory_used_bytes{job="redis"}) / 1e9 > ${redisCluster.dataGB}`,
    for: "10m",
    summary: `Redis ${node} holds ${decimal} GB (limit ${redisCluster.dataGB} GB)`,
    source: `Redis cluster: memory > ${redisCluster.dataGB} GB`,
    act: ["Give the cache one more shard: `redis.shards`."],
  },
  {
    name: "RedisCpuHigh",
    service: "cache",
    severity: "warning",
    expr: `${cpuPercent} > ${redisCluster.cpu}`,
    for: "10m",
    summary: `The thread of Redis ${node} uses ${decimal} % of its CPU (limit ${redisCluster.cpu} %)`,
    source: `Redis cluster: CPU > ${redisCluster.cpu} %`,
    act: [
      "Look for slow commands: `SLOWLOG GET`, `redis_commands_duration_seconds_total` by command.",
      "A larger node does not help: one thread serves. Give the cache one more shard: `redis.shards`.",
    ],
  },
  {
    name: "RedisReplicaBroken",
    service: "cache",
    severity: "warning",
    expr: `min by (${by}) (redis_master_link_up{job="redis"}) == 0`,
    for: "5m",
    summary: `Replica ${node} of Redis has lost its master`,
    source: "no threshold: it follows or not; 5 minutes for a full copy, assumed",
    act: [
      "Check whether the master runs, and whether the replica copies again and again: its buffer may be too small.",
    ],
    inhibitedBy: [cause("RedisDown")],
  },
  {
    name: "RedisNotPersisted",
    service: "cache",
    severity: "critical",
    expr: `min by (${by}) (redis_aof_last_write_status{job="redis"}) == 0 or min by (${by}) (redis_rdb_last_bgsave_status{job="redis"}) == 0`,
    for: "5m",
    summary: `Redis ${node} cannot write its data to disk`,
    source: "no threshold: what is not written is lost with the pod",
    act: ["Look at the volume: full? Look at the log: a fork that fails has too little memory."],
  },
  {
    name: "RedisConnectionsHigh",
    service: "cache",
    severity: "warning",
    expr: `100 * max by (${by}) (redis_connected_clients{job="redis"}) / max by (${by}) (redis_max_clients{job="redis"}) > ${healthy.connections}`,
    for: "10m",
    summary: `${decimal} % of the connections of Redis ${node} are in use (limit ${healthy.connections} %)`,
    source: `healthy: connections < ${healthy.connections} %`,
    act: ["Look who holds them: `CLIENT LIST`. A process needs one or two."],
  },
  {
    name: "CacheHitsLow",
    service: "cache",
    severity: "warning",
    expr: `100 * ${lookUps("hit")} / ${lookUps("hit|miss")} < ${target.cacheHits} and ${lookUps("hit|miss")} >= ${leastLookUps}`,
    for: "30m",
    summary: `The cache in ${label("namespace")} answers ${decimal} % of the look-ups (limit ${target.cacheHits} %)`,
    source: `service target: cache hit rate >= ${target.cacheHits} %; at least ${leastLookUps} look-ups in 30 minutes, assumed`,
    act: [
      "Check which kind of data misses: `cache_requests_total` by kind. A new key, a shorter TTL, a flush just before?",
      "After a restart of Redis it is empty: hits come back by themselves.",
    ],
    inhibitedBy: redisLost,
  },
  {
    name: "CacheUnanswered",
    service: "cache",
    severity: "warning",
    expr: 'sum by (namespace) (increase(cache_requests_total{job="app",result=~"error|off"}[5m])) > 0',
    for: "5m",
    summary: `${value} look-ups in ${label("namespace")} got no answer of the cache within 5 minutes`,
    source: "no threshold: the cache answers or not; 5 minutes, so that a failover mails nobody, assumed",
    act: ["Check whether the application reaches Redis: its certificate, its password, the network policy."],
    inhibitedBy: redisLost,
  },
];
