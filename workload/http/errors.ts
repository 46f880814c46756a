import type { FastifyInstance } from "fastify";
import { Unavailable } from "../failures";

/** Seconds after which a caller may try again when a store was not available: about a failover's step. */
const retryAfterSeconds = 5;

/** An answer other than 2xx that a route gives on purpose. */
export class HttpError extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
    /** Seconds after which the caller may try again. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

/** Turns errors into answers. A caller is told nothing about the inside. */
export function errorHandling(app: FastifyInstance): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const known = error instanceof Unavailable ? new HttpError(503, error.message, retryAfterSeconds) : error;
    const status = known.statusCode ?? 500;
    if (status >= 500) request.log[status === 503 ? "warn" : "error"]({ err: error }, "request failed");
    if (known instanceof HttpError && known.retryAfterSeconds !== undefined)
      reply.header("retry-after", known.retryAfterSeconds);
    return reply
      .header("cache-control", "no-store")
      .code(status)
      .send({ error: status < 500 || known instanceof HttpError ? known.message : "internal error" });
  });
  app.setNotFoundHandler((_, reply) =>
    reply.code(404).header("cache-control", "no-store").send({ error: "not found" }),
  );
}
