import { type Logger, pino } from "pino";
import type { Config } from "../config";
import { Unavailable } from "../failures";

/** JSON lines on stdout. Headers, queries and bodies are not logged at all. */
export function createLogger(config: Pick<Config, "LOG_LEVEL">): Logger {
  return pino({
    level: config.LOG_LEVEL,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
    serializers: {
      req: ({ method, url = "", id }) => ({ id, method, path: url.split("?")[0] }),
      res: ({ statusCode }) => ({ status: statusCode }),
      err: errorFields,
    },
  });
}

/** Name, code and message, and where an error came from unless a store is down: that is known, and comes with every request. */
function errorFields(error: Error & { code?: string }): object {
  const { name, message, code, stack, cause } = error;
  if (error instanceof Unavailable) return { name, message, ...(cause instanceof Error && { cause: cause.message }) };
  return { name, message, code, stack, ...(cause instanceof Error && { cause: errorFields(cause) }) };
}
