import type { PgBouncerSize } from "./types";

/** What PgBouncer needs besides its clients, in MiB: 3 measured, the rest for its server connections. */
const base = 16;
/**
 * What a client costs that logs in over TLS with SCRAM, in KiB. 60 measured in storms of 1,000 reconnecting clients
 * (PgBouncer 1.18 with OpenSSL 3, tests/long/storm.test.ts); others measured up to 80.
 */
const perClientKiB = 80;

/**
 * Returns the clients that one pod must survive. When one of several pods fails, its clients storm the others. A pod
 * refuses those above `max_client_conn` only after the TLS handshake, so they cost as much as the rest.
 */
export function stormClients({ replicas, maxClientConnections }: PoolerClients): number {
  return replicas === 1 ? maxClientConnections : Math.ceil((maxClientConnections * replicas) / (replicas - 1));
}

/** Returns PgBouncer's memory in MiB, in steps of 8. It follows from the clients. */
export function poolerMemoryMiB(clients: PoolerClients): number {
  return Math.ceil((base + (stormClients(clients) * perClientKiB) / 1024) / 8) * 8;
}

type PoolerClients = Pick<PgBouncerSize, "replicas" | "maxClientConnections">;

/** Returns the most `maxClientConnections` for which a pod needs no more than this memory. */
export function clientsWithin(memoryMiB: number, replicas: number): number {
  const storm = Math.floor(((Math.floor(memoryMiB / 8) * 8 - base) * 1024) / perClientKiB);
  return Math.max(0, Math.floor(replicas === 1 ? storm : (storm * (replicas - 1)) / replicas));
}

/** Returns the part of PgBouncer's size that follows from its clients. */
export function poolerOf(cpuMillicores: number, clients: PoolerClients) {
  return { ...clients, container: { cpuMillicores, memoryMiB: poolerMemoryMiB(clients) } };
}
