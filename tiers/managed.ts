import type { ManagedPostgresSize, ManagedRedisSize } from "./types";

/**
 * The smallest managed stores. Startup uses them. MVP sets them too, for a product that moved down and keeps its
 * managed stores until the data is copied back.
 */
export const startupManaged: { postgres: ManagedPostgresSize; redis: ManagedRedisSize } = {
  postgres: {
    // max_connections is 198 on 2 GiB, as measured. A micro (1 GiB) would put PgBouncer's pools below 100.
    instanceClass: "db.t4g.small",
    // The smallest gp3 volume of RDS. It includes 3,000 IOPS, far above 200 queries a second.
    storageGiB: 20,
    // Every tier has the same limit. RDS refuses a limit below the storage that autoscaling has allocated, so a lower one
    // could block a move down.
    maxStorageGiB: 500,
    multiAz: false,
    replicas: 0,
    // Read replicas (Growth) require backups. Enabling backups later would restart the database.
    backupRetentionDays: 7,
    crossRegionBackups: false,
  },
  // With a replica, as at every tier above. Without one, queues would be less durable than on MVP's volume, and the move
  // down from Growth would be refused: the provider removes replicas before it turns off Multi-AZ.
  redis: { nodeType: "cache.t4g.micro", shards: 1, replicasPerShard: 1, snapshotRetentionDays: 1 },
};
