import type { ConnectionOptions } from "node:tls";
import type { Cluster } from "ioredis";
import type { Config } from "../config";
import { openCluster } from "../stores/redis";

/**
 * Connects a worker, or a command that moves jobs, to Redis. Its commands wait for as long as it takes: a worker has
 * nothing else to do, and BullMQ's blocking ones have no answer before a job comes.
 */
export const connectWorker = (config: Pick<Config, "REDIS_URL">, tls?: ConnectionOptions): Cluster =>
  openCluster(
    config,
    {
      // Of a command that a lost node owes: by then a replica has taken over, or there is none.
      retryDelayOnClusterDown: 500,
      retryDelayOnFailover: 500,
      maxRedirections: 100,
      redisOptions: { maxRetriesPerRequest: null },
    },
    tls,
  );
