import type { FastifyInstance } from "fastify";
import type { Context } from "./context";

/** Counts, logs and names each request. A route's pattern, not its path, is the label: paths have no end. */
export function observability(app: FastifyInstance, context: Context): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onSend", async (_, reply) => {
    // Tells a client that keeps its connection to open the next one elsewhere.
    if (context.stopping) reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions } = request;
    const labels = { method, route: routeOptions.url ?? "none", status: String(reply.statusCode) };
    context.metrics.requestSeconds.observe(labels, reply.elapsedTime / 1000);
    request.log.info({ req: request, res: reply, ms: Math.round(reply.elapsedTime) }, "request");
  });
}
