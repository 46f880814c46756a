/**
 * The sizes of a tier; no resources. A component receives only the sizes it needs and never sees the tier.
 */

/** The tiers, smallest first. Moves go one step at a time along this order. */
export const tierNames = ["mvp", "startup", "growth", "scale"] as const;
/** Name of a tier. */
export type Tier = (typeof tierNames)[number];

/**
 * Resources of one container. Memory is both request and limit, so that a pod never exceeds the plan. CPU is only a
 * request: throttling a web process has no benefit.
 */
export interface ContainerSize {
  /** Millicores requested. */
  cpuMillicores: number;
  /** MiB requested, and the limit. */
  memoryMiB: number;
}

/**
 * Egress of the nodes to the internet: public subnets with closed security groups, one NAT gateway, or one NAT gateway
 * per zone.
 */
export type Egress = "public" | "nat" | "nat-per-zone";

/** Size of the VPC's way out. */
export interface NetworkSize {
  egress: Egress;
  /** VPC flow logs to CloudWatch. */
  flowLogs: boolean;
}

/** Purchase options of an instance. AWS may take a spot instance back at any time, with two minutes' notice. */
export const capacities = ["spot", "on-demand"] as const;
export type Capacity = (typeof capacities)[number];

/** Size of a k3s node. */
export interface K3sSize {
  kind: "k3s";
  /** Instance types in order of preference, all arm64. The plan and its costs use the first. */
  instanceTypes: string[];
  capacity: Capacity;
  /**
   * What a burstable instance (T4g) does once its CPU credits are used up: "standard" slows down to its baseline,
   * "unlimited" goes on and costs more. @default AWS's, which is "unlimited" for T4g
   */
  cpuCredits?: "standard" | "unlimited";
}

/** Size of a node pool of EKS. */
export interface NodePoolSize {
  /** Instance types in order of preference, all arm64. The plan and its costs use the first. */
  instanceTypes: string[];
  /** Nodes under normal load. The budget uses this number. */
  nodes: number;
  /** Nodes with every autoscaler at its maximum. Sets the NodePool's CPU and memory limits. */
  maxNodes: number;
}

/** Sizes of an EKS cluster. */
export interface EksSize {
  kind: "eks";
  /** On-demand pool for the application and the platform's own pods. */
  general: NodePoolSize;
  /**
   * Tainted pool for workers: spot, and on-demand where AWS has no spot capacity or a queue asks for it. Absent if
   * workers run on the general pool.
   */
  spot?: NodePoolSize;
}

/** An existing cluster, which has no sizes. */
export interface ExistingClusterSize {
  kind: "existing";
}

/** The cluster the product runs on, with its sizes. */
export type TargetSize = K3sSize | EksSize | ExistingClusterSize;
export type TargetKind = TargetSize["kind"];

/** Where a store lives: in a pod of the cluster, or in the managed AWS service. */
export type Place = "cluster" | "managed";
/** Where Postgres can live. */
export type PostgresPlace = Place;
/** Where Redis can live. */
export type RedisPlace = Place;

export interface ClusterPostgresSize {
  container: ContainerSize;
  storageGiB: number;
  /** `max_connections` of the server. */
  maxConnections: number;
}

export interface ManagedPostgresSize {
  instanceClass: string;
  storageGiB: number;
  /** Upper limit of storage autoscaling, in GiB. */
  maxStorageGiB: number;
  multiAz: boolean;
  /** Read replicas, each in a zone other than the primary's. */
  replicas: number;
  backupRetentionDays: number;
  /** Whether to copy automated backups to the second region. */
  crossRegionBackups: boolean;
  /** Number of the instance: a handover leads from one to another. @default 1 */
  generation?: number;
  /** Major version of PostgreSQL. @default that of versions.ts */
  majorVersion?: number;
  /** KMS key of the instance. @default the stack's */
  kmsKeyArn?: string;
}

/** Sizes of Postgres in both places, and which place is in use. */
export interface PostgresSize {
  place: PostgresPlace;
  cluster: ClusterPostgresSize;
  managed: ManagedPostgresSize;
  /** A managed database of another generation, beside the one of `managed`. @default none */
  previous?: ManagedPostgresSize;
}

