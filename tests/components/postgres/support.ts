import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { existingNamespace } from "../../../components/namespaces/namespace";
import { CertificateAuthority } from "../../../components/pki/certificate-authority";
import { Postgres, type PostgresArgs } from "../../../components/postgres/postgres";
import { hex } from "../../../planner/record/outputs";
import type { RecordOptions } from "../../../planner/record/record";
import { type Tier, tiers } from "../../../tiers";
import { type Recorded, recorded } from "../../support/record";

/** Args of a tier's Postgres, on a cluster in a VPC of ours. */
function argsOf(tier: Tier, overrides: Partial<PostgresArgs> = {}): PostgresArgs {
  const { postgres, pgbouncer, keep } = tiers[tier];
  return {
    size: postgres,
    pgbouncer,
    keep: { cluster: keep.clusterStores, managed: keep.managedStores },
    cluster: {
      provider: new k8s.Provider("kubernetes", { kubeconfig: "{}" }),
      storageClass: undefined,
    },
    namespace: existingNamespace("data"),
    clientNamespace: "app",
    network: {
      vpcId: "vpc-0123456789abcdef0",
      cidr: "10.20.0.0/16",
      privateSubnetIds: ["a", "b", "c"].map((zone) => pulumi.output(`subnet-0123456789abcdef${zone}`)),
      zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
      clients: { name: "eks", securityGroupId: "sg-0123456789abcdef0" },
    },
    authority: new CertificateAuthority("authority"),
    region: "us-east-1",
    backupRegion: "us-west-2",
    ...overrides,
  };
}

/** A tier's Postgres, recorded with its outputs. */
export function postgresOf(
  tier: Tier,
  overrides: (args: PostgresArgs) => Partial<PostgresArgs> = () => ({}),
  options: Partial<RecordOptions> = {},
): Promise<Recorded> {
  return recorded(() => {
    const args = argsOf(tier);
    const provider = new aws.Provider("aws", { region: "us-east-1" });
    const postgres = new Postgres("postgres", { ...args, ...overrides(args) }, { providers: { aws: provider } });
    const { databaseUrl, databaseReadUrl, databaseDirectUrl, endpoint, budget } = postgres;
    return { databaseUrl, databaseReadUrl, databaseDirectUrl, endpoint, budget };
  }, options);
}

/** Identifier that the program gives an instance. */
export const identifierOf = (child: string): string =>
  `tierstack-test-postgres-${child}-${hex(`postgres/${child}-identifier`, 8)}`;

/** Host name of an instance, as the planner stands in for it. */
export const addressOf = (child: string): string => `${identifierOf(child)}.c0example0000.us-east-1.rds.amazonaws.com`;
