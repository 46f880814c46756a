import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ManagedRedisSize } from "../../../tiers";
import { versions } from "../../../versions";
import { ports } from "../../support/names";
import { maxmemoryPolicy } from "../common/settings";

/** Parameters: cluster mode, and the eviction policy. */
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

/** Snapshot names are lower-case letters, digits and single dashes. */
export function finalSnapshotName(project: string, stack: string): string {
  return `${project}-${stack}-redis-final`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "");
}

export interface ReplicationGroupNeeds {
  size: ManagedRedisSize;
  password: pulumi.Output<string>;
  subnetGroupName: pulumi.Input<string>;
  parameterGroupName: pulumi.Input<string>;
  securityGroupId: pulumi.Input<string>;
}

/**
 * Valkey in cluster mode, from one shard without a replica up. Node type, shards and replicas are the only properties
 * that a size changes, and ElastiCache changes all three online.
 */
export function replicationGroupArgs(needs: ReplicationGroupNeeds): aws.elasticache.ReplicationGroupArgs {
  const { size } = needs;
  return {
    description: "Queues, sessions and cache",
    engine: "valkey",
    engineVersion: versions.elasticache.engineVersion,
    // Versions are raised in versions.ts, not by the calendar.
    autoMinorVersionUpgrade: false,
    nodeType: size.nodeType,
    clusterMode: "enabled",
    numNodeGroups: size.shards,
    replicasPerNodeGroup: size.replicasPerShard,
    // Cluster mode demands it, even of a shard without a replica to fail over to.
    automaticFailoverEnabled: true,
    multiAzEnabled: size.replicasPerShard > 0,
    port: ports.redis,
    parameterGroupName: needs.parameterGroupName,
    subnetGroupName: needs.subnetGroupName,
    securityGroupIds: [needs.securityGroupId],
    atRestEncryptionEnabled: true,
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    authToken: needs.password,
    // The old password is good until a second rotation: clients change over without a gap.
    authTokenUpdateStrategy: "ROTATE",
    snapshotRetentionLimit: size.snapshotRetentionDays,
    // UTC; the two must not overlap.
    snapshotWindow: "03:00-04:00",
    maintenanceWindow: "sun:04:30-sun:05:30",
    finalSnapshotIdentifier: finalSnapshotName(pulumi.getProject(), pulumi.getStack()),
    // A move is done when the update ends: a node type that waits for Sunday would leave the tier half moved.
    applyImmediately: true,
  };
}