/** Size of PgBouncer and of its pools. */
export interface PgBouncerSize {
  replicas: number;
  container: ContainerSize;
  /** Maximum client connections per pod (`max_client_conn`). */
  maxClientConnections: number;
  /**
   * Target number of server connections per database server, over all pods. The pool is smaller if `max_connections`
   * allows fewer.
   */
  serverConnections: number;
  /** `reserve_pool_size` of every transaction pool. */
  reservePoolSize: number;
  /** Clients of DATABASE_DIRECT_URL that a pod serves at a time, each with a server connection of its own. */
  sessionPoolSize: number;
  /** `default_pool_size` of the transaction pools. @default computed from `serverConnections` and `max_connections` */
  poolSize?: number;
}

export interface ClusterRedisSize {
  container: ContainerSize;
  storageGiB: number;
}

export interface ManagedRedisSize {
  nodeType: string;
  shards: number;
  replicasPerShard: number;
  /** Whether each shard's nodes are in different zones. Requires a replica. @default whether there are replicas */
  multiAz?: boolean;
  snapshotRetentionDays: number;
}

/** Sizes of Redis in both places, and which place is in use. */
export interface RedisSize {
  place: RedisPlace;
  cluster: ClusterRedisSize;
  managed: ManagedRedisSize;
}

/** Pods that an autoscaler keeps, at least and at most. */
export interface ReplicaRange {
  minReplicas: number;
  maxReplicas: number;
}

/** Size of the application. */
export interface AppSize extends ReplicaRange {
  container: ContainerSize;
}

/** Size of the worker pools. */
export interface WorkersSize extends ReplicaRange {
  /**
   * Metric that scales a queue's workers: CPU (HorizontalPodAutoscaler) or waiting jobs (KEDA). Replica range and
   * container size apply to each queue.
   */
  scaler: "cpu" | "queue";
  /** Waiting jobs above which five workers run. */
  queueHigh: number;
  container: ContainerSize;
}

/** Size of the edge. */
export interface EdgeSize {
  waf: boolean;
}

/** Logs that a stack may go without. */
export interface LogsSize {
  /** The audit log of the Kubernetes API. */
  audit: boolean;
  /** Every request to the edge, with the visitor's address. */
  requests: boolean;
}

/** What runs in Kubernetes to see the product (docs/observability.md). */
export interface ObservabilitySize {
  enabled: boolean;
  /** Prometheus. Its memory follows from the number of time series, and so of pods. */
  prometheus: ContainerSize;
  /** Volume of the metrics, in GiB. Prometheus deletes the oldest ones before they fill it. */
  metricsGiB: number;
  /** The store of the pods' logs. It took 190 MiB to take in 240,000 lines within seconds, measured. */
  logs: ContainerSize;
  /** Days after which it deletes a log. */
  logsDays: number;
  /** Volume of the logs, in GiB. It deletes the oldest days before they fill it. @default no logs are kept */
  logsGiB?: number;
  /** Whether alerts are mailed, by Alertmanager in the same pod. */
  mails: boolean;
  /** Whether CloudWatch's figures are kept beside the others. It takes a role of the pod's own, as on EKS. */
  cloudwatch: boolean;
}

/** Stores that stay declared after the tier stops using them, so that no move deletes data. */
export interface Keep {
  /** The in-cluster Postgres and Redis, next to the managed ones. */
  clusterStores: boolean;
  /** RDS and ElastiCache, next to the in-cluster stores (after a move down to MVP). */
  managedStores: boolean;
  /** The k3s data volume and certificate authorities after the move to EKS. Only the user knows whether there was one. */
  nodeState: boolean;
}

/** Load that a tier must carry, as far as there are figures. */
export interface RequiredLoad {
  requestsPerMinute?: number;
  /** Queries a second to the database. */
  queriesPerSecond?: number;
  concurrentUsers?: number;
  /** Connections of clients to PgBouncer, on no more than 100 of PgBouncer's to a database server. */
  clientConnections?: number;
}

/** Every size of a tier. */
export interface TierSpec {
  /** Monthly budget in USD (docs/adr/0002-sizes-and-budgets.md). */
  budgetUsd: {
    from: number;
    to: number;
    /** How far above `to` the tier may cost, in USD, and why. @default none */
    accepted?: { upToUsd: number; reason: string };
  };
  load: RequiredLoad;
  network: NetworkSize;
  target: TargetSize;
  /**
   * Size of the k3s node's data volume in GiB: k3s state, images and every local volume. It can only grow, and keeps
   * its size after the move to EKS.
   */
  dataVolumeGiB: number;
  postgres: PostgresSize;
  pgbouncer: PgBouncerSize;
  redis: RedisSize;
  app: AppSize;
  workers: WorkersSize;
  edge: EdgeSize;
  logs: LogsSize;
  observability: ObservabilitySize;
  keep: Keep;
}
