import * as pulumi from "@pulumi/pulumi";
import { distinct, type LookUp, lookUp, unanswered } from "./look-ups";
import { idOf, isSecretOutput, outputsOf } from "./outputs";
import { guardSdk, onUnknownProperty } from "./sdk/classes";
import {
  type Engine,
  type Registered,
  type Registration,
  type ResourceOptions,
  type RunOptions,
  runUnder,
} from "./sdk/monitor";
import { reveal, Secret, unknownText } from "./values";

/** A resource as the program registered it. Secrets in `inputs` are `Secret`s. */
export interface RecordedResource {
  path: string;
  type: string;
  name: string;
  custom: boolean;
  parent: string | null;
  provider: string | null;
  dependsOn: string[];
  inputs: Record<string, unknown>;
  options: ResourceOptions;
}

/** What a program registered. */
export interface Recording {
  project: string;
  stack: string;
  resources: RecordedResource[];
  /** What the program asked of providers: each once, sorted. */
  lookUps: LookUp[];
  outputs: Record<string, unknown>;
  /**
   * What the real engine would refuse: doubled URNs, resources made inside `apply`, unknown properties. And look-ups
   * that the planner cannot answer.
   */
  problems: string[];
}

/** How a program is run and recorded. */
export interface RecordOptions extends RunOptions {
  region?: string;
}

/** Collects registrations and answers them as the engine would. */
class Recorder implements Engine {
  readonly resources: RecordedResource[] = [];
  readonly lookUps: LookUp[] = [];
  readonly problems = new Set<string>();
  /** Whether a look-up had no answer. If the program fails then, this is why. */
  unanswered = false;
  outputs: Record<string, unknown> = {};
  private readonly paths = new Map<string, string>();
  private readonly taken = new Set<string>();
  private readonly kinds = new Map<string, string>();

  constructor(private readonly options: RecordOptions) {}

  register(registration: Registration): Registered {
    const { type, name, parent } = registration;
    const isStack = type === "pulumi:pulumi:Stack";
    // The engine's URN: the types of all ancestors but the stack's, and the name.
    const kind = this.kinds.get(parent) ? `${this.kinds.get(parent)}$${type}` : type;
    const urn = `urn:pulumi:${this.options.stack}::${this.options.project}::${kind}::${name}`;
    if (this.paths.has(urn)) this.problems.add(`${name} (${type}): two resources have the URN ${urn}`);
    const parentPath = this.paths.get(parent);
    const path = isStack ? "" : parentPath ? `${parentPath}/${shortName(name, parentPath)}` : name;
    if (this.taken.has(path) && !this.paths.has(urn))
      this.problems.add(`${name} (${type}): the path ${path} is another resource's too; rename one of them`);
    this.taken.add(path);
    this.paths.set(urn, path);
    this.kinds.set(urn, isStack ? "" : kind);
    if (!isStack) this.resources.push(this.recorded(registration, path, parentPath));
    return { urn, ...this.answer(registration, path) };
  }

  private recorded(registration: Registration, path: string, parent: string | undefined): RecordedResource {
    const { type, name, custom, provider, dependsOn, inputs, options } = registration;
    return {
      path,
      type,
      name,
      custom,
      parent: parent || null,
      provider: this.paths.get(provider) ?? null,
      dependsOn: dependsOn
        .map((urn) => this.paths.get(urn) ?? urn)
        .filter((dependency) => dependency !== "")
        .sort(),
      inputs,
      options,
    };
  }

  /** State of the resource after its creation. An output is secret where the input of its name is. */
  private answer({ custom, type, name, inputs, secretOutputs }: Registration, path: string): Omit<Registered, "urn"> {
    if (!custom) return { id: "", state: {} };
    if (this.options.preview) return { id: "", state: inputs };
    const self = {
      path,
      type,
      name,
      inputs: reveal(inputs) as Record<string, unknown>,
      region: this.options.region ?? "us-east-1",
    };
    const computed = Object.entries(outputsOf(self)).map(([property, value]) => [
      property,
      secretOutputs.includes(property) || isSecretOutput(type, property) ? new Secret(value) : value,
    ]);
    return { id: idOf(self), state: { ...inputs, ...Object.fromEntries(computed) } };
  }

  lookUp(token: string, inputs: Record<string, unknown>): Record<string, unknown> {
    const found = lookUp(token, inputs);
    if (!found) {
      // Refused as a problem, not by an error: a resource that depends on the result would wait for it forever.
      this.unanswered = true;
      this.problems.add(unanswered(token));
      return { ...inputs, id: unknownText };
    }
    this.lookUps.push(found);
    return { ...inputs, ...found.result };
  }

  registerOutputs(urn: string, outputs: () => Record<string, unknown>): void {
    if (this.paths.get(urn) === "") this.outputs = outputs();
  }
}

/** `postgres-primary` in `tierstack/postgres` is `primary`. */
function shortName(name: string, parentPath: string): string {
  const prefixes = parentPath.split("/").map((_, at, parts) => `${parts.slice(at).join("-")}-`);
  const prefix = prefixes.find((candidate) => name.startsWith(candidate) && name.length > candidate.length);
  return prefix ? name.slice(prefix.length) : name;
}

/**
 * Runs a program as the engine would, without one, and records what it registers. Throws what the program throws.
 *
 * The SDK takes a stack trace of every promise it waits for, a fifth of the time of a plan; so they are left out, and
 * only for a defect of the program, which nobody could find without one, it runs again with them.
 */
export async function record(program: () => unknown, options: RecordOptions): Promise<Recording> {
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 0;
    return await recordOnce(program, options);
  } catch (error) {
    if (pulumi.RunError.isInstance(error) || pulumi.ResourceError.isInstance(error)) throw error;
    Error.stackTraceLimit = stackTraceLimit;
    return await recordOnce(program, options);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function recordOnce(program: () => unknown, options: RecordOptions): Promise<Recording> {
  guardSdk();
  const recorder = new Recorder(options);
  onUnknownProperty((problem) => recorder.problems.add(problem));
  try {
    await runUnder(recorder, () => watched(program, recorder), options);
  } catch (error) {
    if (!recorder.unanswered) throw error;
  }
  return {
    project: options.project,
    stack: options.stack,
    resources: recorder.resources.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    lookUps: distinct(recorder.lookUps),
    outputs: recorder.outputs,
    problems: [...recorder.problems].sort(),
  };
}

/** Runs the program and notes every resource that is constructed after it returned: those stand inside an `apply`. */
function watched(program: () => unknown, recorder: Recorder): unknown {
  let returned = false;
  pulumi.runtime.registerStackTransformation(({ type, name }) => {
    if (returned) recorder.problems.add(`${name} (${type}): created inside apply, so a preview would not show it`);
    return undefined;
  });
  try {
    return program();
  } finally {
    returned = true;
  }
}
