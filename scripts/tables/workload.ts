/** The tables of docs/workload.md. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { processVariables, workerVariables } from "../../contract/environment";
import { maintenanceSchema, moveSchema, ownVariables, workerSchema } from "../../workload/config";
import { ttlSeconds } from "../../workload/patterns/cache";
import { type Limit, limits } from "../../workload/patterns/limits";
import { Metrics } from "../../workload/telemetry/metrics";
import { code, table } from "../markdown";

const root = join(__dirname, "..", "..");

/** What the workload shows, with the file to read. */
const patterns: [string, string][] = [
  ["Typed configuration, every problem at once", "workload/config.ts"],
  ["One small pool a process for each URL", "workload/stores/postgres.ts"],
  ["Reads on replicas, users read their own writes", "workload/patterns/own-writes.ts"],
  ["Redis in cluster mode, without which the product goes on", "workload/stores/redis.ts"],
  ["Cache with a TTL by kind of data, loaded once for all callers", "workload/patterns/cache.ts"],
  ["`Cache-Control` with `stale-while-revalidate`, ETags", "workload/http/caching.ts"],
  ["Sliding-window limits over all processes", "workload/patterns/limits.ts"],
  ["429 and 503 with the time to wait", "workload/http/guards.ts"],
  ["Circuit breaker in front of a provider", "workload/patterns/breaker.ts"],
  ["Maintenance, read-only mode and limits, switched at runtime", "workload/patterns/switches.ts"],
  ["Sessions that any process can serve", "workload/http/session.ts"],
  ["Liveness and readiness", "workload/http/health.ts"],
  ["Graceful stop", "workload/http/lifecycle.ts"],
  ["Metrics, logs, spans", "workload/telemetry/metrics.ts"],
  ["Migrations under a lock", "workload/migrate.ts"],
  ["Jobs in a queue, with priorities and retries", "workload/queue/options.ts"],
  ["One effect of a job or a webhook, however often it comes", "workload/queue/once.ts"],
  ["Jobs that Redis has lost are found again", "workload/queue/sweep.ts"],
  ["Status of a job: when to ask next, with backoff and jitter", "workload/queue/polling.ts"],
  ["Webhooks, signed and remembered for a day", "workload/webhooks/receive.ts"],
  ["Search with pgvector", "workload/search/search.ts"],
  ["A table in partitions by month, with retention", "workload/events/partitions.ts"],
  ["Old rows in an object store", "workload/events/archive.ts"],
];

export function patternTable(): string {
  const missing = patterns.filter(([, file]) => !existsSync(join(root, file)));
  if (missing.length > 0)
    throw new Error(`scripts/tables/workload.ts: no file ${missing.map(([, file]) => file).join(", ")}`);
  return table(
    ["pattern", "file"],
    ["---", "---"],
    patterns.map(([pattern, file]) => [pattern, `[${file.replace("workload/", "")}](../${file})`]),
  );
}

/** Variables that the stack does not set, by who reads them. A variable stands with the first that reads it. */
const readers = {
  "app.ts, worker.ts": ownVariables.shape,
  "worker.ts": workerSchema.shape,
  "maintain.ts": maintenanceSchema.shape,
  "move.ts": moveSchema.shape,
};

export function ownVariableTable(): string {
  const known = new Set([...Object.keys(processVariables.shape), ...Object.keys(workerVariables.shape)]);
  const rows = Object.entries(readers).flatMap(([reader, shape]) =>
    Object.entries(shape)
      .filter(([name]) => !known.has(name) && known.add(name))
      .map(([name, variable]) => {
        const byDefault = variable.safeParse(undefined).data;
        return [
          code(name),
          byDefault === undefined ? "" : code(String(byDefault)),
          variable.description ?? "",
          code(reader),
        ];
      }),
  );
  return table(["variable", "default", "value", "read by"], ["---", "---", "---", "---"], rows);
}

const duration = (seconds: number): string => {
  const [size, unit] = [
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ].find(([one]) => seconds % (one as number) === 0) as [number, string];
  return `${seconds / size} ${unit}`;
};

export const ttlTable = (): string =>
  table(
    ["data", "kept for"],
    ["---", "---:"],
    Object.entries(ttlSeconds).map(([kind, seconds]) => [code(kind), duration(seconds)]),
  );

export const limitTable = (): string =>
  table(
    ["limit", "requests", "within", "of"],
    ["---", "---:", "---:", "---"],
    Object.entries<Limit>(limits).map(([name, { hits, seconds, by }]) => [
      code(name),
      String(hits),
      duration(seconds),
      by === "user" ? "a user" : "an address",
    ]),
  );

/** The workload's own metrics, without those of Node.js. */
export function workloadMetricTable(): string {
  const metrics = new Metrics();
  metrics.watchPools({});
  return table(
    ["metric", "meaning", "labels"],
    ["---", "---", "---"],
    metrics.registry
      .getMetricsAsArray()
      .map((metric) => metric as unknown as { name: string; help: string; labelNames: string[] })
      .filter(({ name }) => !/^(nodejs|process)_/.test(name))
      .map(({ name, help, labelNames }) => [code(name), help, labelNames.map(code).join(", ")]),
  );
}
