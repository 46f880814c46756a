import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ManagedPostgresSize } from "../../../tiers";
import { formatProblem } from "../../../tiers/problem";
import { sizes } from "../../../tiers/sizes";
import { versions } from "../../../versions";
import { storeAccess } from "../../network/store-access";
import type { Component } from "../../support/component";
import { holdsData, keptSizes, retainedCopy } from "../../support/data";
import { finalSnapshotName } from "../../support/final-snapshot";
import { ports } from "../../support/names";
import { requireNetwork, type StoreNetwork } from "../../support/store";
import { isBurstable, type Watched } from "../../support/watched";
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
  const securityGroupId = storeAccess(postgres, network, {
    port: ports.postgres,
    description: "Postgres, from the cluster",
  });
  const common: InstanceCommon = {
    size,
    securityGroupId,
    parameterGroupName: parameterGroup(postgres),
    removable: args.removable,
    kmsKeyArn: args.kmsKeyArn,
  };
  const identifier = instanceIdentifier(postgres, "primary");
  const primary = primaryInstance(
    postgres,
    network,
    { ...common, identifier, password: args.superuserPassword },
    args.size.place !== "managed",
  );
  const replicas = Array.from({ length: size.replicas }, (_, index) => {
    const own = instanceIdentifier(postgres, `replica-${index}`);
    return { own, instance: replica(postgres, { ...common, identifier: own }, primary, network.zones, index) };
  });
  if (size.crossRegionBackups) copyBackups(postgres, size, requireRegion(postgres, args.backupRegion), primary);
  return {
    host: primary.address,
    readHosts: replicas.map(({ own, instance: { address } }) =>
      readHost({ identifier, primary }, { identifier: own, address }),
    ),
    ca: rdsAuthorities(args.region),
    peer: { ipBlock: { cidr: network.cidr } },
    securityGroupId,
    watched: [
      watchedInstance("primary", primary, size),
      ...replicas.map(({ instance }, index) => ({
        ...watchedInstance(`replica-${index}`, instance, size),
        replica: true,
      })),
    ],
  };
};

const watchedInstance = (
  name: string,
  { identifier }: aws.rds.Instance,
  { instanceClass, storageGiB }: ManagedPostgresSize,
): Watched => ({
  kind: "database",
  name,
  dimensions: { DBInstanceIdentifier: identifier },
  burstable: isBurstable(instanceClass),
  maxConnections: sizes.database(instanceClass)?.maxConnections,
  storageGiB,
});

interface Named {
  /** Identifier that the program gives a new instance. */
  identifier: pulumi.Output<string>;
}

/**
 * Returns the host name of a replica before the replica exists, so that PgBouncer and the application do not wait for it:
 * until it answers, reads go to the primary (`databases`). A host name is the identifier and a suffix that is the same for
 * all instances of an account in a region
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.html). Where the primary has another
 * identifier than the program's, from before the program named instances or because somebody renamed it, so may the
 * replica, and its own address counts.
 */
function readHost(
  { identifier, primary }: Named & { primary: aws.rds.Instance },
  replica: Named & { address: pulumi.Output<string> },
): pulumi.Output<string> {
  return pulumi
    .all([identifier, primary.identifier, primary.address, replica.identifier])
    .apply(([named, actual, address, own]) =>
      named === actual && address.startsWith(`${actual}.`)
        ? pulumi.output(`${own}${address.slice(actual.length)}`)
        : replica.address,
    );
}

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
  args: InstanceCommon & { identifier: pulumi.Output<string>; password: pulumi.Output<string> },
  isKept: boolean,
): aws.rds.Instance {
  const subnets = new aws.rds.SubnetGroup(
    postgres.named("subnets"),
    { description: "Private subnets of Postgres", subnetIds: network.privateSubnetIds },
    postgres.child,
  );
  const { identifier, removable } = args;
  return new aws.rds.Instance(
    postgres.named("primary"),
    primaryArgs({
      ...args,
      subnetGroupName: subnets.name,
      finalSnapshotIdentifier: finalSnapshotName(postgres),
    }),
    {
      ...postgres.child,
      ...holdsData(removable),
      ignoreChanges: [...initialProperties, ...keptSizes(isKept, sizeProperties)],
      dependsOn: logGroups(postgres, "primary", { identifier, removable }),
    },
  );
}

/**
 * A replica is a copy, so it is not protected: a smaller tier may have fewer. A replica that leaves the program keeps
 * running until its owner promotes or deletes it, unless the protection of data is lifted.
 */
function replica(
  postgres: Component,
  args: InstanceCommon & { identifier: pulumi.Output<string> },
  primary: aws.rds.Instance,
  zones: readonly pulumi.Input<string>[],
  index: number,
): aws.rds.Instance {
  const child = `replica-${index}`;
  const { identifier, removable } = args;
  return new aws.rds.Instance(
    postgres.named(child),
    replicaArgs({
      ...args,
      source: primary.identifier,
      availabilityZone: pulumi
        .all([pulumi.all([...zones]), primary.availabilityZone])
        .apply(([names, zone]) => replicaZone(names, zone, index)),
    }),
    {
      ...postgres.child,
      protect: false,
      retainOnDelete: !removable,
      // The zone depends on the primary's at creation. A later failover must not replace the replica.
      ignoreChanges: [...initialProperties, "availabilityZone"],
      // Two instances cannot have one identifier.
      deleteBeforeReplace: true,
      dependsOn: logGroups(postgres, child, { identifier, removable }),
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
