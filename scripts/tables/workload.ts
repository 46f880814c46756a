/** The tables of docs/workload.md. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ownVariables } from "../../workload/config";
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

const defaults: Record<string, unknown> = ownVariables.parse({});

export const ownVariableTable = (): string =>
  table(
    ["variable", "default", "value"],
    ["---", "---", "---"],
    Object.entries(ownVariables.shape).map(([name, { description = "" }]) => [
      code(name),
      defaults[name] === undefined ? "" : code(String(defaults[name])),
      description,
    ]),
  );

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
