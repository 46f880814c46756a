/**
 * Changes that interrupt the product although they replace nothing. `npm run diff` marks them, the next steps of a stack
 * name those that it can meet, and docs/moving.md lists them all. To add one, add an entry with its source.
 */
import type { TierSpec } from "../tiers";

type Inputs = Record<string, unknown>;

export interface Interruption {
  type: string;
  /** Properties whose change interrupts; "any": every property but those that only describe the resource. */
  properties: string[] | "any";
  /** What changes, for a reader. */
  change: string;
  /** What happens then. */
  effect: string;
  /** How long at the most it is expected to last, in minutes; less than one for seconds. */
  minutes: number;
  /** Where the effect is documented, or the file that causes it. */
  source: string;
  /** Whether a stack of these sizes can meet it. */
  concerns: (spec: TierSpec) => boolean;
  /** What the product goes on without meanwhile, where it does go on. */
  without?: "reads";
  /** Whether this update interrupts, where the property alone does not tell. @default it does */
  applies?: (before: Inputs, after: Inputs) => boolean;
}

const database = "aws:rds/instance:Instance";
const isReplica = ({ replicateSourceDb }: Inputs) => replicateSourceDb !== undefined;
const hasStandby = ({ multiAz }: Inputs) => multiAz === true;

const hasDatabase = ({ postgres, keep }: TierSpec) => postgres.place === "managed" || keep.managedStores;
const hasCache = ({ redis, keep }: TierSpec) => redis.place === "managed" || keep.managedStores;
const hasNode = ({ target }: TierSpec) => target.kind === "k3s";

/** RDS User Guide, "Settings for DB instances": which changes have downtime. */
const rdsSettings = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html";

/** A VPC origin leads to the load balancer of EKS, any other one to a k3s node. */
const leadsToEks = ({ origins }: Inputs) =>
  Array.isArray(origins) && origins.some(({ vpcOriginConfig }: Inputs) => vpcOriginConfig !== undefined);

/** An instance refresh that keeps no healthy instance: the data volume attaches to one instance only. */
const refreshed = {
  effect: "the k3s node is replaced, and all that runs on it is down until the new one is up",
  minutes: 4,
  source: "`components/cluster/k3s/node.ts`",
  concerns: hasNode,
} as const;

/** The first entry that fits a change counts. */
export const interruptions: Interruption[] = [
  {
    type: database,
    properties: ["instanceClass", "engineVersion"],
    change: "another instance class or engine version of a read replica",
    effect: "RDS restarts the replica at once, and it answers no reads",
    minutes: 12,
    source: rdsSettings,
    concerns: (spec) => hasDatabase(spec) && spec.postgres.managed.replicas > 0,
    without: "reads",
    applies: isReplica,
  },
  {
    type: database,
    properties: ["engineVersion"],
    change: "another engine version of RDS",
    effect: "RDS stops the database for the upgrade, with a standby too",
    minutes: 12,
    source: rdsSettings,
    concerns: hasDatabase,
  },
  {
    type: database,
    properties: ["instanceClass"],
    change: "another instance class of RDS with Multi-AZ",
    effect: "RDS fails over to the standby at once",
    minutes: 2,
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html",
    concerns: (spec) => hasDatabase(spec) && spec.postgres.managed.multiAz,
    applies: (before, after) => hasStandby(before) && hasStandby(after),
  },
  {
    type: database,
    properties: ["instanceClass"],
    change: "another instance class of RDS",
    effect: "RDS restarts the database at once",
    minutes: 10,
    source: rdsSettings,
    concerns: hasDatabase,
  },
  {
    type: database,
    properties: ["caCertIdentifier"],
    change: "another certificate authority of RDS",
    effect: "RDS restarts the database, unless its version takes a certificate without",
    minutes: 5,
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL-certificate-rotation.html",
    concerns: hasDatabase,
  },
  {
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    properties: ["nodeType", "engineVersion"],
    change: "another node type or engine version of ElastiCache",
    effect: "ElastiCache stays online, but its shards fail over and connections break",
    minutes: 0.5,
    source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/redis-cluster-vertical-scaling.html",
    concerns: hasCache,
  },
  {
    ...refreshed,
    type: "aws:ec2/launchTemplate:LaunchTemplate",
    properties: "any",
    change: "another image, version or task of the k3s node",
  },
  {
    ...refreshed,
    type: "aws:autoscaling/group:Group",
    properties: ["mixedInstancesPolicy"],
    change: "another instance type or capacity of the k3s node",
  },
  {
    type: "aws:cloudfront/distribution:Distribution",
    properties: ["origins"],
    change: "the way back from EKS to a k3s node",
    effect: "CloudFront is pointed at the node before the application runs there",
    minutes: 5,
    source: "`platform/targets/k3s.ts`",
    concerns: ({ target }) => target.kind === "eks",
    applies: (before, after) => leadsToEks(before) && !leadsToEks(after),
  },
  {
    type: "aws:ec2/instance:Instance",
    properties: ["instanceType", "userData", "userDataBase64"],
    change: "another type or user data of an EC2 instance of your own",
    effect: "EC2 stops the instance and starts it again",
    minutes: 4,
    source: "https://www.pulumi.com/registry/packages/aws/api-docs/ec2/instance/#userdata",
    concerns: () => false,
  },
  {
    type: "kubernetes:apps/v1:StatefulSet",
    properties: ["spec"],
    change: "other settings of an in-cluster store",
    effect: "its only pod restarts",
    minutes: 0.5,
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#rolling-updates",
    concerns: ({ postgres, redis }) => postgres.place === "cluster" || redis.place === "cluster",
  },
];

/** Properties that change nothing about what runs. */
const descriptive = ["description", "tags"];

const touches = ({ properties }: Pick<Interruption, "properties">, changed: string[]): boolean =>
  changed.some((property) => (properties === "any" ? !descriptive.includes(property) : properties.includes(property)));

/** Returns how an update interrupts the product; undefined if it is not known to. */
export function interruptionBy(
  type: string,
  changed: string[],
  before: Inputs,
  after: Inputs,
): Interruption | undefined {
  return interruptions.find(
    (rule) => rule.type === type && touches(rule, changed) && (rule.applies?.(before, after) ?? true),
  );
}

/** How long an interruption lasts, for a reader. */
export const lastsText = ({ minutes }: Interruption): string => (minutes < 1 ? "seconds" : `up to ${minutes} minutes`);

/** Returns the changes that take a product of these sizes down for a minute or longer. */
export const longInterruptions = (spec: TierSpec): string[] =>
  interruptions
    .filter(({ minutes, concerns, without }) => minutes >= 1 && without === undefined && concerns(spec))
    .map(({ change }) => change);
