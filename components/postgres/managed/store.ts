import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ManagedPostgresSize } from "../../../tiers";
import { nameIn } from "../../../tiers/generations";
import { formatProblem } from "../../../tiers/problem";
import { sizes } from "../../../tiers/sizes";
import { storeAccess } from "../../network/store-access";
import type { Component } from "../../support/component";
import { holdsData, keptSizes, retainedCopy } from "../../support/data";
import { finalSnapshotName } from "../../support/final-snapshot";
import { ports } from "../../support/names";
import { requireNetwork, type StoreNetwork } from "../../support/store";
import { isBurstable, type Watched } from "../../support/watched";
import type { PostgresServer, PostgresStore, PostgresStoreArgs } from "../common/server";
import { rdsAuthorities } from "./authorities";
import { instanceIdentifier } from "./identifier";
import {
  frozenProperties,
  type InstanceCommon,
  initialProperties,
  parameters,
  primaryArgs,
  replicaArgs,
  replicaZone,
  sizeProperties,
} from "./instances";
import { logGroups } from "./log-groups";
import { engineVersionOf } from "./versions";

/**
 * Creates Postgres on RDS: a primary, its read replicas and the cross-region copies of its backups; the same of the previous
 * generation, if there is one. All share the subnets, the security group and the parameter groups, which hold no data.
 */
export const managedStore: PostgresStore = (postgres, args) => {
  const { managed, previous } = args.size;
  const network = requireNetwork(postgres, args.network);
  const securityGroupId = storeAccess(postgres, network, {
    port: ports.postgres,
    description: "Postgres, from the cluster",
  });
  const declared = [managed, ...(previous ? [previous] : [])];
  const shared: Shared = {
    network,
    securityGroupId,
    subnetGroupName: subnetGroup(postgres, network),
    parameterGroupNames: parameterGroups(postgres, declared),
    backupKey: declared.some(({ crossRegionBackups }) => crossRegionBackups)
      ? backupKey(postgres, requireRegion(postgres, args.backupRegion))
      : undefined,
  };
  return {
    ...database(postgres, args, managed, shared, keptSizes(args.size.place !== "managed", sizeProperties)),
    previous: previous && database(postgres, args, previous, shared, frozenProperties),
  };
};

/** What the databases of all generations share. */
interface Shared {
  network: StoreNetwork;
  securityGroupId: pulumi.Output<string>;
  subnetGroupName: pulumi.Output<string>;
  /** By family. */
  parameterGroupNames: Record<string, pulumi.Output<string>>;
  /** Of the copies in the second region. */
  backupKey: BackupKey | undefined;
}

/** @param ignored  properties of the instances that stay as they are */
function database(
  postgres: Component,
  args: PostgresStoreArgs,
  size: ManagedPostgresSize,
  shared: Shared,
  ignored: readonly string[],
): PostgresServer {
  const { network, securityGroupId, backupKey } = shared;
  const { family } = engineVersionOf(size.majorVersion);
  const common: DatabaseArgs = {
    size,
    securityGroupId,
    parameterGroupName: shared.parameterGroupNames[family] as pulumi.Output<string>,
    subnetGroupName: shared.subnetGroupName,
    removable: args.removable,
    kmsKeyArn: size.kmsKeyArn ?? args.kmsKeyArn,
    ignored,
  };
  const identifier = instanceIdentifier(postgres, nameIn(size, "primary"));
  const primary = primaryInstance(postgres, { ...common, identifier, password: args.superuserPassword });
  const replicas = Array.from({ length: size.replicas }, (_, index) => {
    const own = instanceIdentifier(postgres, nameIn(size, `replica-${index}`));
    return { own, instance: replica(postgres, { ...common, identifier: own }, primary, network.zones, index) };
  });
  if (size.crossRegionBackups && backupKey) copyBackups(postgres, size, backupKey, primary);
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
}

