import Fastify, { type FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { QueueWorker } from "../queue/worker";
import type { Metrics } from "../telemetry/metrics";
import { operatorPaths } from "./guards";
import { metricsRoutes } from "./health";

export interface HealthNeeds {
  worker: Pick<QueueWorker, "ready">;
  metrics: Metrics;
  log: Logger;
}

/**
 * What a worker answers to the kubelet and to Prometheus. Liveness asks no store: a restart would not repair one.
 * Readiness says whether it takes jobs; a rollout waits for it.
 */
export function healthServer({ worker, metrics, log }: HealthNeeds): FastifyInstance {
  const server: FastifyInstance = Fastify({ logger: false });
  server.get(operatorPaths.live, () => ({ status: "alive" }));
  server.get(operatorPaths.ready, (_, reply) =>
    reply.code(worker.ready ? 200 : 503).send({ status: worker.ready ? "ready" : "not ready" }),
  );
  metricsRoutes(server, { metrics });
  server.setErrorHandler((error, _, reply) => {
    log.error({ err: error }, "health");
    return reply.code(500).send({ error: "internal error" });
  });
  return server;
}
