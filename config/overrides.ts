import { vpcCidr } from "../components/network/subnets";
import { zoneId } from "../components/network/zones";
import { baseMiB, dataShare } from "../components/redis/cluster/memory";
import { capacities } from "../tiers";
import { maxCacheNodes } from "../tiers/limits";
import { array, boolean, integer, object, oneOf, override, string } from "./fields";
import { observability } from "./schema-observability";
import { postgres } from "./schema-postgres";

/** Most nodes of a pool: a bound of ours, far above what a tier needs. */
export const mostNodes = 100;

/** Most pods that an autoscaler may run: a bound of ours. */
export const mostPods = 100;

const instanceTypes = (description: string) => {
  const type = string(/^[a-z]+\d+g[a-z]*\.\w+$/, {
    description,
    allowed: "an arm64 (Graviton) instance type such as t4g.large",
  });
  return override(
    array(type, { description, items: "arm64 instance types of tiers/catalogues/aws-sizes.json", min: 1, max: 10 }),
  );
};

/** The range of an autoscaler. */
export const replicas = (what: string) => ({
  minReplicas: override(integer({ min: 1, max: mostPods, description: `Minimum number of pods of ${what}.` })),
  maxReplicas: override(integer({ min: 1, max: mostPods, description: `Maximum number of pods of ${what}.` })),
});

/** The size of a container; what applies without it is the tier's value, or `otherwise`. */
export const container = (what: string, otherwise?: string) => ({
  cpuMillicores: override(
    integer({ min: 10, max: 16000, unit: "millicores", description: `CPU request of ${what}.` }),
    otherwise,
  ),
  memoryMiB: override(
    integer({ min: 16, max: 65536, unit: "MiB", description: `Memory request and limit of ${what}.` }),
    otherwise,
  ),
});

const network = object(
  {
    cidr: string(vpcCidr.pattern, {
      description: "CIDR block of the VPC. Do not change it after the first deploy.",
      allowed: vpcCidr.allowed,
    }).default(vpcCidr.default),
    zones: override(
      array(string(zoneId, { description: "An availability zone.", allowed: "an AZ id such as use1-az1" }), {
        // Which AZ ids a region has is a rule (config/rules/access.ts).
        description: "Three availability zones. They count at the first deploy only: a subnet never moves.",
        items: "AZ ids such as use1-az1",
        min: 3,
        max: 3,
      }),
      "the region's first three (config/regions.ts)",
    ),
    egress: override(oneOf(["public", "nat", "nat-per-zone"], { description: "How nodes reach the internet." })),
    flowLogs: override(boolean("VPC flow logs.")),
  },
  "Overrides of the network.",
);

const nodes = object(
  {
    instanceTypes: instanceTypes("Instance types of the k3s node or of the general node pool, best first."),
    spotInstanceTypes: instanceTypes("Instance types of the spot pool for workers, on tiers that have one."),
    capacity: override(oneOf(capacities, { description: "Purchase option of the k3s node." })),
    dataVolumeGiB: override(
      integer({
        min: 8,
        max: 16384,
        unit: "GiB",
        description:
          "Data volume of the k3s node. It can only grow, and its file system follows when the node starts again.",
      }),
    ),
    maxNodes: override(
      integer({ min: 2, max: mostNodes, description: "Maximum number of nodes in the general pool." }),
    ),
    maxSpotNodes: override(
      integer({
        min: 1,
        max: mostNodes,
        description: "Maximum number of nodes in the workers' pool, spot and on-demand together.",
      }),
    ),
  },
  "Overrides of the nodes.",
);

const pgbouncer = object(
  {
    replicas: override(integer({ min: 1, max: 20, description: "PgBouncer pods." })),
    poolSize: override(
      integer({
        min: 1,
        max: 1000,
        unit: "connections",
        description: "Server connections that a pod keeps per user and database (default_pool_size).",
      }),
      "computed from max_connections",
    ),
    reservePoolSize: override(
      integer({
        min: 0,
        max: 100,
        unit: "connections",
        description: "Connections that a pool may add under pressure (reserve_pool_size).",
      }),
    ),
    sessionPoolSize: override(
      integer({
        min: 1,
        max: 200,
        unit: "connections",
        description:
          "Clients of DATABASE_DIRECT_URL that a pod serves at a time, each with a server connection of its own.",
      }),
    ),
    maxClientConnections: override(
      integer({
        min: 100,
        max: 50000,
        unit: "connections",
        description: "Client connections that a pod accepts (max_client_conn). Its memory follows from them.",
      }),
    ),
  },
  "Overrides of PgBouncer.",
);

const redis = object(
  {
    nodeType: override(
      string(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, {
        description: "ElastiCache node type.",
        allowed: "a node type of tiers/catalogues/aws-sizes.json, such as cache.t4g.small",
      }),
    ),
    shards: override(integer({ min: 1, max: maxCacheNodes, description: "Shards (node groups)." })),
    replicasPerShard: override(
      integer({
        min: 0,
        max: 5,
        description: "Replicas of each shard. Before you set 0, set redis.multiAz to false and deploy.",
      }),
    ),
    multiAz: override(
      boolean("Nodes of each shard in different zones. Requires a replica."),
      "whether there are replicas",
    ),
    snapshotRetentionDays: override(
      integer({ min: 1, max: 35, unit: "days", description: "Retention of daily snapshots." }),
    ),
    storageGiB: override(
      integer({
        min: 1,
        max: 1024,
        unit: "GiB",
        description: "Volume of the in-cluster Valkey. Set it before the first deploy.",
      }),
    ),
    memoryMiB: override(
      integer({
        min: 64,
        max: 65536,
        unit: "MiB",
        description: `Memory of the in-cluster Valkey. Data gets ${dataShare * 100} % of what exceeds ${baseMiB} MiB; more data is refused.`,
      }),
    ),
  },
  "Overrides of Redis (Valkey).",
);

const workers = object(
  { ...replicas("each worker pool"), ...container("a worker") },
  "Overrides of every worker pool.",
);

const edge = object(
  { waf: override(boolean("AWS WAF with rate limits, in front of CloudFront.")) },
  "Overrides of the edge.",
);

const logs = object(
  {
    audit: override(boolean("The audit log of the Kubernetes API on EKS. It can cost more than a small cluster.")),
    requests: override(
      boolean(
        "A log of every request at the edge, with the visitor's address, without cookies and queries, for 30 days. About " +
          "0.30 USD per million requests.",
      ),
    ),
  },
  "Overrides of the logs.",
);

const keep = object(
  {
    clusterStores: override(boolean("Keep the in-cluster Postgres and Redis beside the managed ones.")),
    managedStores: override(
      boolean("Keep RDS and ElastiCache beside the in-cluster stores, after a move down to MVP."),
    ),
    nodeState: override(
      boolean(
        "Keep the data volume and certificate authorities of a k3s node after the move up to EKS. Set it before that move.",
      ),
      "false",
    ),
  },
  "Resources to keep, with their data, although the tier no longer uses them.",
);

/** Typed overrides of the tier's sizes, one key per component. */
export const overrides = {
  network: network.prefault({}),
  nodes: nodes.prefault({}),
  postgres: postgres.prefault({}),
  pgbouncer: pgbouncer.prefault({}),
  redis: redis.prefault({}),
  workers: workers.prefault({}),
  edge: edge.prefault({}),
  logs: logs.prefault({}),
  observability: observability.prefault({}),
  keep: keep.prefault({}),
};
