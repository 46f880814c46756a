import { type Case, grows, missing, type Series, stays } from "./case";

const instance = "rediss://redis.data:6379";
const redis = (metric: string) => `${metric}{job="redis",instance="${instance}"}`;
const labels = { instance };
const mebibyte = 2 ** 20;

const memory = (used: number, most = 100): Series => ({
  [redis("redis_memory_used_bytes")]: stays(used * mebibyte),
  [redis("redis_memory_max_bytes")]: stays(most * mebibyte),
});
const cpu = (user: number, system: number): Series => ({
  [redis("redis_cpu_user_main_thread_seconds_total")]: grows(60 * user),
  [redis("redis_cpu_sys_main_thread_seconds_total")]: grows(60 * system),
});
const lookUps = (result: string) =>
  `cache_requests_total{job="app",namespace="app",pod="app-1",kind="user",result="${result}"}`;
const hits = (hit: number, miss: number): Series => ({ [lookUps("hit")]: grows(hit), [lookUps("miss")]: grows(miss) });

export const cacheCases: Record<string, Case> = {
  RedisDown: {
    fires: { [redis("redis_up")]: stays(0) },
    labels,
    summary: `Redis ${instance} does not answer`,
    silent: [{ [redis("redis_up")]: stays(1) }, { [redis("redis_up")]: "1+0x58 0 1+0x90" }],
  },
  RedisClusterBroken: {
    fires: { [redis("redis_cluster_state")]: stays(0) },
    labels,
    summary: `Redis ${instance} refuses commands: slots of the cluster have no master`,
    silent: [{ [redis("redis_cluster_state")]: stays(1) }],
  },
  RedisMemoryFull: {
    fires: memory(91),
    labels,
    summary: `91.0 % of the memory of Redis ${instance} is in use (limit 90 %)`,
    // Full; and without a maximum.
    silent: [memory(90), memory(91, 0)],
  },
  RedisMemoryHigh: {
    fires: memory(86),
    labels,
    summary: `86.0 % of the memory of Redis ${instance} is in use (limit 85 %)`,
    silent: [memory(85), memory(86, 0)],
  },
  RedisDataLarge: {
    fires: { [redis("redis_memory_used_bytes")]: stays(4.5e9) },
    labels,
    summary: `Redis ${instance} holds 4.5 GB (limit 4 GB)`,
    silent: [{ [redis("redis_memory_used_bytes")]: stays(4e9) }],
  },
  RedisCpuHigh: {
    fires: cpu(0.5, 0.35),
    labels,
    summary: `The thread of Redis ${instance} uses 85.0 % of its CPU (limit 80 %)`,
    silent: [cpu(0.5, 0.25)],
  },
  RedisReplicaBroken: {
    fires: { [redis("redis_master_link_up")]: stays(0) },
    labels,
    summary: `Replica ${instance} of Redis has lost its master`,
    silent: [{ [redis("redis_master_link_up")]: stays(1) }],
  },
  RedisNotPersisted: {
    fires: { [redis("redis_aof_last_write_status")]: stays(0), [redis("redis_rdb_last_bgsave_status")]: stays(1) },
    labels,
    summary: `Redis ${instance} cannot write its data to disk`,
    silent: [{ [redis("redis_aof_last_write_status")]: stays(1) }],
  },
  RedisConnectionsHigh: {
    fires: { [redis("redis_connected_clients")]: stays(81), [redis("redis_max_clients")]: stays(100) },
    labels,
    summary: `81.0 % of the connections of Redis ${instance} are in use (limit 80 %)`,
    silent: [{ [redis("redis_connected_clients")]: stays(80) }],
  },
  CacheHitsLow: {
    fires: hits(60, 40),
    labels: { namespace: "app" },
    summary: "The cache in app answers 60.0 % of the look-ups (limit 70 %)",
    // A night's few look-ups.
    silent: [hits(70, 30), hits(6, 4)],
    at: 90,
  },
  CacheUnanswered: {
    fires: { [lookUps("error")]: grows(2) },
    labels: { namespace: "app" },
    summary: "10 look-ups in app got no answer of the cache within 5 minutes",
    silent: [{ [lookUps("error")]: missing, [lookUps("hit")]: grows(2) }, { [lookUps("error")]: stays(40) }],
  },
};
