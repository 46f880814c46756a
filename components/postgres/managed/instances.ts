import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ManagedPostgresSize } from "../../../tiers";
import { versions } from "../../../versions";
import type { Removable } from "../../support/data";
import { ports } from "../../support/names";
import { identifiers, serverSettings, startSettings } from "../common/settings";
import { engineVersionOf } from "./versions";

type InstanceArgs = aws.rds.InstanceArgs;
type Parameter = aws.types.input.rds.ParameterGroupParameter;

/**
 * Parameters whose value is the default of the family, named all the same so that nobody turns them off unseen.
 * `rds.force_ssl` is on by default from PostgreSQL 15 on (RDS User Guide, "Requiring an SSL connection").
 */
const defaults = { "rds.force_ssl": "1" };

/**
 * Sets wal_level to logical, for a handover (docs/handover.md). Always: a new instance starts with it, while an instance
 * that gets it later needs a reboot first, as those from before this parameter do.
 */
const logicalReplication = { "rds.logical_replication": "1" };

/**
 * Bounds what a handover can leave behind. A slot that nobody reads is given up before it fills the storage: a quarter of the
 * smallest (tiers/managed.ts), in MB. The connection of an engine whose node is gone ends within a minute.
 */
const bounds = {
  max_slot_wal_keep_size: "5120",
  tcp_keepalives_idle: "30",
  tcp_keepalives_interval: "10",
  tcp_keepalives_count: "3",
};

/** Returns the parameters of every instance, sorted by name. */
export function parameters(): Parameter[] {
  const withMethod = (settings: Record<string, string>, applyMethod: "immediate" | "pending-reboot") =>
    Object.entries(settings).map(([name, value]) => ({ name, value, applyMethod }));
  return [
    ...withMethod({ ...serverSettings, ...bounds }, "immediate"),
    // Static parameters. A new instance starts with them.
    ...withMethod(startSettings, "pending-reboot"),
    ...withMethod(logicalReplication, "pending-reboot"),
    // RDS ignores a change to the value that is there already, and keeps reporting `pending-reboot`. The provider compares
    // the method too (terraform-provider-aws, internal/service/rds/parameter_group.go, parameterHash), so `immediate`
    // would be a difference at every `pulumi up` (https://github.com/hashicorp/terraform-provider-aws/issues/39252).
    ...withMethod(defaults, "pending-reboot"),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Logs that every instance sends to CloudWatch. */
export const exportedLogs = ["postgresql", "upgrade"] as const;

export interface InstanceCommon extends Removable {
  size: ManagedPostgresSize;
  parameterGroupName: pulumi.Input<string>;
  securityGroupId: pulumi.Input<string>;
  /** KMS key of the storage and of Performance Insights. @default the keys that AWS manages */
  kmsKeyArn?: string | undefined;
}

/** Settings that the primary and its replicas share, because a replica may be promoted. */
function common(args: InstanceCommon): InstanceArgs {
  const { size, parameterGroupName, securityGroupId, kmsKeyArn, removable = false } = args;
  return {
    instanceClass: size.instanceClass,
    engineVersion: engineVersionOf(size.majorVersion).engineVersion,
    // Pinned: read the release notes, raise the version and run `pulumi up`.
    autoMinorVersionUpgrade: false,
    caCertIdentifier: versions.rds.caCertIdentifier,
    parameterGroupName,
    vpcSecurityGroupIds: [securityGroupId],
    publiclyAccessible: false,
    port: ports.postgres,
    storageType: "gp3",
    storageEncrypted: true,
    maxAllocatedStorage: size.maxStorageGiB,
    // PgBouncer's pools are computed from the declared class, so the change must not wait for the maintenance window.
    applyImmediately: true,
    maintenanceWindow: "sun:04:30-sun:05:30",
    deletionProtection: !removable,
    copyTagsToSnapshot: true,
    performanceInsightsEnabled: true,
    // It stores the texts of queries.
    ...(kmsKeyArn !== undefined && { performanceInsightsKmsKeyId: kmsKeyArn }),
    // The free tier's retention, in days.
    performanceInsightsRetentionPeriod: 7,
    enabledCloudwatchLogsExports: [...exportedLogs],
  };
}

/**
 * Properties that only a new instance gets from the program. Instances from before the program named them keep the
 * identifier that Pulumi gave them: another one would rename the database, whose host name has it.
 */
export const initialProperties = ["identifier"] as const satisfies (keyof InstanceArgs)[];

export interface PrimaryArgs extends InstanceCommon {
  /** Counts for a new instance only. */
  identifier: pulumi.Input<string>;
  subnetGroupName: pulumi.Input<string>;
  /** A secret. */
  password: pulumi.Input<string>;
  finalSnapshotIdentifier: pulumi.Input<string>;
}

/**
 * Returns the arguments of the primary. They set no availability zone: a failover moves a Multi-AZ instance to another
 * zone, and a fixed zone would then replace it.
 */
export function primaryArgs(args: PrimaryArgs): InstanceArgs {
  const { size, identifier, subnetGroupName, password, kmsKeyArn, finalSnapshotIdentifier } = args;
  return {
    ...common(args),
    identifier,
    engine: "postgres",
    dbSubnetGroupName: subnetGroupName,
    username: identifiers.superuser,
    password,
    // A replica in the same region has the key of its source.
    ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
    // Initial size. The provider ignores the difference after storage autoscaling.
    allocatedStorage: size.storageGiB,
    multiAz: size.multiAz,
    backupRetentionPeriod: size.backupRetentionDays,
    backupWindow: "03:00-04:00",
    deleteAutomatedBackups: false,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier,
  };
}

/** Properties of the primary that depend on its size. */
export const sizeProperties = [
  "instanceClass",
  "allocatedStorage",
  "maxAllocatedStorage",
  "multiAz",
  "backupRetentionPeriod",
] as const satisfies (keyof InstanceArgs)[];

/**
 * Properties that an instance of the previous generation keeps as they are, primary or replica: a handover leads to another
 * instance because some of them cannot change in place, or only with an interruption.
 */
export const frozenProperties = [
  ...sizeProperties,
  "engineVersion",
  "parameterGroupName",
  "kmsKeyId",
  "performanceInsightsKmsKeyId",
] as const satisfies (keyof InstanceArgs)[];

export interface ReplicaArgs extends InstanceCommon {
  /** Counts for a new instance only. */
  identifier: pulumi.Input<string>;
  /** Identifier of the primary. The replica inherits its storage size and subnets. */
  source: pulumi.Input<string>;
  availabilityZone: pulumi.Input<string>;
}

/**
 * Returns the arguments of a read replica. RDS takes no final snapshot of a replica, and backups would duplicate the
 * primary's.
 */
export function replicaArgs(args: ReplicaArgs): InstanceArgs {
  return {
    ...common(args),
    identifier: args.identifier,
    replicateSourceDb: args.source,
    availabilityZone: args.availabilityZone,
    multiAz: false,
    backupRetentionPeriod: 0,
    skipFinalSnapshot: true,
  };
}

/** Returns the zone of a replica: not the primary's if there is another, and one per replica if there are enough. */
export function replicaZone(zones: readonly string[], primaryZone: string, index: number): string {
  const others = zones.filter((zone) => zone !== primaryZone);
  return others[index % others.length] ?? primaryZone;
}
