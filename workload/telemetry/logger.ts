import { type Logger, pino } from "pino";
import type { Config } from "../config";

/** JSON lines on stdout. Headers are not logged at all, and of an error its message, code and stack only. */
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

function errorFields(error: Error & { code?: string }): object {
  const { name, message, code, stack, cause } = error;
  return { name, message, code, stack, ...(cause instanceof Error && { cause: errorFields(cause) }) };
}
