import { array, boolean, integer, object, oneOf, string } from "./fields";

const instanceType = (description: string) =>
  array(
    string(/^[a-z]+\d+g[a-z]*\.\w+$/, { description, allowed: "an arm64 (Graviton) instance type such as t4g.large" }),
    { description, allowed: "a list of 1 to 10 arm64 instance types", min: 1, max: 10, default: "the tier's" },
  ).optional();
/** The range of an autoscaler. */
export const replicas = (what: string) => ({
  minReplicas: integer({ min: 1, max: 100, description: `Fewest pods of ${what}.` }).optional(),
  maxReplicas: integer({ min: 1, max: 100, description: `Most pods of ${what}.` }).optional(),
});
/** What a container asks of a node. */
export const container = (what: string) => ({
  cpuMillicores: integer({
    min: 10,
    max: 16000,
    unit: "millicores",
    description: `CPU request of ${what}.`,
  }).optional(),
  memoryMiB: integer({
    min: 16,
    max: 65536,
    unit: "MiB",
    description: `Memory request and limit of ${what}.`,
  }).optional(),
});

/** Typed overrides of the tier's sizes, a component each. */
export const overrides = {
  network: object(
    {
      cidr: string(/^10\.(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])\.0\.0\/16$/, {
        description: "Network of the VPC. Never change it once anything is deployed.",
        allowed: "a /16 below 10.0.0.0/8, such as 10.20.0.0/16",
        default: "10.20.0.0/16",
      }).default("10.20.0.0/16"),
      egress: oneOf(["public", "nat", "nat-per-zone"], {
        description: "How nodes reach the internet.",
        default: "the tier's",
      }).optional(),
      flowLogs: boolean("VPC flow logs.").optional(),
    },
    { description: "Overrides of the network.", default: "the tier's" },
  ).prefault({}),
  nodes: object(
    {
      instanceTypes: instanceType("Instance types of the k3s node or of the general node pool, best first."),
      spotInstanceTypes: instanceType("Instance types of the spot pool for workers (where the tier has one)."),
      capacity: oneOf(["spot", "on-demand"], {
        description: "Market of the k3s node.",
        default: "the tier's",
      }).optional(),
      dataVolumeGiB: integer({
        min: 8,
        max: 16384,
        unit: "GiB",
        description: "Data volume of the k3s node. It only grows.",
      }).optional(),
      maxNodes: integer({ min: 2, max: 100, description: "Most nodes of the general pool." }).optional(),
    },
    { description: "Overrides of the nodes.", default: "the tier's" },
  ).prefault({}),
  postgres: object(
    {
      instanceClass: string(/^db\.[a-z0-9]+\.[a-z0-9]+$/, {
        description: "RDS instance class of primary and replicas.",
        allowed: "an instance class of tiers/catalogues/aws-sizes.json, such as db.t4g.medium",
        default: "the tier's",
      }).optional(),
      storageGiB: integer({
        min: 1,
        max: 65536,
        unit: "GiB",
        description: "Storage of the database. It only grows; in the cluster set it before the first deploy.",
      }).optional(),
      maxStorageGiB: integer({
        min: 20,
        max: 65536,
        unit: "GiB",
        description: "Up to where RDS may grow the storage by itself.",
      }).optional(),
      multiAz: boolean("A standby in a second zone.").optional(),
      replicas: integer({ min: 0, max: 5, description: "Read replicas." }).optional(),
      backupRetentionDays: integer({
        min: 1,
        max: 35,
        unit: "days",
        description: "Automated backups. Never 0: going from 0 to n restarts the database.",
      }).optional(),
      crossRegionBackups: boolean("Copy backups to the second region.").optional(),
    },
    { description: "Overrides of Postgres.", default: "the tier's" },
  ).prefault({}),
  pgbouncer: object(
    {
      replicas: integer({ min: 1, max: 20, description: "PgBouncer pods." }).optional(),
      poolSize: integer({
        min: 1,
        max: 1000,
        unit: "connections",
        description: "Server connections a pod keeps for a user and database (default_pool_size).",
        default: "computed from max_connections",
      }).optional(),
      reservePoolSize: integer({
        min: 0,
        max: 100,
        unit: "connections",
        description: "Connections a pool may add under pressure (reserve_pool_size).",
      }).optional(),
      maxClientConnections: integer({
        min: 100,
        max: 50000,
        unit: "connections",
        description: "Clients a pod accepts (max_client_conn).",
      }).optional(),
    },
    { description: "Overrides of PgBouncer.", default: "the tier's" },
  ).prefault({}),
  redis: object(
    {
      nodeType: string(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, {
        description: "ElastiCache node type.",
        allowed: "a node type of tiers/catalogues/aws-sizes.json, such as cache.t4g.small",
        default: "the tier's",
      }).optional(),
      shards: integer({ min: 1, max: 90, description: "Shards (node groups)." }).optional(),
      replicasPerShard: integer({ min: 0, max: 5, description: "Replicas of each shard." }).optional(),
      snapshotRetentionDays: integer({ min: 1, max: 35, unit: "days", description: "Daily snapshots." }).optional(),
      storageGiB: integer({
        min: 1,
        max: 1024,
        unit: "GiB",
        description: "Volume of the in-cluster Valkey. Set it before the first deploy.",
      }).optional(),
      memoryMiB: integer({
        min: 64,
        max: 65536,
        unit: "MiB",
        description: "Memory of the in-cluster Valkey.",
      }).optional(),
    },
    { description: "Overrides of Redis (Valkey).", default: "the tier's" },
  ).prefault({}),
  workers: object(
    { ...replicas("a worker pool"), ...container("a worker") },
    { description: "Overrides of every worker pool.", default: "the tier's" },
  ).prefault({}),
  edge: object(
    { waf: boolean("AWS WAF with the rate rules in front of CloudFront.").optional() },
    { description: "Overrides of the edge.", default: "the tier's" },
  ).prefault({}),
  keep: object(
    {
      clusterStores: boolean("Keep the in-cluster Postgres and Redis beside the managed ones.").optional(),
      managedStores: boolean(
        "Keep RDS and ElastiCache beside the in-cluster ones, after a move down to MVP.",
      ).optional(),
      nodeState: boolean("Keep the k3s data volume and certificate authorities after the move to EKS.").optional(),
    },
    { description: "What stays declared, and so intact, although the tier no longer uses it.", default: "the tier's" },
  ).prefault({}),
};
