import type { ContainerSize } from "../../tiers";
import {
  allocatable,
  exceededOf,
  type Nodes,
  type Part,
  type PoolCapacity,
  partsOf,
  poolOf,
  requestsOf,
  type Workload,
} from "../../tiers/capacity";
import type { Problem } from "../../tiers/problem";
import { sizes } from "../../tiers/sizes";
import { nodeTypes } from "../../tiers/targets";
import { mostNodes } from "../overrides";
import type { Facts } from "./rule";

type Field = keyof ContainerSize;

const units: Record<Field, string> = { cpuMillicores: "m CPU", memoryMiB: " MiB" };

/** The key of a pool's instance types. */
export const typesKey = (pool: PoolCapacity["pool"]) =>
  pool === "spot" ? "nodes.spotInstanceTypes" : "nodes.instanceTypes";

/** Parts of one kind and size, which the sum shows as one. */
interface Group {
  name: Part["name"];
  pods: number;
  size: ContainerSize;
  /** Indices of the queues or schedules. */
  at: number[];
}

function groupsOf(parts: readonly Part[], field: Field): Group[] {
  const groups: Group[] = [];
  for (const { name, pods, size, at } of parts) {
    const same = groups.find((group) => group.name === name && group.size[field] === size[field]);
    if (same) same.pods += pods;
    else groups.push({ name, pods, size, at: [] });
    if (at !== undefined) (same ?? groups.at(-1))?.at.push(at);
  }
  return groups;
}

/** What a group adds to the sum, such as `workers of video 2 x 256`. */
function groupText({ settings }: Facts, group: Group, groups: Group[], field: Field): string {
  const { name, pods, size, at } = group;
  const items = name === "workers" ? settings.queues : name === "schedules" ? settings.app.schedules : [];
  const alone = at.length === 0 || groups.filter((other) => other.name === name).length === 1;
  const label = alone ? name : `${name} of ${at.map((index) => items[index]?.name).join(" and ")}`;
  return `${label} ${pods > 1 ? `${pods} x ` : ""}${size[field]}`;
}

/** How a user makes a group smaller: the key to look at, and what to lower. */
interface Knob {
  where: string;
  lower: string;
  /** Whether the stack file asks for it. What it does not name is the tier's. */
  asked: boolean;
}

/** Returns undefined for what no key changes. */
function knobOf({ settings }: Facts, { name, at }: Group, field: Field): Knob | undefined {
  const { app, workers, queues } = settings;
  const given = ({ maxReplicas, [field]: own }: { maxReplicas?: number | undefined } & Partial<ContainerSize>) =>
    own !== undefined ? field : maxReplicas !== undefined ? "maxReplicas" : undefined;
  const item = (list: string) => (at.length === 1 ? `${list}[${at[0]}]` : list);
  switch (name) {
    case "application": {
      const key = given(app);
      return {
        where: `app.${key ?? "maxReplicas"}`,
        lower: `app.maxReplicas or app.${field}`,
        asked: key !== undefined,
      };
    }
    case "workers": {
      const own = at.some((index) => queues[index]?.[field] !== undefined);
      const key = own ? undefined : given(workers);
      const size = own ? `${item("queues")}.${field}` : `workers.${field}`;
      return {
        where: key ? `workers.${key}` : item("queues"),
        lower: `workers.maxReplicas or ${size}`,
        asked: true,
      };
    }
    case "migration":
      return { where: "app.migrate", lower: `app.migrate.${field}`, asked: true };
    case "schedules":
      return { where: item("app.schedules"), lower: `${item("app.schedules")}.${field}`, asked: true };
    case "PgBouncer": {
      const key = "pgbouncer.maxClientConnections";
      return { where: key, lower: key, asked: settings.pgbouncer.maxClientConnections !== undefined };
    }
    case "Valkey":
      if (field === "cpuMillicores") return undefined;
      return { where: "redis.memoryMiB", lower: "redis.memoryMiB", asked: settings.redis.memoryMiB !== undefined };
    default:
      return undefined;
  }
}

