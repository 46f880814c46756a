import { formatProblem, type Problem } from "./problem";
import { sizes, unknownSize } from "./sizes";
import type { PgBouncerSize, PostgresPlace, PostgresSize, TierSpec } from "./types";

/**
 * Returns the maximum number of PgBouncer pods with open connections. In a rolling update every old pod can still be
 * draining while every new pod already serves: Kubernetes does not count terminating pods against `maxSurge`.
 */
export const rolloutPods = (replicas: number) => 2 * replicas;

/** Returns the connections reserved for superusers, AWS's own agents, migrations and operators. */
export function headroomOf(maxConnections: number): number {
  return Math.max(10, Math.ceil(maxConnections * 0.1));
}

/** What PgBouncer's pools take of one database server, in connections. */
export interface ConnectionBudget {
  /** `max_connections` of one database server. */
  maxConnections: number;
  /** Connections that PgBouncer never uses. */
  headroom: number;
  /** Maximum number of pods during a rolling update. */
  rolloutPods: number;
  /** Pools (user and database) per pod on the busiest server: 1 with read replicas, otherwise 2. */
  poolsPerPod: number;
  /** `default_pool_size`. */
  poolSize: number;
  reservePoolSize: number;
  /** The largest `default_pool_size` that `max_connections` allows. */
  largestPoolSize: number;
  /** Server connections on the busiest server with every pool full. */
  serverConnections: number;
  /** The same during a rolling update; at most `maxConnections` - `headroom`. */
  serverConnectionsAtMost: number;
  /** Client connections with every pod running. */
  clientConnections: number;
}

/** The servers in each place: `max_connections` of one, and the number of read replicas. */
const servers: Record<PostgresPlace, (size: PostgresSize) => { maxConnections: number | undefined; replicas: number }> =
  {
    cluster: ({ cluster }) => ({ maxConnections: cluster.maxConnections, replicas: 0 }),
    managed: ({ managed }) => ({
      maxConnections: sizes.database(managed.instanceClass)?.maxConnections,
      replicas: managed.replicas,
    }),
  };

/** Returns `max_connections` of the server in use; undefined for an instance class that is not in the catalogue. */
export const maxConnectionsOf = (postgres: PostgresSize): number | undefined =>
  servers[postgres.place](postgres).maxConnections;

/**
 * Returns the pool sizes that satisfy pods x pools x (pool + reserve) <= max_connections - headroom during a rolling
 * update. Outside of one they target the tier's `serverConnections`. With read replicas, `app` and `app_ro` connect to
 * different servers. A reader's whole pool can connect to one replica, so every server must have room for all of it.
 */
export function connectionBudget(
  postgres: PostgresSize,
  pgbouncer: PgBouncerSize,
  maxConnections: number,
): ConnectionBudget {
  const headroom = headroomOf(maxConnections);
  const pods = rolloutPods(pgbouncer.replicas);
  const poolsPerPod = servers[postgres.place](postgres).replicas > 0 ? 1 : 2;
  const reserve = pgbouncer.reservePoolSize;
  const poolSizeFor = (connections: number, pods: number) => Math.floor(connections / (pods * poolsPerPod)) - reserve;
  const largestPoolSize = poolSizeFor(maxConnections - headroom, pods);
  const targetPoolSize = poolSizeFor(pgbouncer.serverConnections, pgbouncer.replicas);
  const poolSize = pgbouncer.poolSize ?? Math.min(targetPoolSize, largestPoolSize);
  const perPod = poolsPerPod * (poolSize + reserve);
  return {
    maxConnections,
    headroom,
    rolloutPods: pods,
    poolsPerPod,
    poolSize,
    reservePoolSize: reserve,
    largestPoolSize,
    serverConnections: pgbouncer.replicas * perPod,
    serverConnectionsAtMost: pods * perPod,
    clientConnections: pgbouncer.replicas * pgbouncer.maxClientConnections,
  };
}

/** Returns the connection budget, or the problem: an unknown instance class, too many connections, or an empty pool. */
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

/** Checks that pods x pools x (pool + reserve) <= max_connections - headroom. */
function poolProblem(pgbouncer: PgBouncerSize, budget: ConnectionBudget): Problem | undefined {
  const { rolloutPods, poolsPerPod, poolSize, largestPoolSize, reservePoolSize, headroom, maxConnections } = budget;
  const inequality =
    `${rolloutPods} pods in a rollout x ${poolsPerPod} pools x (pool + ${reservePoolSize}) must fit ` +
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

/** Returns the connection budget of valid sizes. Throws a RangeError for invalid ones. */
export function budgetOf({ postgres, pgbouncer }: Pick<TierSpec, "postgres" | "pgbouncer">): ConnectionBudget {
  const checked = checkedBudget(postgres, pgbouncer);
  if ("problem" in checked) throw new RangeError(formatProblem(checked.problem));
  return checked.budget;
}
