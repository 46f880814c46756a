/**
 * Offline tests of a program or a component: no Pulumi engine, no cloud account, no network. Import this module in
 * every test file: it watches the resource classes, which the SDKs load on first use.
 */
import { soundRecording } from "../planner/plan";
import type { LookUp } from "../planner/record/look-ups";
import type { RecordedResource, Recording } from "../planner/record/record";
import { guardSdk } from "../planner/record/sdk/classes";
import { reveal, Secret } from "../planner/record/values";

export { RefusedPlan } from "../planner/plan";
export type { LookUp } from "../planner/record/look-ups";
export {
  type RecordedResource,
  type Recording,
  type RecordOptions,
  record,
} from "../planner/record/record";
export type { ResourceOptions } from "../planner/record/sdk/monitor";
export { redact, reveal, Secret, unknownText } from "../planner/record/values";

guardSdk();

/** How `plan` runs a program. */
export interface PlanOptions {
  /**
   * Configuration, values as a stack file spells them: `{ tier: "growth", queues: [{ name: "mail" }] }`. A key without a
   * namespace is the project's. Wrap a value in `new Secret(...)` for one set with `pulumi config set --secret`.
   * @default none
   */
  config?: Record<string, unknown>;
  /** Name of the project. @default "test" */
  project?: string;
  /** Name of the stack. @default "test" */
  stack?: string;
  /** Leave computed outputs unknown, as a first `pulumi preview` does. @default false: stand-ins of the right form */
  preview?: boolean;
  /** AWS region of ARNs and host names in stand-in outputs. @default the region in `config`, or us-east-1 */
  region?: string;
}

/** What a program registered, for assertions. */
export class PlannedProgram {
  constructor(
    /** Everything recorded. */
    readonly recording: Recording,
  ) {}

  /** Every resource, sorted by path. Secret inputs are instances of `Secret`. */
  get resources(): RecordedResource[] {
    return this.recording.resources;
  }

  /** What the program asked of providers (`aws.ec2.getAmi`): each look-up once, with its arguments and its answer. */
  get lookUps(): LookUp[] {
    return this.recording.lookUps;
  }

  /** What the program returned, outputs resolved. Secret outputs are instances of `Secret`. */
  get outputs(): Record<string, unknown> {
    return this.recording.outputs;
  }

  /** Paths of every resource, sorted. */
  get paths(): string[] {
    return this.resources.map(({ path }) => path);
  }

  /** Resources of a type, such as `aws:s3/bucket:Bucket`. */
  ofType(type: string): RecordedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The resource at a path, such as `tierstack/postgres/primary`. Throws where there is none, and lists the paths. */
  at(path: string): RecordedResource {
    const found = this.resources.find((resource) => resource.path === path);
    if (!found) throw new Error(`no resource at ${path}; there are:\n${this.paths.join("\n")}`);
    return found;
  }

  /** Inputs of the resource at a path, secrets laid open. Throws where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into inputs of any form
  inputs(path: string): any {
    return reveal(this.at(path).inputs);
  }
}

const asText = (value: unknown): string => {
  const open = reveal(value);
  return typeof open === "string" ? open : JSON.stringify(open);
};

const isSecret = (value: unknown): boolean =>
  value instanceof Secret || (typeof value === "object" && value !== null && Object.values(value).some(isSecret));

/**
 * Runs a program without the Pulumi engine and returns what it registered. The program is a function: what
 * `program(resources)` of tierstack returns, or one that creates the component under test and returns its outputs.
 *
 * Throws a RefusedPlan for a graph that the engine would refuse: two resources of one URN, a resource created inside
 * `apply`, a property that the SDK does not know. Also for a look-up that the planner cannot answer. Throws what the
 * program throws, such as a SettingsError.
 * Run one plan at a time: the SDK keeps its state per process.
 */
export async function plan(program: () => unknown, options: PlanOptions = {}): Promise<PlannedProgram> {
  const { project = "test", stack = "test", preview = false } = options;
  const entries = Object.entries(options.config ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value] as const);
  const config = Object.fromEntries(entries.map(([key, value]) => [key, asText(value)]));
  const secretKeys = entries.filter(([, value]) => isSecret(value)).map(([key]) => key);
  const region = options.region ?? config[`${project}:region`];
  const recording = await soundRecording(program, {
    project,
    stack,
    config,
    secretKeys,
    preview,
    ...(region && { region }),
  });
  return new PlannedProgram(recording);
}
