import { formatProblem, type Problem } from "./problem";
import { sizes, unknownSize } from "./sizes";
import type { PgBouncerSize, PostgresSize, TierSpec } from "./types";

/**
 * PgBouncer pods that hold connections at the most. In a rolling update every old pod may still be draining, for minutes,
 * while every new one serves already: Kubernetes does not count a pod that is going against `maxSurge`.
 */
export const podsAtMost = (replicas: number) => 2 * replicas;

/** Connections of a server kept for superusers, the cloud's own agents, migrations and people. */
export function headroomOf(maxConnections: number): number {
  return Math.max(10, Math.ceil(maxConnections * 0.1));
}

/** What PgBouncer's pools take of one database server, in connections. */
export interface ConnectionBudget {
  /** `max_connections` of one database server, as observed. */
  maxConnections: number;
  /** Of these, never used by PgBouncer. */
  headroom: number;
  /** Pods in a rolling update, at their most. */
  podsAtMost: number;
  /** Pools (user and database) that a pod opens on the busiest server: 1 where readers have servers of their own. */
  poolsPerPod: number;
  /** `default_pool_size`. */
  poolSize: number;
  reservePoolSize: number;
  /** The largest `default_pool_size` that `max_connections` allows. */
  largestPoolSize: number;
  /** Server connections with every pool full, on the busiest server. */
  serverConnections: number;
  /** The same in the middle of a rolling update; never above `maxConnections` - `headroom`. */
  serverConnectionsAtMost: number;
  /** Client connections, with every replica up. */
  clientConnections: number;
}

/** `max_connections` of the server the product uses; undefined for an instance class nobody has measured. */
export function maxConnectionsOf(postgres: PostgresSize): number | undefined {
  return postgres.place === "cluster"
    ? postgres.cluster.maxConnections
    : sizes.database(postgres.managed.instanceClass)?.maxConnections;
}

/**
 * The pools: pods x pools x (pool + reserve) <= max_connections - headroom, with the pods of a rolling update; on an
 * ordinary day they aim at the tier's `serverConnections`. With read replicas `app` and `app_ro` connect to different
 * servers. All of a reader's pool may connect to one replica, so every server is given room for all of it.
 */
export function connectionBudget(
  postgres: PostgresSize,
  pgbouncer: PgBouncerSize,
  maxConnections: number,
): ConnectionBudget {
  const headroom = headroomOf(maxConnections);
  const pods = podsAtMost(pgbouncer.replicas);
  const poolsPerPod = postgres.place === "managed" && postgres.managed.replicas > 0 ? 1 : 2;
  const reserve = pgbouncer.reservePoolSize;
  const poolWithin = (connections: number, among: number) => Math.floor(connections / (among * poolsPerPod)) - reserve;
  const largestPoolSize = poolWithin(maxConnections - headroom, pods);
  const aimed = poolWithin(pgbouncer.serverConnections, pgbouncer.replicas);
  const poolSize = pgbouncer.poolSize ?? Math.min(aimed, largestPoolSize);
  const perPod = poolsPerPod * (poolSize + reserve);
  return {
    maxConnections,
    headroom,
    podsAtMost: pods,
    poolsPerPod,
    poolSize,
    reservePoolSize: reserve,
    largestPoolSize,
    serverConnections: pgbouncer.replicas * perPod,
    serverConnectionsAtMost: pods * perPod,
    clientConnections: pgbouncer.replicas * pgbouncer.maxClientConnections,
  };
}

/** The pools, or what is wrong with them: too many connections for the server, or none left for a pool. */
export function checkedBudget(
  postgres: PostgresSize,
  pgbouncer: PgBouncerSize,
): { budget: ConnectionBudget } | { problem: Problem } {
  const maxConnections = maxConnectionsOf(postgres);
  if (maxConnections === undefined) {
    const { instanceClass } = postgres.managed;
    return { problem: unknownSize("postgres.instanceClass", instanceClass, sizes.databaseClasses) };
  }
  const budget = connectionBudget(postgres, pgbouncer, maxConnections);
  const problem = poolProblem(pgbouncer, budget);
  return problem ? { problem } : { budget };
}

/** pods x pools x (pool + reserve) <= max_connections - headroom. */
function poolProblem(pgbouncer: PgBouncerSize, budget: ConnectionBudget): Problem | undefined {
  const { podsAtMost, poolsPerPod, poolSize, largestPoolSize, reservePoolSize, headroom, maxConnections } = budget;
  const inequality =
    `${podsAtMost} pods in a rollout x ${poolsPerPod} pools x (pool + ${reservePoolSize}) must fit ` +
    `${maxConnections} - ${headroom}`;
  if (largestPoolSize < 1)
    return {
      where: "pgbouncer.replicas",
      given: `${pgbouncer.replicas} pods with a reserve of ${reservePoolSize}`,
      allowed: `as many as the database's connections allow: ${inequality}`,
      fix: "lower pgbouncer.replicas or pgbouncer.reservePoolSize, or choose a larger postgres.instanceClass",
    };
  if (poolSize > largestPoolSize)
    return {
      where: "pgbouncer.poolSize",
      given: `${poolSize}`,
      allowed: `1 to ${largestPoolSize}: ${inequality}`,
      fix: "lower pgbouncer.poolSize or pgbouncer.replicas, or choose a larger postgres.instanceClass",
    };
  if (poolSize < 1)
    return {
      where: "pgbouncer.reservePoolSize",
      given: `${reservePoolSize}`,
      allowed: `a reserve that leaves room for a pool within ${pgbouncer.serverConnections} connections`,
      fix: "lower pgbouncer.reservePoolSize or pgbouncer.replicas, or set pgbouncer.poolSize",
    };
  return undefined;
}

/** The pools of sizes that passed the rules. Throws a RangeError for others. */
export function budgetOf({ postgres, pgbouncer }: Pick<TierSpec, "postgres" | "pgbouncer">): ConnectionBudget {
  const checked = checkedBudget(postgres, pgbouncer);
  if ("problem" in checked) throw new RangeError(formatProblem(checked.problem));
  return checked.budget;
}
