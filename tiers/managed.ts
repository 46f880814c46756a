import type { ManagedPostgresSize, ManagedRedisSize } from "./types";

/** The smallest managed stores. Startup runs on them; MVP names them too, for a product that moved down and keeps its
 * managed stores until the data has been copied back. */
export const startupManaged: { postgres: ManagedPostgresSize; redis: ManagedRedisSize } = {
  postgres: {
    // 198 connections observed on 2 GiB; a micro (1 GiB) would leave PgBouncer's pools under the guides' 100.
    instanceClass: "db.t4g.small",
    // The smallest gp3 volume RDS sells: 3,000 IOPS are included, far above 200 queries a second.
    storageGiB: 20,
    maxStorageGiB: 100,
    multiAz: false,
    replicas: 0,
    // Replicas (Growth) need backups > 0; going from 0 to n later restarts the database.
    backupRetentionDays: 7,
    crossRegionBackups: false,
  },
  redis: { nodeType: "cache.t4g.micro", shards: 1, replicasPerShard: 0, snapshotRetentionDays: 1 },
};
