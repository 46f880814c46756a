import { randomUUID } from "node:crypto";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { httpCaching } from "./caching";
import { catalogueRoutes } from "./catalogue";
import { chatRoutes } from "./chat";
import { type AppOptions, type Context, createContext, type RouteGroup } from "./context";
import { errorHandling } from "./errors";
import { guards } from "./guards";
import { healthRoutes, metricsRoutes } from "./health";
import { jobRoutes } from "./jobs";
import { observability } from "./observability";
import { searchRoutes } from "./search";
import { userRoutes } from "./users";
import { webhookRoutes } from "./webhooks";

/** Every route of the application, a group a file. */
const groups: RouteGroup[] = [
  healthRoutes,
  metricsRoutes,
  userRoutes,
  catalogueRoutes,
  chatRoutes,
  jobRoutes,
  webhookRoutes,
  searchRoutes,
];

/** Milliseconds that an idle connection stays open: longer than load balancers keep theirs (60 s), so that they close first. */
const keepAliveMs = 65_000;

/** A request id of the caller, if it can be nothing but one. */
const safeId = /^[\w-]{8,64}$/;

export interface App {
  server: FastifyInstance;
  context: Context;
}

/** Builds the application. It listens to nothing yet, and connects to a store with the first request. */
export function buildApp(options: AppOptions): App {
  const context = createContext(options);
  const server: FastifyInstance = Fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: ({ headers }) => {
      const given = headers["x-request-id"];
      return typeof given === "string" && safeId.test(given) ? given : randomUUID();
    },
    bodyLimit: 64 * 1024,
    keepAliveTimeout: keepAliveMs,
    // Requests on open connections are served until the last one, see lifecycle.ts.
    return503OnClosing: false,
  });
  errorHandling(server);
  observability(server, context);
  guards(server, context);
  httpCaching(server);
  for (const group of groups) group(server, context);
  return { server, context };
}
