import { isDeepStrictEqual } from "node:util";
import type { StackInputs } from "../config/load";
import type { Program } from "../platform/program";
import { type Tier, type TierSpec, tiers } from "../tiers";
import { budgetOf } from "../tiers/connections";
import { costContext } from "./cost/context";
import { monthlyCostOf } from "./cost/cost";
import type { Cost, Rates } from "./cost/types";
import { type Duration, durationOf } from "./duration/duration";
import type { LookUp } from "./record/look-ups";
import type { PlannedResource } from "./record/planned";
import { unknownProperties } from "./record/properties";
import { type Recording, type RecordOptions, record } from "./record/record";
import { redact } from "./record/values";
import type { Project, StackConfig } from "./stacks";

export interface Capacity {
  /** Load the tier is sized for. Null where overrides change what carries it, because it then follows from nothing. */
  requestsPerMinute: number | null;
  queriesPerSecond: number | null;
  concurrentUsers: number | null;
  /** Clients PgBouncer accepts, over all its pods. */
  clientConnections: number;
  /** Connections of PgBouncer to one database server, with every pool full. */
  serverConnections: number;
  maxConnections: number;
}

/** The plan, version 1 (docs/architecture.md, "Plan JSON"). Nothing in it depends on the machine or the hour. */
export interface Plan {
  version: 1;
  project: string;
  stack: string;
  tier: string;
  resources: PlannedResource[];
  lookUps: LookUp[];
  outputs: Record<string, unknown>;
  cost: Cost;
  capacity: Capacity;
  /** Expected time of the first deployment. */
  duration: Duration;
}

/** The program made a graph that the real engine would refuse. */
export class RefusedPlan extends Error {
  constructor(
    stack: string,
    readonly problems: string[],
  ) {
    super(problems.map((problem) => `${stack}: ${problem}`).join("\n"));
  }
}

/** The sizes that carry the load of a stack. Those of storage, backups and standbys do not. */
function carriersOf({ app, workers, pgbouncer, postgres, redis, target }: TierSpec, ownNodes: boolean): unknown {
  const { instanceClass, replicas } = postgres.managed;
  const { nodeType, shards, replicasPerShard } = redis.managed;
  const database = postgres.place === "cluster" ? postgres.cluster.container : { instanceClass, replicas };
  const cache = redis.place === "cluster" ? redis.cluster.container : { nodeType, shards, replicasPerShard };
  // Nobody knows the nodes of an existing cluster.
  return { app, workers, pgbouncer, database, cache, ...(ownNodes && { target }) };
}

const noLoad = { requestsPerMinute: null, queriesPerSecond: null, concurrentUsers: null };

function capacityOf(tier: Tier, spec: TierSpec): Capacity {
  const { clientConnections, serverConnections, maxConnections } = budgetOf(spec);
  const ownNodes = spec.target.kind !== "existing";
  const asInTier = isDeepStrictEqual(carriersOf(spec, ownNodes), carriersOf(tiers[tier], ownNodes));
  return { ...(asInTier ? spec.load : noLoad), clientConnections, serverConnections, maxConnections };
}

/** Records a program. Throws a RefusedPlan for a graph the engine would refuse. */
export async function soundRecording(program: () => unknown, options: RecordOptions): Promise<Recording> {
  const recording = await record(program, options);
  const problems = [...recording.problems, ...recording.resources.flatMap(unknownProperties)];
  if (problems.length > 0) throw new RefusedPlan(options.stack, problems);
  return recording;
}

/** A plan together with the inputs and the recording it was made from. */
export interface Planned {
  plan: Plan;
  inputs: StackInputs;
  recording: Recording;
}

/**
 * Plans a stack: the same program the engine runs, without an engine, a network or an account.
 * Throws a SettingsError for bad configuration and a RefusedPlan for a graph the engine would refuse.
 */
export async function planStack(
  project: Project,
  stack: StackConfig,
  program: Program,
  { rates, ...options }: { preview?: boolean; rates?: Rates } = {},
): Promise<Planned> {
  const region = stack.config[`${project.name}:region`];
  let inputs: StackInputs | undefined;
  const run = () =>
    program((reported) => {
      inputs = reported;
    });
  const recording = await soundRecording(run, {
    project: project.name,
    stack: stack.stack,
    config: stack.config,
    secretKeys: stack.secretKeys,
    ...(region && { region }),
    ...options,
  });
  if (!inputs) throw new RefusedPlan(stack.stack, ["the program reports no inputs: export program() of tierstack"]);
  const { settings, spec } = inputs;
  const resources: PlannedResource[] = recording.resources.map((resource) => ({
    ...resource,
    inputs: redact(resource.inputs) as Record<string, unknown>,
  }));
  return {
    recording,
    inputs,
    plan: {
      version: 1,
      project: project.name,
      stack: stack.stack,
      tier: settings.tier,
      resources,
      lookUps: recording.lookUps,
      outputs: redact(recording.outputs) as Record<string, unknown>,
      cost: monthlyCostOf(resources, costContext(inputs, rates)),
      capacity: capacityOf(settings.tier, spec),
      duration: durationOf(resources),
    },
  };
}
