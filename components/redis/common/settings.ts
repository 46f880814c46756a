/** What Redis does when its memory is full: it refuses writes. A queue must not lose jobs to eviction. */
export const maxmemoryPolicy = "noeviction";
