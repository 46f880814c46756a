/** The universal scalability law (N. Gunther, Guerrilla Capacity Planning, 2007). */

export interface Scalability {
  /** Contention: the share of the work that is serial. From 0 to 1. */
  sigma: number;
  /** Coherency: the work for every pair of servers to agree. At least 0. */
  kappa: number;
}

/** Returns how many times the throughput of one server `servers` of them have. */
export const relativeCapacity = (servers: number, { sigma, kappa }: Scalability): number =>
  servers / (1 + sigma * (servers - 1) + kappa * servers * (servers - 1));

/** Returns the number of servers of the highest throughput: more of them lower it. Infinite without coherency. */
export const knee = ({ sigma, kappa }: Scalability): number =>
  kappa > 0 ? Math.sqrt(Math.max(0, 1 - sigma) / kappa) : Number.POSITIVE_INFINITY;

/**
 * Returns the highest relative capacity of at most `servers`. Servers beyond the knee stay idle: an autoscaler does not
 * start them and a pool does not open them, while the load asks for no more. Below one server it is their share.
 */
export function usableCapacity(servers: number, scalability: Scalability): number {
  if (servers <= 1) return servers;
  return relativeCapacity(Math.min(servers, Math.max(1, knee(scalability))), scalability);
}
