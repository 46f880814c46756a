import type { ConnectionOptions } from "node:tls";
import { Cluster } from "ioredis";
import type { Config } from "../config";

/**
 * Connects a worker, or a command that moves jobs, to Redis. Its commands wait for as long as it takes: a worker has
 * nothing else to do, and BullMQ's blocking ones have no answer before a job comes.
 * @param tls  further settings of TLS connections. @default Node.js's own: NODE_EXTRA_CA_CERTS has the authority
 */
export function connectWorker(config: Pick<Config, "REDIS_URL">, tls: ConnectionOptions = {}): Cluster {
  const { protocol, hostname, port, username, password } = new URL(config.REDIS_URL);
  const redis = new Cluster([{ host: hostname, port: Number(port || 6379) }], {
    // TLS verifies names, so nodes are reached by name and not by address.
    dnsLookup: (address, callback) => callback(null, address),
    clusterRetryStrategy: (times) => Math.min(100 * times, 2000),
    slotsRefreshInterval: 5000,
    slotsRefreshTimeout: 2000,
    // Of a command that a lost node owes: by then a replica has taken over, or there is none.
    retryDelayOnClusterDown: 500,
    retryDelayOnFailover: 500,
    maxRedirections: 100,
    redisOptions: {
      username: decodeURIComponent(username) || undefined,
      password: decodeURIComponent(password),
      connectTimeout: 2000,
      maxRetriesPerRequest: null,
      ...(protocol === "rediss:" && { tls: { ...tls } }),
    },
  });
  return redis.on("error", () => {});
}
