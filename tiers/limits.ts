/** Limits of AWS's stores. */

/** Largest storage of RDS for PostgreSQL on gp3, in GiB (RDS, "General Purpose SSD storage"). */
export const rdsMaxStorageGiB = 65536;

/**
 * Returns the lowest limit of storage autoscaling that RDS accepts: 10 % above the storage, both in GiB. Not times 1.1,
 * because 100 * 1.1 is above 110.
 */
export const leastMaxStorageGiB = (storageGiB: number): number => Math.ceil((storageGiB * 11) / 10);

/** Largest storage for which a limit of storage autoscaling exists, in GiB. */
export const largestStorageGiB = Math.floor((rdsMaxStorageGiB * 10) / 11);

/** Nodes of one ElastiCache cluster: "Nodes per cluster per instance type (cluster mode enabled)", unless AWS raises it. */
export const maxCacheNodes = 90;

/** Read replicas of a database: a bound of ours. */
export const maxReadReplicas = 5;
