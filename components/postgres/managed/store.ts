import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ManagedPostgresSize } from "../../../tiers";
import { versions } from "../../../versions";
import { storeAccess } from "../../network/store-access";
import type { Component } from "../../support/component";
import { copyOfData, holdsData } from "../../support/data";
import { ports } from "../../support/names";
import { requireNetwork, type StoreNetwork } from "../../support/store";
import type { PostgresStore } from "../common/server";
import { rdsAuthorities } from "./authorities";
import {
  type InstanceCommon,
  parameters,
  primaryArgs,
  replicaArgs,
  replicaZone,
  snapshotIdentifier,
} from "./instances";

/** Postgres on RDS: a primary, its replicas, and the copies of its backups. */
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
  };
  const primary = primaryInstance(postgres, network, args.superuserPassword, common);
  const replicas = Array.from({ length: size.replicas }, (_, index) =>
    replica(postgres, common, primary, network.zones, index),
  );
  if (size.crossRegionBackups) copyBackups(postgres, size, args.backupRegion, primary);
  return {
    host: primary.address,
    readHosts: replicas.map(({ address }) => address),
    ca: rdsAuthorities(args.region),
    peer: { ipBlock: { cidr: network.cidr } },
  };
};

/** One a family: a group in use cannot be deleted, so a major upgrade needs the next one beside it. */
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
): aws.rds.Instance {
  const subnets = new aws.rds.SubnetGroup(
    postgres.named("subnets"),
    { description: "Private subnets of Postgres", subnetIds: network.privateSubnetIds },
    postgres.child,
  );
  return new aws.rds.Instance(
    postgres.named("primary"),
    primaryArgs({
      ...common,
      subnetGroupName: subnets.name,
      password,
      finalSnapshotIdentifier: snapshotIdentifier(pulumi.getProject(), pulumi.getStack(), postgres.named("final")),
    }),
    { ...postgres.child, ...holdsData },
  );
}

/**
 * A replica is a copy: a smaller tier may have fewer, which `protect` would forbid. One that leaves the program is left
 * running, for its owner to promote or delete.
 */
function replica(
  postgres: Component,
  common: InstanceCommon,
  primary: aws.rds.Instance,
  zones: readonly string[],
  index: number,
): aws.rds.Instance {
  return new aws.rds.Instance(
    postgres.named(`replica-${index}`),
    replicaArgs({
      ...common,
      source: primary.identifier,
      availabilityZone: primary.availabilityZone.apply((zone) => replicaZone(zones, zone, index)),
    }),
    // Where the primary was when the replica was made; a failover since then must not replace it.
    { ...postgres.child, ...copyOfData, ignoreChanges: ["availabilityZone"] },
  );
}

/**
 * Automated backups in a second region. They last their retention when the copying stops, and are read with the key: so
 * the key outlives a tier that copies no more.
 */
function copyBackups(postgres: Component, size: ManagedPostgresSize, region: string, primary: aws.rds.Instance): void {
  const key = new aws.kms.Key(
    postgres.named("backup-key"),
    { region, description: "Copies of Postgres backups", enableKeyRotation: true, deletionWindowInDays: 30 },
    { ...postgres.child, ...copyOfData },
  );
  new aws.rds.InstanceAutomatedBackupsReplication(
    postgres.named("backup-copies"),
    {
      region,
      sourceDbInstanceArn: primary.arn,
      kmsKeyId: key.arn,
      retentionPeriod: size.backupRetentionDays,
    },
    // An instance has one copy in a region: the old one ends before the next begins.
    { ...postgres.child, deleteBeforeReplace: true },
  );
}
