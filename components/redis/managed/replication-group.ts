import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ManagedRedisSize } from "../../../tiers";
import { versions } from "../../../versions";
import { ports } from "../../support/names";
import { maxmemoryPolicy } from "../common/settings";

/** Returns the arguments of the parameter group: cluster mode and the eviction policy. */
export function parameterGroupArgs(): aws.elasticache.ParameterGroupArgs {
  return {
    family: versions.elasticache.family,
    description: "Cluster mode without eviction",
    parameters: [
      { name: "cluster-enabled", value: "yes" },
      { name: "maxmemory-policy", value: maxmemoryPolicy },
    ],
  };
}

/** Properties of a replication group that depend on its size. */
export const sizeProperties = [
  "nodeType",
  "numNodeGroups",
  "replicasPerNodeGroup",
  "multiAzEnabled",
  "snapshotRetentionLimit",
] as const satisfies (keyof aws.elasticache.ReplicationGroupArgs)[];

export interface ReplicationGroupNeeds {
  size: ManagedRedisSize;
  password: pulumi.Output<string>;
  /** @default the key that AWS manages */
  kmsKeyArn?: string | undefined;
  subnetGroupName: pulumi.Input<string>;
  parameterGroupName: pulumi.Input<string>;
  securityGroupId: pulumi.Input<string>;
  finalSnapshotIdentifier: pulumi.Input<string>;
}

/**
 * Returns the arguments of a Valkey replication group in cluster mode; the smallest is one shard without replicas.
 * Sizes differ only in node type, shards and replicas, and ElastiCache changes all three online.
 */
export function replicationGroupArgs(needs: ReplicationGroupNeeds): aws.elasticache.ReplicationGroupArgs {
  const { size } = needs;
  return {
    description: "Queues, sessions and cache",
    engine: "valkey",
    engineVersion: versions.elasticache.engineVersion,
    // Pinned in versions.ts.
    autoMinorVersionUpgrade: false,
    nodeType: size.nodeType,
    clusterMode: "enabled",
    numNodeGroups: size.shards,
    replicasPerNodeGroup: size.replicasPerShard,
    // Cluster mode requires it, even for shards without replicas.
    automaticFailoverEnabled: true,
    multiAzEnabled: size.multiAz ?? size.replicasPerShard > 0,
    port: ports.redis,
    parameterGroupName: needs.parameterGroupName,
    subnetGroupName: needs.subnetGroupName,
    securityGroupIds: [needs.securityGroupId],
    atRestEncryptionEnabled: true,
    ...(needs.kmsKeyArn !== undefined && { kmsKeyId: needs.kmsKeyArn }),
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    authToken: needs.password,
    // Adds the new password and keeps the one before; of three, the oldest goes (ElastiCache User Guide, "Modifying the
    // AUTH token"). So clients can switch without downtime.
    authTokenUpdateStrategy: "ROTATE",
    snapshotRetentionLimit: size.snapshotRetentionDays,
    // UTC. The two windows must not overlap.
    snapshotWindow: "03:00-04:00",
    maintenanceWindow: "sun:04:30-sun:05:30",
    finalSnapshotIdentifier: needs.finalSnapshotIdentifier,
    // A change that waits for the maintenance window would leave a move unfinished until Sunday.
    applyImmediately: true,
  };
}
