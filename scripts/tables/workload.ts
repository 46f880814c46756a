/** The tables of docs/workload.md. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { jobVariables, maintenanceVariables, moveVariables, ownVariables } from "../../workload/config";
import { ttlSeconds } from "../../workload/patterns/cache";
import { type Limit, limits } from "../../workload/patterns/limits";
import { Metrics } from "../../workload/telemetry/metrics";
import { code, table } from "../markdown";
import { duration } from "./cache";

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
  ["Jobs with priorities, retries and a bounded history", "workload/queue/options.ts"],
  ["A job that Redis loses is not lost", "workload/queue/sweep.ts"],
  ["An effect once, however often its job or webhook comes", "workload/queue/once.ts"],
  ["Worker that finishes its jobs before it stops", "workload/queue/worker.ts"],
  ["Status of a job, with the time to ask again", "workload/http/jobs.ts"],
  ["Signed webhooks, without duplicates", "workload/webhooks/receive.ts"],
  ["Vector search", "workload/search/search.ts"],
  ["An event for each job and payment, in its transaction", "workload/events/record.ts"],
  ["Partitions ahead, old ones to an archive", "workload/events/archive.ts"],
  ["Queues and keys to another Redis", "workload/queue/move/jobs.ts"],
  ["Image without root, for both architectures", "workload/Dockerfile"],
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

function variableRows(variables: z.ZodObject): string[][] {
  return Object.entries(variables.shape).map(([name, type]) => {
    const value = type.safeParse(undefined);
    const byDefault = value.success && value.data !== undefined ? code(String(value.data)) : "";
    return [code(name), byDefault, type.description ?? ""];
  });
}

const variableColumns = ["variable", "default", "value"];

export const ownVariableTable = (): string => table(variableColumns, ["---", "---", "---"], variableRows(ownVariables));

/** Variables of the programs beside the application. */
export const jobVariableTable = (): string =>
  table(
    ["program", ...variableColumns],
    ["---", "---", "---", "---"],
    Object.entries({ worker: jobVariables, maintain: maintenanceVariables, move: moveVariables }).flatMap(
      ([program, variables]) => variableRows(variables).map((row) => [`\`${program}.ts\``, ...row]),
    ),
  );

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
