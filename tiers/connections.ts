import { sizes } from "./sizes";
import type { PgBouncerSize, PostgresSize } from "./types";

/** Pods beyond the replicas that a rolling update of PgBouncer may run (its maxSurge). */
export const pgbouncerSurge = 1;

/** Connections of a server kept for superusers, the cloud's own agents, migrations and people. */
export function headroomOf(maxConnections: number): number {
  return Math.max(10, Math.ceil(maxConnections * 0.1));
}

export interface ConnectionBudget {
  /** `max_connections` of one database server, as observed. */
  maxConnections: number;
  /** Of these, never used by PgBouncer. */
  headroom: number;
  /** Pods at their most: replicas and surge. */
  pods: number;
  /** Pools (user and database) that a pod opens on the busiest server: 1 where readers have servers of their own. */
  poolsPerPod: number;
  /** `default_pool_size`. */
  poolSize: number;
  reservePoolSize: number;
  /** The largest `default_pool_size` that `max_connections` allows. */
  largestPoolSize: number;
  /** Server connections at the most, on the busiest server. */
  serverConnections: number;
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
 * The pools: pods x pools x (pool + reserve) <= max_connections - headroom, with pods at their maximum, surge of a
 * rolling update included. With read replicas `app` and `app_ro` end on different servers; a reader's pool may end
 * whole on one replica, so every server is reckoned with all of it.
 */
export function connectionBudget(
  postgres: PostgresSize,
  pgbouncer: PgBouncerSize,
  maxConnections: number,
): ConnectionBudget {
  const headroom = headroomOf(maxConnections);
  const pods = pgbouncer.replicas + pgbouncerSurge;
  const poolsPerPod = postgres.place === "managed" && postgres.managed.replicas > 0 ? 1 : 2;
  const reserve = pgbouncer.reservePoolSize;
  const poolWithin = (connections: number) => Math.floor(connections / (pods * poolsPerPod)) - reserve;
  const largestPoolSize = poolWithin(maxConnections - headroom);
  const aimed = poolWithin(Math.min(pgbouncer.serverConnections, maxConnections - headroom));
  const poolSize = pgbouncer.poolSize ?? aimed;
  return {
    maxConnections,
    headroom,
    pods,
    poolsPerPod,
    poolSize,
    reservePoolSize: reserve,
    largestPoolSize,
    serverConnections: pods * poolsPerPod * (poolSize + reserve),
    clientConnections: pgbouncer.replicas * pgbouncer.maxClientConnections,
  };
}
