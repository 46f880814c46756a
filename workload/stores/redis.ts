import type { ConnectionOptions } from "node:tls";
import { Cluster, type ClusterOptions } from "ioredis";
import type { Config } from "../config";

/**
 * How long a request waits for Redis, in milliseconds. Redis answers within a few; a request that needs it for its speed alone goes on
 * without it.
 */
const commandTimeoutMs = 500;

/**
 * Opens a connection to Redis in cluster mode, as at every tier.
 * @param own  the settings in which the uses of Redis differ
 * @param tls  further settings of TLS connections. @default Node.js's own: NODE_EXTRA_CA_CERTS has the authority
 */
export function openCluster(
  { REDIS_URL }: Pick<Config, "REDIS_URL">,
  { redisOptions, ...own }: ClusterOptions,
  tls: ConnectionOptions = {},
): Cluster {
  const { protocol, hostname, port, username, password } = new URL(REDIS_URL);
  const redis = new Cluster([{ host: hostname, port: Number(port || 6379) }], {
    // TLS verifies names, so nodes are reached by name and not by address.
    dnsLookup: (address, callback) => callback(null, address),
    clusterRetryStrategy: (times) => Math.min(100 * times, 2000),
    // Finds a node that took over, before the next command meets the lost one.
    slotsRefreshInterval: 5000,
    slotsRefreshTimeout: 2000,
    ...own,
    redisOptions: {
      username: decodeURIComponent(username) || undefined,
      password: decodeURIComponent(password),
      connectTimeout: 2000,
      ...(protocol === "rediss:" && { tls: { ...tls } }),
      ...redisOptions,
    },
  });
  // Each command fails on its own, where its caller decides what to do; the connection returns by itself.
  return redis.on("error", () => {});
}

/**
 * Connects for requests. While there is no connection, commands fail at once instead of waiting in the process. A
 * queue's connections need other settings: `workload/queue` has them.
 */
export const connectRedis = (config: Pick<Config, "REDIS_URL">, tls?: ConnectionOptions): Cluster =>
  openCluster(
    config,
    { enableOfflineQueue: false, redisOptions: { commandTimeout: commandTimeoutMs, maxRetriesPerRequest: 1 } },
    tls,
  );

/** Waits for a connection, for this many milliseconds at most. Without one, commands say what is missing. */
export async function connected(redis: Cluster, ms: number): Promise<void> {
  if (redis.status === "ready") return;
  await new Promise<void>((resolve) => {
    redis.once("ready", resolve);
    setTimeout(resolve, ms).unref();
  });
}
