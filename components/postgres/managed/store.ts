import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ManagedPostgresSize } from "../../../tiers";
import { versions } from "../../../versions";
import type { ClusterKind } from "../../cluster/cluster";
import { copyOfData, holdsData } from "../../support/data";
import { ports } from "../../support/names";
import type { Server } from "../server";
import { rdsAuthorities } from "./authorities";
import {
  type InstanceCommon,
  parameters,
  primaryArgs,
  replicaArgs,
  replicaZone,
  snapshotIdentifier,
} from "./instances";

export interface PostgresNetwork {
  vpcId: pulumi.Input<string>;
  /** Network of the VPC, such as 10.20.0.0/16. */
  vpcCidr: string;
  /** One a zone. */
  privateSubnetIds: pulumi.Output<string>[];
  /** Zones of the subnets. */
  zones: string[];
}

/** The component that the instances belong to, and how it names them. */
export interface Owner {
  named(child: string): string;
  options: pulumi.CustomResourceOptions;
}

export interface ManagedStoreArgs {
  size: ManagedPostgresSize;
  network: PostgresNetwork;
  /** Security group of the cluster's nodes and pods; nobody else gets in. */
  clientSecurityGroupId: pulumi.Input<string>;
  /** Which cluster that is: one that is exchanged keeps its way in until the other has its own. */
  clientKind: ClusterKind;
  /** The master user's; a secret. */
  password: pulumi.Output<string>;
  region: string;
  /** Region of the copies of backups, where the size asks for them. */
  backupRegion: string;
}

/** Postgres on RDS: a primary, its replicas, and the copies of its backups. */
export function managedStore(owner: Owner, args: ManagedStoreArgs): Server & { primary: aws.rds.Instance } {
  const { size, network, region } = args;
  const common: InstanceCommon = {
    size,
    securityGroupId: access(owner, args),
    parameterGroupName: parameterGroup(owner),
  };
  const primary = primaryInstance(owner, args, common);
  const replicas = Array.from({ length: size.replicas }, (_, index) =>
    replica(owner, common, primary, network.zones, index),
  );
  if (size.crossRegionBackups) copyBackups(owner, args, primary);
  return {
    primary,
    host: primary.address,
    readHosts: replicas.map(({ address }) => address),
    ca: rdsAuthorities(region),
    peer: { ipBlock: { cidr: network.vpcCidr } },
  };
}

/** Open to the cluster on one port. */
function access({ named, options }: Owner, { network, clientSecurityGroupId, clientKind }: ManagedStoreArgs) {
  const description = "Postgres, from the cluster";
  const group = new aws.ec2.SecurityGroup(
    named("access"),
    { vpcId: network.vpcId, description, tags: { Name: named("access") } },
    options,
  );
  new aws.vpc.SecurityGroupIngressRule(
    named(`access-from-${clientKind}`),
    {
      securityGroupId: group.id,
      referencedSecurityGroupId: clientSecurityGroupId,
      ipProtocol: "tcp",
      fromPort: ports.postgres,
      toPort: ports.postgres,
      description,
    },
    options,
  );
  return group.id;
}

/** One a family: a group in use cannot be deleted, so a major upgrade needs the next one beside it. */
function parameterGroup({ named, options }: Owner): pulumi.Output<string> {
  const { family } = versions.rds;
  const group = new aws.rds.ParameterGroup(
    named(`parameters-${family}`),
    { family, description: "Postgres of the product", parameters: parameters() },
    options,
  );
  return group.name;
}

function primaryInstance(
  { named, options }: Owner,
  { network, password }: ManagedStoreArgs,
  common: InstanceCommon,
): aws.rds.Instance {
  const subnets = new aws.rds.SubnetGroup(
    named("subnets"),
    { description: "Private subnets of Postgres", subnetIds: network.privateSubnetIds },
    options,
  );
  return new aws.rds.Instance(
    named("primary"),
    primaryArgs({
      ...common,
      subnetGroupName: subnets.name,
      password,
      finalSnapshotIdentifier: snapshotIdentifier(pulumi.getProject(), pulumi.getStack(), named("final")),
    }),
    { ...options, ...holdsData },
  );
}

/**
 * A replica is a copy: a smaller tier may have fewer, which `protect` would forbid. One that leaves the program is left
 * running, for its owner to promote or delete.
 */
function replica(
  { named, options }: Owner,
  common: InstanceCommon,
  primary: aws.rds.Instance,
  zones: string[],
  index: number,
): aws.rds.Instance {
  return new aws.rds.Instance(
    named(`replica-${index}`),
    replicaArgs({
      ...common,
      source: primary.identifier,
      availabilityZone: primary.availabilityZone.apply((zone) => replicaZone(zones, zone, index)),
    }),
    // Where the primary was when the replica was made; a failover since then must not replace it.
    { ...options, ...copyOfData, ignoreChanges: ["availabilityZone"] },
  );
}

/**
 * Automated backups in a second region. They last their retention when the copying stops, and are read with the key: so
 * the key outlives a tier that copies no more.
 */
function copyBackups({ named, options }: Owner, args: ManagedStoreArgs, primary: aws.rds.Instance): void {
  const { size, backupRegion: region } = args;
  const key = new aws.kms.Key(
    named("backup-key"),
    { region, description: "Copies of Postgres backups", enableKeyRotation: true, deletionWindowInDays: 30 },
    { ...options, ...copyOfData },
  );
  new aws.rds.InstanceAutomatedBackupsReplication(
    named("backup-copies"),
    {
      region,
      sourceDbInstanceArn: primary.arn,
      kmsKeyId: key.arn,
      retentionPeriod: size.backupRetentionDays,
    },
    // An instance has one copy in a region: the old one ends before the next begins.
    { ...options, deleteBeforeReplace: true },
  );
}
