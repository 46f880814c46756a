import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ManagedPostgresSize } from "../../../tiers";
import { formatProblem } from "../../../tiers/problem";
import { versions } from "../../../versions";
import { storeAccess } from "../../network/store-access";
import type { Component } from "../../support/component";
import { holdsData, keptSizes, retainedCopy } from "../../support/data";
import { finalSnapshotName } from "../../support/final-snapshot";
import { ports } from "../../support/names";
import { requireNetwork, type StoreNetwork } from "../../support/store";
import type { PostgresStore } from "../common/server";
import { rdsAuthorities } from "./authorities";
import { instanceIdentifier } from "./identifier";
import {
  type InstanceCommon,
  initialProperties,
  parameters,
  primaryArgs,
  replicaArgs,
  replicaZone,
  sizeProperties,
} from "./instances";
import { logGroups } from "./log-groups";

/** Creates Postgres on RDS: a primary, its read replicas and the cross-region copies of its backups. */
export const managedStore: PostgresStore = (postgres, args) => {
  const size = args.size.managed;
  const network = requireNetwork(postgres, args.network);
  const common: InstanceCommon = {
    size,
    securityGroupId: storeAccess(postgres, network, {
      port: ports.postgres,
      description: "Postgres, from the cluster",
    }),
    parameterGroupName: parameterGroup(postgres),
    removable: args.removable,
    kmsKeyArn: args.kmsKeyArn,
  };
  const primary = primaryInstance(postgres, network, args.superuserPassword, common, args.size.place !== "managed");
  const replicas = Array.from({ length: size.replicas }, (_, index) =>
    replica(postgres, common, primary, network.zones, index),
  );
  if (size.crossRegionBackups) copyBackups(postgres, size, requireRegion(postgres, args.backupRegion), primary);
  return {
    host: primary.address,
    readHosts: replicas.map(({ address }) => address),
    ca: rdsAuthorities(args.region),
    peer: { ipBlock: { cidr: network.cidr } },
  };
};

/** One parameter group per family: RDS cannot delete a group in use, so a major upgrade needs a second one. */
function parameterGroup(postgres: Component): pulumi.Output<string> {
  const { family } = versions.rds;
  const group = new aws.rds.ParameterGroup(
    postgres.named(`parameters-${family}`),
    { family, description: "Postgres of the product", parameters: parameters() },
    postgres.child,
  );
  return group.name;
}

function primaryInstance(
  postgres: Component,
  network: StoreNetwork,
  password: pulumi.Output<string>,
  common: InstanceCommon,
  isKept: boolean,
): aws.rds.Instance {
  const subnets = new aws.rds.SubnetGroup(
    postgres.named("subnets"),
    { description: "Private subnets of Postgres", subnetIds: network.privateSubnetIds },
    postgres.child,
  );
  const identifier = instanceIdentifier(postgres, "primary");
  return new aws.rds.Instance(
    postgres.named("primary"),
    primaryArgs({
      ...common,
      identifier,
      subnetGroupName: subnets.name,
      password,
      finalSnapshotIdentifier: finalSnapshotName(postgres),
    }),
    {
      ...postgres.child,
      ...holdsData(common.removable),
      ignoreChanges: [...initialProperties, ...keptSizes(isKept, sizeProperties)],
      dependsOn: logGroups(postgres, "primary", { identifier, removable: common.removable }),
    },
  );
}

/**
 * A replica is a copy, so it is not protected: a smaller tier may have fewer. A replica that leaves the program keeps
 * running until its owner promotes or deletes it, unless the protection of data is lifted.
 */
function replica(
  postgres: Component,
  common: InstanceCommon,
  primary: aws.rds.Instance,
  zones: readonly pulumi.Input<string>[],
  index: number,
): aws.rds.Instance {
  const child = `replica-${index}`;
  const identifier = instanceIdentifier(postgres, child);
  return new aws.rds.Instance(
    postgres.named(child),
    replicaArgs({
      ...common,
      identifier,
      source: primary.identifier,
      availabilityZone: pulumi
        .all([pulumi.all([...zones]), primary.availabilityZone])
        .apply(([names, zone]) => replicaZone(names, zone, index)),
    }),
    {
      ...postgres.child,
      protect: false,
      retainOnDelete: !common.removable,
      // The zone depends on the primary's at creation. A later failover must not replace the replica.
      ignoreChanges: [...initialProperties, "availabilityZone"],
      // Two instances cannot have one identifier.
      deleteBeforeReplace: true,
      dependsOn: logGroups(postgres, child, { identifier, removable: common.removable }),
    },
  );
}

/** Returns the region of the backup copies. Throws a ResourceError without one. */
function requireRegion(postgres: Component, region: string | undefined): string {
  if (region) return region;
  const problem = {
    where: `${postgres.componentName}.backupRegion`,
    given: "nothing, with crossRegionBackups",
    allowed: "a region to which RDS copies backups",
    fix: "pass backupRegion",
  };
  throw new pulumi.ResourceError(formatProblem(problem), postgres);
}

/**
 * Copies automated backups to a second region. When copying stops, the copies remain for their retention period and
 * stay encrypted with the key. So the key is retained when a tier no longer copies backups.
 */
function copyBackups(postgres: Component, size: ManagedPostgresSize, region: string, primary: aws.rds.Instance): void {
  const key = new aws.kms.Key(
    postgres.named("backup-key"),
    { region, description: "Copies of Postgres backups", enableKeyRotation: true, deletionWindowInDays: 30 },
    { ...postgres.child, ...retainedCopy },
  );
  new aws.rds.InstanceAutomatedBackupsReplication(
    postgres.named("backup-copies"),
    {
      region,
      sourceDbInstanceArn: primary.arn,
      kmsKeyId: key.arn,
      retentionPeriod: size.backupRetentionDays,
    },
    // RDS allows one replication per instance and region.
    { ...postgres.child, deleteBeforeReplace: true },
  );
}
