/** What a lever changes in a stack: one setting, or the tier. Pure. */
import { mostPods } from "../../config/overrides";
import { type Tier, type TierSpec, tierNames } from "../../tiers";
import { budgetOf } from "../../tiers/connections";
import { maxCacheNodes, maxReadReplicas } from "../../tiers/limits";
import { type NodeType, sizes } from "../../tiers/sizes";
import { nodeTypes } from "../../tiers/targets";
import type { Capacity } from "../capacity/types";
import { peakOf } from "./findings";
import { type MetricName, metricInfo, type Relief, type Series, unitOf } from "./metrics";
import { type Lever, unhealthy } from "./rules";

/** A setting with its value in force and the one that it gets. */
export interface Change {
  /** The key as `pulumi config set --path` takes it, without the namespace: `postgres.replicas`. */
  key: string;
  before: string | number;
  after: string | number;
}

/** What a lever does to a stack, or why it can do nothing. */
export type Step =
  | { lever: Lever; change: Change }
  | { lever: "tier"; tier: Tier }
  | { lever: Lever; impossible: string };

/** Sizes of a stack, and its tier. */
export interface Sized {
  tier: Tier;
  spec: TierSpec;
}

/** The next tier up or down; undefined beyond the last. */
export const tierBeside = (tier: Tier, by: 1 | -1): Tier | undefined => tierNames[tierNames.indexOf(tier) + by];

const familyOf = (type: string) => type.split(".")[0];

/** The CPUs that a type gives for ever, where it may not buy credits, else all. */
const cpusOf = ({ vcpu, cpuBaseline = 1 }: NodeType, limited: boolean) => vcpu * (limited ? cpuBaseline : 1);

/**
 * The smallest node type with more of CPU or memory, and less of neither; of equals one of the same family, then the one
 * with least memory.
 */
function largerNode({ target }: TierSpec, wants: Relief): string | undefined {
  if (target.kind === "existing") return undefined;
  const [type = ""] = target.kind === "k3s" ? target.instanceTypes : target.general.instanceTypes;
  const limited = target.kind === "k3s" && target.cpuCredits === "standard";
  const own = sizes.instance(type);
  if (!own) return undefined;
  const figures = (name: string) => {
    const size = sizes.instance(name) as NodeType;
    return { name, cpu: cpusOf(size, limited), memory: size.memoryGiB };
  };
  const now = figures(type);
  const rank = (one: typeof now) => [one[wants], familyOf(one.name) === familyOf(type) ? 0 : 1, one.memory, one.cpu];
  const larger = nodeTypes(target.kind)
    .map(figures)
    .filter((one) => one[wants] > now[wants] && one.cpu >= now.cpu && one.memory >= now.memory)
    .sort(
      (a, b) =>
        rank(a)
          .map((value, at) => Number(value) - Number(rank(b)[at]))
          .find((by) => by !== 0) ?? 0,
    );
  return larger[0]?.name;
}

/** The next of a catalogue's types, which are in order of their size. */
const nextOf = (types: readonly string[], type: string) =>
  types.includes(type) ? types[types.indexOf(type) + 1] : undefined;

const inPod = (store: string): string => `${store} runs in a pod of the cluster`;

const catalogue = "tiers/catalogues/aws-sizes.json";
const largestType = (type: string) => `${type} is the largest in ${catalogue}`;

/** Workers that a longer queue gets first. */
const firstWorkers = 5;

interface LeverStep {
  /** What it changes, and by how much. */
  what: string;
  /** One step, or why there is none. */
  step: (spec: TierSpec, wants: Relief) => Change | string;
}

