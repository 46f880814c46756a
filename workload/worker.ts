/** Entry point of a worker: `node workload/worker.ts`. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Config, readVariables, start, workerSchema } from "./config";
import { healthServer } from "./http/worker-health";
import { Cache } from "./patterns/cache";
import { OwnWrites } from "./patterns/own-writes";
import { Switches } from "./patterns/switches";
import { connectWorker } from "./queue/connection";
import { handlersOf } from "./queue/kinds";
import { queueMetrics } from "./queue/metrics";
import { prefixOfList } from "./queue/names";
import { Queues } from "./queue/queues";
import { sweep } from "./queue/sweep";
import { QueueWorker } from "./queue/worker";
import { Database } from "./stores/postgres";
import { connected, connectRedis } from "./stores/redis";
import { createLogger } from "./telemetry/logger";
import { Metrics } from "./telemetry/metrics";

/** Milliseconds to wait for Redis at the start, and for the stores to close at the end. */
const connectMs = 2000;
const closeMs = 2000;

function storesOf(config: Config, metrics: Metrics) {
  const database = new Database(config, metrics);
  const cacheRedis = connectRedis(config);
  const ownWrites = new OwnWrites(database, cacheRedis, new Cache(config, cacheRedis, metrics));
  return { database, ownWrites, cacheRedis, redis: connectWorker(config) };
}

void start(async () => {
  const config = readVariables(workerSchema, process.env);
  const { WORKER_QUEUE: queue, WORKER_CONCURRENCY: concurrency, JOB_LOCK_MS: lockMs, SWEEP_SECONDS } = config;
  const prefix = prefixOfList(queue, config.WORKER_LIST);
  const log = createLogger(config);
  const metrics = new Metrics();
  const { database, ownWrites, cacheRedis, redis } = storesOf(config, metrics);
  // The mode is in Redis. A worker that starts in another one than `normal` must not take a job before it knows.
  const switches = new Switches(config, cacheRedis, metrics);
  await connected(cacheRedis, connectMs);
  await switches.refresh();
  const worker = new QueueWorker(
    { queue, prefix, concurrency, lockMs },
    { redis, database, ownWrites, handlers: handlersOf(config), metrics: queueMetrics(metrics), log },
  );
  // Each job writes, so only `normal` lets jobs begin.
  const follow = () => worker.hold(switches.mode !== "normal");
  follow();
  await switches.follow(follow);

  const queues = new Queues(redis);
  const sweeping = setInterval(() => {
    if (switches.mode !== "normal") return;
    sweep(database, queues, SWEEP_SECONDS).then(
      (repaired) => repaired > 0 && log.warn({ repaired }, "jobs that Redis had lost are in their queue again"),
      (err) => log.warn({ err }, "sweep"),
    );
  }, SWEEP_SECONDS * 1000);

  const health = healthServer({ worker, metrics, log });
  await health.listen({ port: config.PORT, host: "::" });

  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "stopping: no more jobs; those that run are finished");
    clearInterval(sweeping);
    switches.stop();
    await worker.stop();
    // What does not close has no job any more, and ends with the process.
    await Promise.race([Promise.allSettled([queues.close(), health.close(), database.close()]), sleep(closeMs)]);
    log.info("stopped");
    process.exit();
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
});
