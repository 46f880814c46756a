import type { ContainerSize, TargetSize } from "../../tiers";
import { allocatable, gatewaySize, nodeCapacity, type PoolCapacity, type Workload } from "../../tiers/capacity";
import { clientsWithin } from "../../tiers/pooler-memory";
import type { Problem } from "../../tiers/problem";
import { type OwnSize, withOwnSize } from "../../tiers/sizes";
import { nodeTypes } from "../../tiers/targets";
import type { Settings } from "../schema";
import type { Facts, Rule } from "./rule";

type Nodes = Exclude<TargetSize, { kind: "existing" }>;

/** The instance types of the pool that workers run on, or of the others. */
function typesOf(target: Nodes, pool: PoolCapacity["pool"]): { key: string; types: string[] } {
  if (target.kind === "k3s") return { key: "nodes.instanceTypes", types: target.instanceTypes };
  if (pool === "spot" && target.spot) return { key: "nodes.spotInstanceTypes", types: target.spot.instanceTypes };
  return { key: "nodes.instanceTypes", types: target.general.instanceTypes };
}

const poolsOf = (target: Nodes): PoolCapacity["pool"][] =>
  target.kind === "k3s" ? ["node"] : target.spot ? ["general", "spot"] : ["general"];

/** The nodes; undefined if there are none, or of a type that another rule refuses. */
function knownNodes({ spec: { target } }: Facts): Nodes | undefined {
  if (target.kind === "existing") return undefined;
  const types = poolsOf(target).flatMap((pool) => typesOf(target, pool).types);
  return types.every((type) => nodeTypes(target.kind).includes(type)) ? target : undefined;
}

/** What a stack runs besides the application. */
export const workloadOf = ({ queues, app }: Pick<Settings, "queues" | "app">): Workload => ({
  queues,
  jobs: [...app.schedules, ...(app.migrate ? [app.migrate] : [])],
});

const text = ({ cpuMillicores, memoryMiB }: ContainerSize) => `${cpuMillicores}m CPU and ${memoryMiB} MiB`;
const fits = (size: ContainerSize, node: ContainerSize) =>
  size.cpuMillicores <= node.cpuMillicores && size.memoryMiB <= node.memoryMiB;

/** Pods that would wait for ever, once every autoscaler is at its maximum. */
const nodesFit: Rule = (facts) => {
  const target = knownNodes(facts);
  if (!target) return [];
  return nodeCapacity(facts.spec, workloadOf(facts.settings)).map(({ pool, cpuMillicores: cpu, memoryMiB: memory }) => {
    const more =
      target.kind === "k3s" ? "choose a larger nodes.instanceTypes" : `choose larger ${typesOf(target, pool).key}`;
    const nodes = { node: "", general: ", raise nodes.maxNodes", spot: ", raise nodes.maxSpotNodes" }[pool];
    return (
      (cpu.requested > cpu.allocatable || memory.requested > memory.allocatable) && {
        where: pool === "spot" ? "workers.maxReplicas" : "app.maxReplicas",
        given:
          `pods that request ${cpu.requested}m CPU and ${memory.requested} MiB of ` +
          `${pool === "node" ? "the node" : `the ${pool} nodes`} at every autoscaler's maximum`,
        allowed: `${cpu.allocatable}m CPU and ${memory.allocatable} MiB, without what system and kubelet take`,
        fix: `lower maxReplicas, CPU or memory of app, workers, schedules or migrate${nodes}, or ${more}`,
      }
    );
  });
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
