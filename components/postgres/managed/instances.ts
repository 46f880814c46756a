import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ManagedPostgresSize } from "../../../tiers";
import { versions } from "../../../versions";
import { ports } from "../../support/names";
import { identifiers, serverSettings, startSettings } from "../common/settings";

type InstanceArgs = aws.rds.InstanceArgs;
type Parameter = aws.types.input.rds.ParameterGroupParameter;

/** Parameters of every instance. */
export function parameters(): Parameter[] {
  const of = (settings: Record<string, string>, applyMethod: "immediate" | "pending-reboot") =>
    Object.entries(settings).map(([name, value]) => ({ name, value, applyMethod }));
  return [
    ...of({ ...serverSettings, "rds.force_ssl": "1" }, "immediate"),
    // Read at the start only; an instance is created with them.
    ...of(startSettings, "pending-reboot"),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export interface InstanceCommon {
  size: ManagedPostgresSize;
  parameterGroupName: pulumi.Input<string>;
  securityGroupId: pulumi.Input<string>;
}

/** What primary and replicas have in common: a replica may have to take the primary's place. */
function common({ size, parameterGroupName, securityGroupId }: InstanceCommon): InstanceArgs {
  return {
    instanceClass: size.instanceClass,
    engineVersion: versions.rds.engineVersion,
    // Pinned: a new version comes with `up`, after its release notes were read.
    autoMinorVersionUpgrade: false,
    caCertIdentifier: versions.rds.caCertIdentifier,
    parameterGroupName,
    vpcSecurityGroupIds: [securityGroupId],
    publiclyAccessible: false,
    port: ports.postgres,
    storageType: "gp3",
    storageEncrypted: true,
    maxAllocatedStorage: size.maxStorageGiB,
    // At once: PgBouncer's pools are computed from the class that is declared, not with one that waits for a window.
    applyImmediately: true,
    maintenanceWindow: "sun:04:30-sun:05:30",
    deletionProtection: true,
    copyTagsToSnapshot: true,
    performanceInsightsEnabled: true,
    // The span that costs nothing.
    performanceInsightsRetentionPeriod: 7,
    enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
  };
}

export interface PrimaryArgs extends InstanceCommon {
  subnetGroupName: pulumi.Input<string>;
  /** A secret. */
  password: pulumi.Input<string>;
  finalSnapshotIdentifier: string;
}

/**
 * The primary. It has no availability zone of its own: a failover moves a Multi-AZ instance to another, and a zone
 * given here would then replace it.
 */
export function primaryArgs(args: PrimaryArgs): InstanceArgs {
  const { size, subnetGroupName, password, finalSnapshotIdentifier } = args;
  return {
    ...common(args),
    engine: "postgres",
    dbSubnetGroupName: subnetGroupName,
    username: identifiers.superuser,
    password,
    // What it starts with: where RDS has grown it since, the provider sees no difference.
    allocatedStorage: size.storageGiB,
    multiAz: size.multiAz,
    backupRetentionPeriod: size.backupRetentionDays,
    backupWindow: "03:00-04:00",
    deleteAutomatedBackups: false,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier,
  };
}

export interface ReplicaArgs extends InstanceCommon {
  /** Identifier of the primary; storage and subnets come from it. */
  source: pulumi.Input<string>;
  availabilityZone: pulumi.Input<string>;
}

/** A read replica. RDS takes no final snapshot of one, and its backups would repeat the primary's. */
export function replicaArgs(args: ReplicaArgs): InstanceArgs {
  return {
    ...common(args),
    replicateSourceDb: args.source,
    availabilityZone: args.availabilityZone,
    multiAz: false,
    backupRetentionPeriod: 0,
    skipFinalSnapshot: true,
  };
}

/** Zone of a replica: another than the primary's, and another for each as long as there are any. */
export function replicaZone(zones: readonly string[], primaryZone: string, index: number): string {
  const others = zones.filter((zone) => zone !== primaryZone);
  return others[index % others.length] ?? primaryZone;
}

/** Identifier of a snapshot: letters, digits and single hyphens, a letter first. */
export function snapshotIdentifier(...parts: string[]): string {
  const text = parts
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-$/g, "");
  return text.slice(0, 255).replace(/-$/, "");
}
