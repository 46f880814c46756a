import { z } from "zod";
import { isoDate, kinds } from "./coefficients";

/** Fewest different concurrencies that two coefficients and a rate can be told from. */
const leastPoints = 5;

/** How far concurrency may be from throughput x latency, as a share. */
const littleTolerance = 0.25;

/** Resources whose utilisation a point may have. */
export const measurable = ["application", "poolers", "database", "redis", "connections"] as const;
export type Measurable = (typeof measurable)[number];

const positive = z.number().positive();

/** A value for some of the resources. */
const some = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({
    application: value.optional(),
    poolers: value.optional(),
    database: value.optional(),
    redis: value.optional(),
    connections: value.optional(),
  });

const point = z.strictObject({
  /** What the resource has of it: requests or connections in flight, pods, vCPUs or shards. */
  concurrency: positive,
  /** Requests a second of the application, queries a second of the database, commands a second of Redis. */
  throughput: positive,
  latencyMs: positive.optional(),
  /** From 0 to 1. */
  utilisation: some(z.number().min(0).max(1)).optional(),
});

/** The form of a load test's result (docs/capacity.md). */
export const loadTestSchema = z
  .strictObject({
    version: z.literal(1),
    date: isoDate,
    /** The kind of resource that `concurrency` counts; or the requests in flight of the whole, seen from outside. */
    resource: z.enum([...kinds, "requests"]),
    /** CPUs that the resources had: pods, pods, vCPUs, shards; and connections. Needed where there is a utilisation. */
    sizes: some(positive).optional(),
    points: z.array(point),
    /** What `npm run load` shows of its own test. */
    load: z.looseObject({}).optional(),
  })
  .superRefine(({ resource, sizes, points }, context) => {
    const add = (path: PropertyKey[], given: string, message: string) =>
      context.addIssue({ code: "custom", path, message, params: { given, fix: "measure again" } });
    const different = new Set(points.map(({ concurrency }) => concurrency)).size;
    if (different < leastPoints)
      add(["points"], `${different} different concurrencies`, `at least ${leastPoints} different concurrencies`);
    // From outside, nobody can tell which resource took the time.
    if (resource === "requests" && points.every(({ utilisation }) => Object.keys(utilisation ?? {}).length === 0))
      context.addIssue({
        code: "custom",
        path: ["points"],
        message: "a utilisation of some resource in the points",
        params: { given: "no utilisation", fix: "measure again with npm run load -- --metrics (docs/load.md)" },
      });
    points.forEach(({ concurrency, throughput, latencyMs, utilisation = {} }, at) => {
      for (const name of measurable)
        if (utilisation[name] !== undefined && sizes?.[name] === undefined)
          add(["points", at, "utilisation", name], "a utilisation without a size", `sizes.${name} beside it`);
      if (resource !== "connections" || latencyMs === undefined) return;
      const inFlight = (throughput * latencyMs) / 1000;
      if (Math.abs(inFlight - concurrency) > littleTolerance * concurrency)
        add(
          ["points", at, "latencyMs"],
          `${latencyMs}`,
          `concurrency ${concurrency} / throughput ${throughput}, within ${littleTolerance * 100} % (Little's law)`,
        );
    });
  });

/** The result of a load test. */
export type LoadTest = z.output<typeof loadTestSchema>;
