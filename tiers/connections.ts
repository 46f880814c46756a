import { sizes } from "./sizes";
import type { PgBouncerSize, PostgresSize } from "./types";

/**
 * PgBouncer pods that hold connections at the most. In a rolling update every old pod may still be draining, for minutes,
 * while every new one serves already: Kubernetes does not count a pod that is going against `maxSurge`.
 */
export const podsAtMost = (replicas: number) => 2 * replicas;

/** Connections of a server kept for superusers, the cloud's own agents, migrations and people. */
export function headroomOf(maxConnections: number): number {
  return Math.max(10, Math.ceil(maxConnections * 0.1));
}

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
 * ordinary day they aim at the tier's `serverConnections`. With read replicas `app` and `app_ro` end on different servers; a reader's pool may end
 * whole on one replica, so every server is reckoned with all of it.
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