/** The largest group that the stack file asks for, else the largest that a key changes. */
function largestKnob(facts: Facts, groups: Group[], field: Field): Knob | undefined {
  const bySize = [...groups].sort((a, b) => b.pods * b.size[field] - a.pods * a.size[field]);
  const knobs = bySize.map((group) => knobOf(facts, group, field)).filter((knob) => knob !== undefined);
  return knobs.find(({ asked }) => asked) ?? knobs[0];
}

export const fits = (size: ContainerSize, node: ContainerSize) =>
  size.cpuMillicores <= node.cpuMillicores && size.memoryMiB <= node.memoryMiB;

/** Returns the smallest type that as many nodes fit the parts with, of the same family if there is one. */
function fittingType(target: Nodes, pool: PoolCapacity["pool"], parts: readonly Part[]): string | undefined {
  const { instanceTypes, maxNodes } = poolOf(target, pool);
  const family = (type: string) => type.split(".")[0];
  const requested = requestsOf(parts);
  const rank = (type: string) => {
    const { memoryGiB = 0, vcpu = 0 } = sizes.instance(type) ?? {};
    return (family(type) === family(instanceTypes[0] ?? "") ? 0 : 1e6) + memoryGiB * 1000 + vcpu;
  };
  const fitting = nodeTypes(target.kind).filter((type) => {
    const { cpuMillicores, memoryMiB } = allocatable(type, target.kind);
    const together = { cpuMillicores: maxNodes * cpuMillicores, memoryMiB: maxNodes * memoryMiB };
    return fits(requested, together) && parts.every(({ size }) => fits(size, { cpuMillicores, memoryMiB }));
  });
  return fitting.sort((a, b) => rank(a) - rank(b))[0];
}

/** The number of nodes that fits the parts, as a setting; undefined where it is fixed or exceeds the key's bound. */
function fittingNodes(target: Nodes, parts: readonly Part[], { pool, ...use }: PoolCapacity): string | undefined {
  if (pool === "node") return undefined;
  const { maxNodes } = poolOf(target, pool);
  const everywhere = requestsOf(parts.filter(({ perNode }) => perNode));
  const needed = (["cpuMillicores", "memoryMiB"] as const).map((field) => {
    const { requested, allocatable: all } = use[field];
    return (requested - everywhere[field]) / (all - everywhere[field]);
  });
  const nodes = Math.ceil(maxNodes * Math.max(...needed));
  return nodes > mostNodes ? undefined : `nodes.${pool === "spot" ? "maxSpotNodes" : "maxNodes"}: ${nodes}`;
}

/** Returns the problem of a pool whose pods request more than its nodes have, once every autoscaler is at its maximum. */
export function shortage(facts: Facts, target: Nodes, workload: Workload, use: PoolCapacity): Problem | false {
  const exceeded = exceededOf(use);
  const [field] = [...exceeded].sort(
    (a, b) => use[b].requested / use[b].allocatable - use[a].requested / use[a].allocatable,
  );
  if (!field) return false;
  const parts = partsOf(facts.spec, workload).filter(({ pool }) => pool === use.pool);
  const summed = (of: Field) => {
    const groups = groupsOf(parts, of);
    return `${use[of].requested}${units[of]}: ${groups.map((group) => groupText(facts, group, groups, of)).join(", ")}`;
  };
  const {
    instanceTypes: [type],
    maxNodes,
  } = poolOf(target, use.pool);
  const all = exceeded.map((of) => `${use[of].allocatable}${units[of]}`).join(" and ");
  const knob = largestKnob(facts, groupsOf(parts, field), field);
  const larger = fittingType(target, use.pool, parts);
  const settings = [fittingNodes(target, parts, use), larger && `${typesKey(use.pool)}: [${larger}]`].filter(Boolean);
  const ways = [knob && `lower ${knob.lower}`, settings.length > 0 && `set ${settings.join(" or ")}`];
  return {
    where: knob?.where ?? typesKey(use.pool),
    given: `at every autoscaler's maximum ${exceeded.map(summed).join(" and ")}`,
    allowed: `${all}: what ${use.pool === "node" ? `a ${type} has` : `${maxNodes} ${type} have`} for pods`,
    fix: ways.filter(Boolean).join(", or "),
  };
}
