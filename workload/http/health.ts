import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { Unavailable } from "../failures";
import type { Context, RouteGroup } from "./context";
import { operatorPaths } from "./guards";

/** Milliseconds that a check of a store may take: the probe waits three seconds. */
const checkMs = 2000;

type State = "up" | "down";

async function stateOf(check: () => Promise<unknown>): Promise<State> {
  const late = new AbortController();
  const limit = sleep(checkMs, undefined, { signal: late.signal }).then(() => {
    throw new Unavailable("check");
  });
  try {
    await Promise.race([check(), limit]);
    return "up";
  } catch {
    return "down";
  } finally {
    late.abort();
    limit.catch(() => {});
  }
}

async function stores({ database, redis }: Context): Promise<Record<"primary" | "reads" | "redis", State>> {
  const one = (client: { query(sql: string): Promise<unknown> }) => client.query("SELECT 1");
  const [primary, reads, cache] = await Promise.all([
    stateOf(() => database.read(one, { fresh: true })),
    stateOf(() => database.read(one)),
    stateOf(() => redis.get("health")),
  ]);
  return { primary, reads, redis: cache };
}

/**
 * Liveness asks no store: a restart would not repair one. Readiness fails while the process stops, and while it can read
 * from no database. Without the primary it can still answer reads, without Redis everything, more slowly.
 */
export const healthRoutes: RouteGroup = (app, context) => {
  let running: ReturnType<typeof stores> | undefined;
  // Probes that overlap share one look: they must not use up the pool of a slow database.
  const look = () => {
    running ??= stores(context).finally(() => {
      running = undefined;
    });
    return running;
  };
  app.get(operatorPaths.live, async (_, reply) => reply.header("cache-control", "no-store").send({ status: "alive" }));
  app.get(operatorPaths.ready, async (_, reply) => {
    reply.header("cache-control", "no-store");
    if (context.stopping) return reply.code(503).send({ status: "stopping" });
    const found = await look();
    const ready = found.reads === "up" || found.primary === "up";
    return reply.code(ready ? 200 : 503).send({ status: ready ? "ready" : "not ready", ...found });
  });
};

/** Metrics for Prometheus, which asks the pod. Visitors come through the gateway, which says so. */
export function metricsRoutes(app: FastifyInstance, { metrics }: Pick<Context, "metrics">): void {
  app.get(operatorPaths.metrics, async (request, reply) => {
    if (request.headers["x-forwarded-for"] !== undefined) return reply.callNotFound();
    return reply
      .header("cache-control", "no-store")
      .type(metrics.registry.contentType)
      .send(await metrics.registry.metrics());
  });
}
