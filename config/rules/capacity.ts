import type { ContainerSize } from "../../tiers";
import {
  allocatable,
  type Nodes,
  nodeCapacity,
  type Part,
  type PoolCapacity,
  partsOf,
  poolOf,
  poolsOf,
  type Workload,
} from "../../tiers/capacity";
import { clientsWithin } from "../../tiers/pooler-memory";
import type { Problem } from "../../tiers/problem";
import { nodeTypes } from "../../tiers/targets";
import type { Settings } from "../schema";
import type { Facts, Rule } from "./rule";
import { fits, shortage, typesKey } from "./shortage";

/** The instance types of a pool, and their key. */
const typesOf = (target: Nodes, pool: PoolCapacity["pool"]): { key: string; types: string[] } => ({
  key: typesKey(pool),
  types: poolOf(target, pool).instanceTypes,
});

/** The nodes; undefined if there are none, or of a type that another rule refuses. */
function knownNodes({ spec: { target } }: Facts): Nodes | undefined {
  if (target.kind === "existing") return undefined;
  const types = poolsOf(target).flatMap((pool) => typesOf(target, pool).types);
  return types.every((type) => nodeTypes(target.kind).includes(type)) ? target : undefined;
}

/** What a stack runs besides the application. */
export const workloadOf = ({ queues, app, handover }: Pick<Settings, "queues" | "app" | "handover">): Workload => ({
  queues,
  handover: handover !== undefined,
  schedules: app.schedules,
  migration: app.migrate,
});

const text = ({ cpuMillicores, memoryMiB }: ContainerSize) => `${cpuMillicores}m CPU and ${memoryMiB} MiB`;

/** Pods that would wait for ever, once every autoscaler is at its maximum. */
const nodesFit: Rule = (facts) => {
  const target = knownNodes(facts);
  if (!target) return [];
  const workload = workloadOf(facts.settings);
  return nodeCapacity(facts.spec, workload).map((pool) => shortage(facts, target, workload, pool));
};

function poolerFits({ spec: { pgbouncer } }: Facts, target: Nodes): Problem | false {
  const { key, types } = typesOf(target, "general");
  const type = types[0] ?? "";
  const { memoryMiB } = allocatable(type, target.kind);
  const { maxClientConnections: clients, container, replicas } = pgbouncer;
  return (
    container.memoryMiB > memoryMiB && {
      where: "pgbouncer.maxClientConnections",
      given: `${clients} clients, which need ${container.memoryMiB} MiB in each pod`,
      allowed: `up to ${clientsWithin(memoryMiB, replicas)}: a ${type} has ${memoryMiB} MiB for pods`,
      fix: `lower pgbouncer.maxClientConnections, or choose a larger type in ${key}`,
    }
  );
}

/** The keys of the pods whose size is the user's. */
const keys: Partial<Record<Part["name"], string>> = {
  application: "app",
  workers: "queues",
  migration: "app.migrate",
  schedules: "app.schedules",
};

/** Pods larger than a node. On k3s the first instance type counts; EKS picks a type that a pod fits. */
const podsFit: Rule = (facts) => {
  const target = knownNodes(facts);
  if (!target) return [];
  const check = (where: string, size: ContainerSize, pool: PoolCapacity["pool"]) => {
    const { types } = typesOf(target, pool);
    const nodes = (target.kind === "k3s" ? types.slice(0, 1) : types).map((type) => allocatable(type, target.kind));
    const [first] = nodes;
    return (
      first !== undefined &&
      !nodes.some((node) => fits(size, node)) && {
        where,
        given: `a pod of ${text(size)}`,
        allowed: `what a node of ${types[0]} has for pods: ${text(first)}`,
        fix: `lower CPU or memory, or choose larger ${typesOf(target, pool).key}`,
      }
    );
  };
  const own = partsOf(facts.spec, workloadOf(facts.settings)).map(({ name, pool, size, at }) => {
    const key = keys[name];
    return key !== undefined && check(at === undefined ? key : `${key}[${at}]`, size, pool);
  });
  return [...own, poolerFits(facts, target)];
};

/** Pods that fit no node are said once, not again as a sum. */
const capacity: Rule = (facts) => {
  const large = podsFit(facts).filter(Boolean);
  return large.length > 0 ? large : nodesFit(facts);
};

/** Rules about pods and the nodes that they run on. */
export const capacities: Rule[] = [capacity];
