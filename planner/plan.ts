import type { StackInputs } from "../config/load";
import { workloadOf } from "../config/rules/capacity";
import type { Program } from "../platform/program";
import { capacityOf } from "./capacity/capacity";
import type { CoefficientsFile } from "./capacity/coefficients";
import type { Capacity, Limit } from "./capacity/types";
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

/** How a message names the tier that a stack is planned at in place of its own. */
export const atTier = (tier: string | undefined): string => (tier === undefined ? "" : ` at tier ${tier}`);

/** The program made a graph that the real engine would refuse. */
export class RefusedPlan extends Error {
  constructor(
    stack: string,
    readonly problems: string[],
  ) {
    super(problems.map((problem) => `${stack}: ${problem}`).join("\n"));
  }
}

/** The capacity of a stack, with paths as the plan has them. */
function stackCapacity({ settings, spec }: StackInputs, { resources }: Recording, file?: CoefficientsFile): Capacity {
  const root = resources.find(({ parent, type }) => parent === null && type.endsWith(":platform:Platform"));
  const capacity = capacityOf(spec, workloadOf(settings), file);
  const placed = (limit: Limit): Limit => ({ ...limit, path: root ? `${root.path}/${limit.path}` : limit.path });
  return { ...capacity, bottleneck: placed(capacity.bottleneck), limits: capacity.limits.map(placed) };
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
  {
    coefficients,
    rates,
    ...options
  }: { preview?: boolean; coefficients?: CoefficientsFile | undefined; rates?: Rates } = {},
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
  const { settings } = inputs;
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
      capacity: stackCapacity(inputs, recording, coefficients),
      duration: durationOf(resources),
    },
  };
}