/** Every lever of a single setting. */
export const leverSteps: Record<Exclude<Lever, "tier">, LeverStep> = {
  node: {
    what: "`nodes.instanceTypes[0]`, to the smallest type with more CPU or memory and less of neither",
    step: (spec, wants) => {
      const { target } = spec;
      if (target.kind === "existing") return "the nodes are not the stack's; add some to the cluster";
      const [before = ""] = target.kind === "k3s" ? target.instanceTypes : target.general.instanceTypes;
      const after = largerNode(spec, wants);
      return after === undefined ? largestType(before) : { key: "nodes.instanceTypes[0]", before, after };
    },
  },
  pods: {
    what: "`app.maxReplicas`, to twice as many",
    step: ({ app: { maxReplicas: before } }) =>
      before < mostPods
        ? { key: "app.maxReplicas", before, after: Math.min(mostPods, 2 * before) }
        : `it has ${mostPods} pods, the most`,
  },
  database: {
    what: `\`postgres.instanceClass\`, to the next in \`${catalogue}\``,
    step: ({ postgres: { place, managed } }) => {
      if (place === "cluster") return inPod("Postgres");
      const { instanceClass: before } = managed;
      const after = nextOf(sizes.databaseClasses, before);
      return after === undefined ? largestType(before) : { key: "postgres.instanceClass", before, after };
    },
  },
  replica: {
    what: "`postgres.replicas`, to one more",
    step: ({ postgres: { place, managed } }) => {
      if (place === "cluster") return inPod("Postgres");
      const { replicas: before } = managed;
      return before < maxReadReplicas
        ? { key: "postgres.replicas", before, after: before + 1 }
        : `it has ${maxReadReplicas} replicas, the most`;
    },
  },
  pool: {
    what: "`pgbouncer.poolSize`, to half as many again, as far as `max_connections` allows",
    step: (spec) => {
      const { poolSize: before, largestPoolSize } = budgetOf(spec);
      const after = Math.min(largestPoolSize, Math.ceil(before * 1.5));
      return after > before
        ? { key: "pgbouncer.poolSize", before, after }
        : `${before} connections a pool are the most that max_connections allows`;
    },
  },
  cache: {
    what: `\`redis.nodeType\`, to the next in \`${catalogue}\`; in the cluster \`redis.memoryMiB\`, to twice as much`,
    step: ({ redis: { place, managed, cluster } }) => {
      if (place === "cluster") {
        const { memoryMiB: before } = cluster.container;
        return { key: "redis.memoryMiB", before, after: 2 * before };
      }
      const { nodeType: before } = managed;
      const after = nextOf(sizes.cacheNodeTypes, before);
      return after === undefined ? largestType(before) : { key: "redis.nodeType", before, after };
    },
  },
  shards: {
    what: "`redis.shards`, to one more",
    step: ({ redis: { place, managed } }) => {
      if (place === "cluster") return inPod("Redis");
      const { shards: before, replicasPerShard } = managed;
      return (before + 1) * (1 + replicasPerShard) <= maxCacheNodes
        ? { key: "redis.shards", before, after: before + 1 }
        : `a cache has at most ${maxCacheNodes} nodes`;
    },
  },
  workers: {
    what: `\`workers.maxReplicas\`, to ${firstWorkers}, or from there to twice as many`,
    step: ({ workers: { maxReplicas: before } }) =>
      before < mostPods
        ? {
            key: "workers.maxReplicas",
            before,
            after: Math.min(mostPods, before < firstWorkers ? firstWorkers : 2 * before),
          }
        : `a queue has ${mostPods} workers, the most`,
  },
  "fewer-workers": {
    what: "`workers.minReplicas`, to 1",
    step: ({ workers: { minReplicas: before } }) =>
      before > 1 ? { key: "workers.minReplicas", before, after: 1 } : "a queue has 1 worker, the fewest",
  },
};

/** The step of a lever on a stack, to relieve a metric where one asks for it. */
export function stepOf(lever: Lever, { tier, spec }: Sized, metric?: MetricName): Step {
  if (lever === "tier") {
    const next = tierBeside(tier, 1);
    return next ? { lever, tier: next } : { lever, impossible: `${tier} is the largest tier` };
  }
  const step = leverSteps[lever].step(spec, (metric && metricInfo(metric).relievedBy) ?? "cpu");
  return typeof step === "string" ? { lever, impossible: step } : { lever, change: step };
}

/** The levers of the settings that the capacity model names. */
const leversBySetting: Record<string, Lever> = {
  "app.maxReplicas": "pods",
  "nodes.instanceTypes": "node",
  "nodes.maxNodes": "node",
  "pgbouncer.poolSize": "pool",
  "postgres.instanceClass": "database",
  "postgres.replicas": "replica",
  "redis.shards": "shards",
};

/** The lever of the busiest resource, and why it is that. */
export interface Busiest {
  lever: Lever;
  /** The metric that shows it; undefined where the model does. */
  metric?: MetricName;
  why: string;
}

/**
 * The lever of what is busiest: of what was measured beyond what is healthy, the furthest beyond; else the first limit
 * of the capacity model.
 */
export function busiestOf(series: readonly Series[], { bottleneck }: Pick<Capacity, "bottleneck">): Busiest {
  const [first] = unhealthy
    .flatMap(({ metric, threshold, relief }) => {
      const peak = peakOf(series, metric);
      return relief !== "busiest" && peak !== undefined && peak >= threshold
        ? [{ lever: relief, metric, by: peak / threshold, peak }]
        : [];
    })
    .sort((a, b) => b.by - a.by);
  if (first) {
    const { lever, metric, peak } = first;
    return { lever, metric, why: `busiest: ${metric}, up to ${Number(peak.toPrecision(3))} ${unitOf(metric)}` };
  }
  const lever = bottleneck.raisedBy.map((setting) => leversBySetting[setting]).find((one) => one !== undefined);
  return {
    lever: lever ?? "tier",
    why: `nothing that was measured is busy; first at its limit by the model: ${bottleneck.resource}`,
  };
}
