/** Rejects writes when memory is full: a queue must not lose jobs to eviction. */
export const maxmemoryPolicy = "noeviction";
