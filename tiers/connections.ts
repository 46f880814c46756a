import { formatProblem, type Problem } from "./problem";
import { sizes, unknownSize } from "./sizes";
import type { PgBouncerSize, PostgresPlace, PostgresSize, TierSpec } from "./types";

/**
 * Returns the maximum number of PgBouncer pods with open connections. In a rolling update every old pod can still be
 * draining while every new pod already serves: Kubernetes does not count terminating pods against `maxSurge`.
 */
export const rolloutPods = (replicas: number) => 2 * replicas;

/** Returns the connections reserved for superusers, AWS's own agents and operators. */
export function headroomOf(maxConnections: number): number {
  return Math.max(10, Math.ceil(maxConnections * 0.1));
}

/** Transaction pools of a pod: `app` and `app_ro`. */
const pools = 2;

/** Connections for reads that go to each replica, for one that goes to the primary. */
export const replicaTurns = 3;

/** Returns the share of the connections for reads that goes to the primary while every replica works. */
export const primaryShare = (replicas: number) => 1 / (replicaTurns * replicas + 1);

/** What PgBouncer's pools take of the primary, in connections. */
export interface ConnectionBudget {
  /** `max_connections` of one database server. */
  maxConnections: number;
  /** Connections that PgBouncer never uses. */
  headroom: number;
  /** Maximum number of pods during a rolling update. */
  rolloutPods: number;
  /** `default_pool_size` of the two transaction pools, `app` and `app_ro`. */
  poolSize: number;
  /** What each of the two may add. */
  reservePoolSize: number;
  /** Size of the session pool. */
  sessionPoolSize: number;
  /** The largest `default_pool_size` that `max_connections` allows. */
  largestPoolSize: number;
  /** Connections with every pool full, while every replica works. */
  serverConnections: number;
  /** The same during a rolling update, with every replica gone; at most `maxConnections` - `headroom`. */
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
 * Returns the pool sizes that satisfy pods x (2 x (pool + reserve) + sessions) <= max_connections - headroom during a
 * rolling update with every replica gone. Otherwise they target the tier's `serverConnections`. A replica has the size of
 * the primary and gets reads only, so the primary is the server that counts.
 */
export function connectionBudget(
  postgres: PostgresSize,
  pgbouncer: PgBouncerSize,
  maxConnections: number,
): ConnectionBudget {
  const headroom = headroomOf(maxConnections);
  const pods = rolloutPods(pgbouncer.replicas);
  const { reservePoolSize: reserve, sessionPoolSize: sessions } = pgbouncer;
  const poolsInUse = 1 + primaryShare(servers[postgres.place](postgres).replicas);
  const poolSizeFor = (perPod: number, pools: number) => Math.floor((perPod - sessions) / pools) - reserve;
  const largestPoolSize = poolSizeFor((maxConnections - headroom) / pods, pools);
  const targetPoolSize = poolSizeFor(pgbouncer.serverConnections / pgbouncer.replicas, poolsInUse);
  const poolSize = pgbouncer.poolSize ?? Math.min(targetPoolSize, largestPoolSize);
  const perPod = (pools: number) => Math.ceil(pools * (poolSize + reserve)) + sessions;
  return {
    maxConnections,
    headroom,
    rolloutPods: pods,
    poolSize,
    reservePoolSize: reserve,
    sessionPoolSize: sessions,
    largestPoolSize,
    serverConnections: pgbouncer.replicas * perPod(poolsInUse),
    serverConnectionsAtMost: pods * perPod(pools),
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

/** Checks that pods x (2 x (pool + reserve) + sessions) <= max_connections - headroom. */
function poolProblem(pgbouncer: PgBouncerSize, budget: ConnectionBudget): Problem | undefined {
  const { rolloutPods, poolSize, largestPoolSize, reservePoolSize, sessionPoolSize, headroom, maxConnections } = budget;
  const inequality =
    `${rolloutPods} pods in a rollout x (${pools} pools x (pool + ${reservePoolSize}) + ${sessionPoolSize} sessions) ` +
    `must fit ${maxConnections} - ${headroom}`;
  if (largestPoolSize < 1)
    return {
      where: "pgbouncer.replicas",
      given: `${pgbouncer.replicas} pods with a reserve of ${reservePoolSize} and ${sessionPoolSize} sessions`,
      allowed: `as many as the database's connections allow: ${inequality}`,
      fix:
        "lower pgbouncer.replicas, pgbouncer.reservePoolSize or pgbouncer.sessionPoolSize, or choose a larger " +
        "postgres.instanceClass",
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
      given: `${reservePoolSize}, with ${sessionPoolSize} sessions`,
      allowed: `a reserve that leaves room for a pool within ${pgbouncer.serverConnections} connections`,
      fix: "lower pgbouncer.reservePoolSize, pgbouncer.sessionPoolSize or pgbouncer.replicas, or set pgbouncer.poolSize",
    };
  return undefined;
}

/** Returns the connection budget of valid sizes. Throws a RangeError for invalid ones. */
export function budgetOf({ postgres, pgbouncer }: Pick<TierSpec, "postgres" | "pgbouncer">): ConnectionBudget {
  const checked = checkedBudget(postgres, pgbouncer);
  if ("problem" in checked) throw new RangeError(formatProblem(checked.problem));
  return checked.budget;
}
