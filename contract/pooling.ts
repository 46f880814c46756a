/** Seconds for which a PgBouncer pod that leaves lets its clients reconnect to others. Then it closes what is left. */
export const drainSeconds = 120;

/**
 * Seconds after which the pool of an application renews a connection. Within `drainSeconds`, with as much time again for a
 * connection in use: so every client has left a pod before it stops, and no caller sees an error.
 */
export const connectionLifetimeSeconds = 60;
