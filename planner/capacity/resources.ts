import { maxMemoryMiB } from "../../components/redis/cluster/memory";
import type { TierSpec } from "../../tiers";
import type { Workload } from "../../tiers/capacity";
import { budgetOf, primaryShare } from "../../tiers/connections";
import { nameIn } from "../../tiers/generations";
import { formatProblem } from "../../tiers/problem";
import { sizes, unknownSize } from "../../tiers/sizes";
import { type Coefficients, type Kind, scalabilityOf } from "./coefficients";
import { databaseCpus, nodeCpus } from "./cpu";
import type { Limit } from "./types";
import { usableCapacity } from "./usl";

/** A resource with what it has and what a request takes of it. */
export interface Resource extends Omit<Limit, "requestsPerMinute"> {
  /** Seconds of service a second: busy CPUs or connections. For disks, operations a second. */
  available: number;
  /** Utilisation that the figures stop at. */
  target: number;
  /** Seconds of service a request, or disk operations. */
  demand: number;
  /** The part of the demand that is for queries to the database. */
  queryDemand: number;
}

/** How often a request visits the stores. */
export interface Visits {
  /** Reads that the cache does not answer. */
  reads: number;
  /** Those of them that go to the read-only pool. */
  replicaReads: number;
  writes: number;
  /** Commands to Redis: look-ups, what a miss stores, and the rest. */
  commands: number;
}

export function visitsOf(values: Coefficients): Visits {
  const reads = values.readsPerRequest * (1 - values.cacheHitRate);
  return {
    reads,
    replicaReads: reads * values.replicaReads,
    writes: values.writesPerRequest,
    commands: values.redisCommandsPerRequest + values.readsPerRequest + reads,
  };
}

const ms = (milliseconds: number) => milliseconds / 1000;

/** What the model knows of a stack. */
interface Scene {
  spec: TierSpec;
  workload: Workload;
  values: Coefficients;
  visits: Visits;
  /** Servers, each with a share of a CPU, as CPUs that they use well together. */
  cpus: (kind: Kind, servers: number, each?: number) => number;
  /** What a pod has at most: one CPU a thread; on an existing cluster what it requests, for nobody knows the nodes. */
  podCpus: (threads: number, requestedMillicores: number) => number;
}

function sceneOf(spec: TierSpec, workload: Workload, values: Coefficients): Scene {
  const onExisting = spec.target.kind === "existing";
  return {
    spec,
    workload,
    values,
    visits: visitsOf(values),
    cpus: (kind, servers, each = 1) => usableCapacity(servers, scalabilityOf(kind, values)) * each,
    podCpus: (threads, requested) => (onExisting ? Math.min(threads, requested / 1000) : threads),
  };
}

function application({ spec: { app }, values, cpus, podCpus }: Scene): Resource {
  return {
    path: "app/deployment",
    resource: "CPU of the application",
    raisedBy: ["app.maxReplicas"],
    available: cpus("application", app.maxReplicas, podCpus(values.threadsPerPod, app.container.cpuMillicores)),
    target: values.cpuTarget,
    demand: ms(values.applicationCpuMs),
    queryDemand: 0,
  };
}

/** CPU of the reads and writes that a database server has of a request. */
const databaseCpu = ({ readCpuMs, writeCpuMs }: Coefficients, reads: number, writes: number) =>
  ms(reads * readCpuMs + writes * writeCpuMs);

function nodes({ spec, workload, values, visits }: Scene): Resource[] {
  const available = nodeCpus(spec, workload, values);
  if (available === undefined) return [];
  const { reads, writes, commands } = visits;
  const queries = ms((reads + writes) * values.poolerCpuMs);
  const database = spec.postgres.place === "cluster" ? databaseCpu(values, reads, writes) : 0;
  const redis = spec.redis.place === "cluster" ? ms(commands * values.redisCpuMs) : 0;
  const isOneNode = spec.target.kind === "k3s";
  return [
    {
      path: isOneNode ? "cluster/node/group" : "cluster/general",
      resource: isOneNode ? "CPU of the node" : "CPU of the general nodes",
      raisedBy: isOneNode ? ["nodes.instanceTypes"] : ["nodes.maxNodes", "nodes.instanceTypes"],
      available,
      target: values.cpuTarget,
      demand: ms(values.applicationCpuMs + values.gatewayCpuMs) + queries + database + redis,
      queryDemand: queries + database,
    },
  ];
}

function poolers({ spec: { pgbouncer }, values, visits, cpus, podCpus }: Scene): Resource {
  const demand = ms((visits.reads + visits.writes) * values.poolerCpuMs);
  return {
    path: "postgres/pgbouncer/deployment",
    resource: "CPU of PgBouncer",
    raisedBy: ["pgbouncer.replicas"],
    available: cpus("poolers", pgbouncer.replicas, podCpus(1, pgbouncer.container.cpuMillicores)),
    target: values.cpuTarget,
    demand,
    queryDemand: demand,
  };
}

