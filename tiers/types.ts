/**
 * What a tier is made of: sizes only, no resources. A component receives the part that concerns it and never learns
 * which tier it came from.
 */

/** The tiers, smallest first. Moves go one step at a time along this order. */
export const tierNames = ["mvp", "startup", "growth", "scale"] as const;
/** Name of a tier. */
export type Tier = (typeof tierNames)[number];

/** What one container asks of a node. Memory is request and limit at once (a pod never exceeds what was planned for
 * it); CPU is a request only (throttling a web process buys nothing). */
export interface ContainerSize {
  /** Millicores requested. */
  cpuMillicores: number;
  /** MiB requested, and the limit. */
  memoryMiB: number;
}

/** How nodes and private workloads reach the internet: public subnets behind closed security groups, one NAT gateway,
 * or a NAT gateway in every zone. */
export type Egress = "public" | "nat" | "nat-per-zone";

/** Size of the VPC's way out. */
export interface NetworkSize {
  egress: Egress;
  /** VPC flow logs to CloudWatch. */
  flowLogs: boolean;
}

/** Size of a k3s node. */
export interface K3sSize {
  kind: "k3s";
  /** Instance types in order of preference; the first is the planned one. All arm64. */
  instanceTypes: string[];
  capacity: "spot" | "on-demand";
}

/** Size of a node pool of EKS. */
export interface NodePoolSize {
  /** Instance types in order of preference; the first is the planned one. All arm64. */
  instanceTypes: string[];
  /** Nodes expected on an ordinary day; what the budget is computed with. */
  nodes: number;
  /** Nodes at every autoscaler's maximum; becomes the NodePool's CPU and memory limit. */
  maxNodes: number;
}

/** Sizes of an EKS cluster. */
export interface EksSize {
  kind: "eks";
  /** On-demand pool: the application and everything the platform itself runs. */
  general: NodePoolSize;
  /** Spot pool, tainted, for workers; absent where workers share the general pool. */
  spot?: NodePoolSize;
}

/** A cluster that exists already: nothing of it is planned here. */
export interface ExistingClusterSize {
  kind: "existing";
}

/** Where the product runs, with its sizes there. */
export type TargetSize = K3sSize | EksSize | ExistingClusterSize;
export type TargetKind = TargetSize["kind"];

/** Where a store lives: in a pod of the cluster, or in the managed AWS service. */
export const places = ["cluster", "managed"] as const;
/** One of `places`. */
export type Place = (typeof places)[number];

export interface ClusterPostgresSize {
  container: ContainerSize;
  storageGiB: number;
  /** `max_connections` of the server. */
  maxConnections: number;
}

export interface ManagedPostgresSize {
  instanceClass: string;
  storageGiB: number;
  /** Upper bound of storage autoscaling, GiB. */
  maxStorageGiB: number;
  multiAz: boolean;
  /** Read replicas, each in a zone other than the primary's. */
  replicas: number;
  backupRetentionDays: number;
  /** Copy automated backups to the second region. */
  crossRegionBackups: boolean;
}

/** Sizes of Postgres in both places, and which place is in use. */
export interface PostgresSize {
  place: Place;
  cluster: ClusterPostgresSize;
  managed: ManagedPostgresSize;
}

/** Size of PgBouncer and of its pools. */
export interface PgBouncerSize {
  replicas: number;
  container: ContainerSize;
  /** Client connections one pod accepts (`max_client_conn`). */
  maxClientConnections: number;
  /** Server connections aimed at over all pods, per database server; the pool is the smaller of this and what
   * `max_connections` leaves. */
  serverConnections: number;
  /** `reserve_pool_size` of every pool. */
  reservePoolSize: number;
  /** `default_pool_size`, when the user fixes it; computed otherwise. */
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
  snapshotRetentionDays: number;
}

/** Sizes of Redis in both places, and which place is in use. */
export interface RedisSize {
  place: Place;
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
  /** What an autoscaler of a queue looks at: CPU (HorizontalPodAutoscaler) or jobs waiting (KEDA). Range and size
   * hold for each queue. */
  scaler: "cpu" | "queue";
  /** Waiting jobs above which five workers run (requirements: > 100 -> 5). */
  queueHigh: number;
  container: ContainerSize;
}

/** Size of the edge. */
export interface EdgeSize {
  waf: boolean;
}

/** What is still declared although the tier no longer uses it, so that no move deletes data. */
export interface Keep {
  /** The in-cluster Postgres and Redis beside the managed ones. */
  clusterStores: boolean;
  /** RDS and ElastiCache beside the in-cluster ones (after a move down to MVP). */
  managedStores: boolean;
  /** The k3s data volume and certificate authorities after the move to EKS. */
  nodeState: boolean;
}

/** Every size of a tier. */
export interface TierSpec {
  /** USD a month the tier may cost (requirements.md, "monthly budget"). */
  budgetUsd: { from: number; to: number };
  /** Load the tier is sized for (requirements.md). */
  load: { requestsPerMinute: number; queriesPerSecond: number; concurrentUsers: number };
  network: NetworkSize;
  target: TargetSize;
  /** GiB of the k3s node's data volume (k3s state, images, every local volume). It only grows, and keeps its size once
   * the product runs on EKS. */
  dataVolumeGiB: number;
  postgres: PostgresSize;
  pgbouncer: PgBouncerSize;
  redis: RedisSize;
  app: AppSize;
  workers: WorkersSize;
  edge: EdgeSize;
  keep: Keep;
}