type DatabaseArgs = InstanceCommon & { subnetGroupName: pulumi.Output<string>; ignored: readonly string[] };

const watchedInstance = (
  child: string,
  { identifier, allocatedStorage }: aws.rds.Instance,
  size: ManagedPostgresSize,
): Watched => ({
  kind: "database",
  name: nameIn(size, child),
  dimensions: { DBInstanceIdentifier: identifier },
  burstable: isBurstable(size.instanceClass),
  maxConnections: sizes.database(size.instanceClass)?.maxConnections,
  storageGiB: allocatedStorage,
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
function parameterGroups(
  postgres: Component,
  sizes: readonly ManagedPostgresSize[],
): Record<string, pulumi.Output<string>> {
  const families = new Set(sizes.map(({ majorVersion }) => engineVersionOf(majorVersion).family));
  const group = (family: string) =>
    new aws.rds.ParameterGroup(
      postgres.named(`parameters-${family}`),
      { family, description: "Postgres of the product", parameters: parameters() },
      postgres.child,
    );
  return Object.fromEntries([...families].map((family) => [family, group(family).name]));
}

const subnetGroup = (postgres: Component, { privateSubnetIds }: StoreNetwork): pulumi.Output<string> =>
  new aws.rds.SubnetGroup(
    postgres.named("subnets"),
    { description: "Private subnets of Postgres", subnetIds: privateSubnetIds },
    postgres.child,
  ).name;

function primaryInstance(
  postgres: Component,
  args: DatabaseArgs & { identifier: pulumi.Output<string>; password: pulumi.Output<string> },
): aws.rds.Instance {
  const { size, identifier, removable, ignored } = args;
  const child = nameIn(size, "primary");
  return new aws.rds.Instance(
    postgres.named(child),
    primaryArgs({ ...args, finalSnapshotIdentifier: finalSnapshotName(postgres, nameIn(size, "final")) }),
    {
      ...postgres.child,
      ...holdsData(removable),
      ignoreChanges: [...initialProperties, ...ignored],
      dependsOn: logGroups(postgres, child, { identifier, removable }),
    },
  );
}

/**
 * A replica is a copy, so it is not protected: a smaller tier may have fewer. A replica that leaves the program keeps
 * running until its owner promotes or deletes it, unless the protection of data is lifted.
 */
function replica(
  postgres: Component,
  args: DatabaseArgs & { identifier: pulumi.Output<string> },
  primary: aws.rds.Instance,
  zones: readonly pulumi.Input<string>[],
  index: number,
): aws.rds.Instance {
  const { size, identifier, removable, ignored } = args;
  const child = nameIn(size, `replica-${index}`);
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
      ignoreChanges: [...initialProperties, "availabilityZone", ...ignored],
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

interface BackupKey {
  region: string;
  arn: pulumi.Output<string>;
}

/**
 * Creates the key of the copies in a second region. When copying stops, the copies remain for their retention period and
 * stay encrypted with the key. So the key is retained when a tier no longer copies backups.
 */
function backupKey(postgres: Component, region: string): BackupKey {
  const { arn } = new aws.kms.Key(
    postgres.named("backup-key"),
    { region, description: "Copies of Postgres backups", enableKeyRotation: true, deletionWindowInDays: 30 },
    { ...postgres.child, ...retainedCopy },
  );
  return { region, arn };
}

/** Copies the automated backups of an instance to a second region. */
function copyBackups(
  postgres: Component,
  size: ManagedPostgresSize,
  { region, arn: kmsKeyId }: BackupKey,
  primary: aws.rds.Instance,
): void {
  new aws.rds.InstanceAutomatedBackupsReplication(
    postgres.named(nameIn(size, "backup-copies")),
    { region, sourceDbInstanceArn: primary.arn, kmsKeyId, retentionPeriod: size.backupRetentionDays },
    // RDS allows one replication per instance and region.
    { ...postgres.child, deleteBeforeReplace: true },
  );
}
