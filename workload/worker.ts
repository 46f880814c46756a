/** Entry point of a worker: `node workload/worker.ts`. */
import { type Config, readVariables, start, workerSchema } from "./config";
import { healthServer } from "./http/worker-health";
import { Cache } from "./patterns/cache";
import { OwnWrites } from "./patterns/own-writes";
import { connectWorker } from "./queue/connection";
import { imageHandler } from "./queue/image";
import { queueMetrics } from "./queue/metrics";
import { prefixOfList } from "./queue/names";
import { Queues } from "./queue/queues";
import { sweep } from "./queue/sweep";
import { QueueWorker } from "./queue/worker";
import { Database } from "./stores/postgres";
import { connectRedis } from "./stores/redis";
import { createLogger } from "./telemetry/logger";
import { Metrics } from "./telemetry/metrics";

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
  const worker = new QueueWorker(
    { queue, prefix, concurrency, lockMs },
    { redis, database, ownWrites, handlers: { image: imageHandler(config) }, metrics: queueMetrics(metrics), log },
  );

  const queues = new Queues(redis);
  const sweeping = setInterval(() => {
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
    await worker.stop();
    await queues.close();
    await health.close();
    for (const connection of [redis, cacheRedis]) connection.disconnect();
    await database.close();
    log.info("stopped");
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
});