/** The pools of `app` and `app_ro`. By Little's law a query keeps rate x time connections busy. */
function pools({ spec, values, visits: { reads, replicaReads, writes }, cpus }: Scene): Resource[] {
  const { poolSize, reservePoolSize } = budgetOf(spec);
  const connections = spec.pgbouncer.replicas * (poolSize + reservePoolSize);
  const available = cpus("connections", connections * values.connectionTarget);
  const pool = (database: string, queries: number): Resource => ({
    path: "postgres/pgbouncer/deployment",
    resource: `connections of the pool ${database}`,
    raisedBy: ["pgbouncer.poolSize", "postgres.instanceClass"],
    available,
    target: 1,
    demand: queries * ms(values.queryHoldMs),
    queryDemand: queries * ms(values.queryHoldMs),
  });
  return [pool("app", writes + reads - replicaReads), pool("app_ro", replicaReads)];
}

/** gp3 volumes: 3,000 operations a second, on RDS 12,000 from 400 GiB (RDS, "gp3 storage"). */
const operationsOf = ({ place, managed }: TierSpec["postgres"]) =>
  place === "managed" && managed.storageGiB >= 400 ? 12000 : 3000;

function database({ spec, values, visits, cpus, podCpus }: Scene): Resource[] {
  const { postgres, target } = spec;
  const { reads, replicaReads, writes } = visits;
  const isManaged = postgres.place === "managed";
  const replicas = isManaged ? postgres.managed.replicas : 0;
  const onPrimary = reads - replicaReads * (1 - primaryShare(replicas));
  const onReplica = replicas > 0 ? (reads - onPrimary) / replicas : 0;
  const path = isManaged ? `postgres/${nameIn(postgres.managed, "primary")}` : "postgres/cluster/server";
  const server = (place: string, resource: string, available: number, demand: number, raisedBy: string[]) => ({
    path: place,
    resource,
    raisedBy,
    available,
    target: values.cpuTarget,
    demand,
    queryDemand: demand,
  });
  const cpusOfOne = isManaged
    ? cpus("database", databaseCpus(postgres.managed.instanceClass))
    : podCpus(Number.POSITIVE_INFINITY, postgres.cluster.container.cpuMillicores);
  const primary = server(path, "CPU of the database", cpusOfOne, databaseCpu(values, onPrimary, writes), [
    ...(isManaged ? ["postgres.instanceClass", "postgres.replicas"] : ["tier"]),
  ]);
  const replayed = databaseCpu(values, onReplica, writes * values.replayCpuShare);
  const replica = server(
    `postgres/${nameIn(postgres.managed, "replica-0")}`,
    "CPU of a read replica",
    cpusOfOne,
    replayed,
    ["postgres.replicas", "postgres.instanceClass"],
  );
  const operations = writes * values.ioPerWrite + Math.max(onPrimary, onReplica) * values.ioPerRead;
  const disk = server(path, "disk of the database", operationsOf(postgres), operations, [
    isManaged ? "postgres.storageGiB" : "tier",
  ]);
  return [
    // In a pod it has what the node has.
    ...(Number.isFinite(cpusOfOne) ? [primary] : []),
    ...(replicas > 0 ? [replica] : []),
    ...(target.kind === "existing" ? [] : [{ ...disk, target: values.connectionTarget }]),
  ];
}

function redis({ spec, values, visits, cpus, podCpus }: Scene): Resource {
  const { place, managed, cluster } = spec.redis;
  const isManaged = place === "managed";
  return {
    path: isManaged ? "redis/cluster" : "redis/server",
    resource: "CPU of Redis",
    raisedBy: isManaged ? ["redis.shards"] : ["tier"],
    available: isManaged ? cpus("redis", managed.shards) : podCpus(1, cluster.container.cpuMillicores),
    target: values.cpuTarget,
    demand: ms(visits.commands * values.redisCpuMs),
    queryDemand: 0,
  };
}

/** Returns every resource that a request needs. */
export function resourcesOf(spec: TierSpec, workload: Workload, values: Coefficients): Resource[] {
  const scene = sceneOf(spec, workload, values);
  return [application(scene), ...nodes(scene), poolers(scene), ...pools(scene), ...database(scene), redis(scene)];
}

/** Returns the memory for data of every shard together, in MiB. Throws a RangeError for an unknown node type. */
export function redisMemoryMiB({ redis: { place, cluster, managed } }: TierSpec): number {
  if (place === "cluster") return maxMemoryMiB(cluster.container.memoryMiB);
  const node = sizes.cacheNode(managed.nodeType);
  if (!node) throw new RangeError(formatProblem(unknownSize("redis.nodeType", managed.nodeType, sizes.cacheNodeTypes)));
  return Math.floor((managed.shards * node.usableBytes) / 1024 ** 2);
}
