import type { ContainerSize, TargetSize } from "../../tiers";
import {
  allocatable,
  gatewaySize,
  nodeCapacity,
  type PoolCapacity,
  poolOf,
  poolsOf,
  type Workload,
} from "../../tiers/capacity";
import { clientsWithin } from "../../tiers/pooler-memory";
import type { Problem } from "../../tiers/problem";
import { type OwnSize, withOwnSize } from "../../tiers/sizes";
import { nodeTypes } from "../../tiers/targets";
import type { Settings } from "../schema";
import type { Facts, Rule } from "./rule";
import { shortage, typesKey } from "./shortage";

type Nodes = Exclude<TargetSize, { kind: "existing" }>;

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
export const workloadOf = ({ queues, app }: Pick<Settings, "queues" | "app">): Workload => ({
  queues,
  schedules: app.schedules,
  migration: app.migrate,
});

const text = ({ cpuMillicores, memoryMiB }: ContainerSize) => `${cpuMillicores}m CPU and ${memoryMiB} MiB`;
const fits = (size: ContainerSize, node: ContainerSize) =>
  size.cpuMillicores <= node.cpuMillicores && size.memoryMiB <= node.memoryMiB;

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

/** Pods larger than a node. On k3s the first instance type counts; EKS picks a type that a pod fits. */
const podsFit: Rule = (facts) => {
  const target = knownNodes(facts);
  if (!target) return [];
  const { spec, settings } = facts;
  const { app, workers } = spec;
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
  const withGateway = {
    cpuMillicores: app.container.cpuMillicores + gatewaySize.cpuMillicores,
    memoryMiB: app.container.memoryMiB + gatewaySize.memoryMiB,
  };
  const [main = "node"] = poolsOf(target);
  const workerPool = poolsOf(target).at(-1) ?? main;
  const own = (where: string, size: ContainerSize, items: readonly OwnSize[], pool: PoolCapacity["pool"]) =>
    items.map((item, at) => check(`${where}[${at}]`, withOwnSize(size, item), pool));
  return [
    check("app", withGateway, main),
    poolerFits(facts, target),
    ...own("queues", workers.container, settings.queues, workerPool),
    ...own("app.schedules", app.container, settings.app.schedules, main),
    settings.app.migrate && check("app.migrate", withOwnSize(app.container, settings.app.migrate), main),
  ];
};

/** Pods that fit no node are said once, not again as a sum. */
const capacity: Rule = (facts) => {
  const large = podsFit(facts).filter(Boolean);
  return large.length > 0 ? large : nodesFit(facts);
};

/** Rules about pods and the nodes that they run on. */
export const capacities: Rule[] = [capacity];
