/**
 * What Valkey needs besides its data and their copy, in MiB: 5 measured for the server and 16 for 300 clients over TLS,
 * the rest for socket buffers and the page cache of the append-only file, which count towards the limit.
 */
export const baseMiB = 24;

/**
 * Share of the rest for data. A rewrite of the append-only file forks the server, and every page that a client writes
 * meanwhile exists twice. Measured with every value replaced during a rewrite: 2.1 times `maxmemory`
 * (Redis 7.0, tests/long/rewrite.test.ts).
 */
export const dataShare = 0.45;

/**
 * What the buffers of all clients may take, as a share of `maxmemory`. Above it, the server closes the client with the
 * largest. Without a limit, six clients that ask for a long list and do not read it take all of the container's memory,
 * and two of them make the server refuse every write, because their buffers count as data (tests/long/rewrite.test.ts).
 */
export const maxmemoryClients = "25%";

/** Returns `maxmemory` for a container size, both in MiB. */
export function maxMemoryMiB(containerMiB: number): number {
  return Math.floor((containerMiB - baseMiB) * dataShare);
}
