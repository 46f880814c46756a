import * as pulumi from "@pulumi/pulumi";
import { distinct, type LookUp, lookUp, unanswered } from "./look-ups";
import { idOf, isSecretOutput, outputsOf } from "./outputs";
import { pathsOf, type Registree, shortName } from "./paths";
import { guardSdk, onUnknownProperty } from "./sdk/classes";
import { withoutDiagnostics } from "./sdk/diagnostics";
import {
  type Engine,
  type Registered,
  type Registration,
  type ResourceOptions,
  type RunOptions,
  runUnder,
  stackType,
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
  /** Paths of the resources that each input is made from. Absent where none is made from others. */
  propertyDependencies?: Record<string, string[]>;
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
  readonly lookUps: LookUp[] = [];
  readonly problems = new Set<string>();
  /** Whether a look-up had no answer. If the program fails then, this is why. */
  unanswered = false;
  outputs: Record<string, unknown> = {};
  private stackUrn = "";
  private readonly registered: (Registree & { registration: Registration })[] = [];
  /** Paths by URN, as names alone make them: what stands in for an id must not depend on the resources beside it. */
  private readonly ownPaths = new Map<string, string>();
  private readonly kinds = new Map<string, string>();

  constructor(private readonly options: RecordOptions) {}

  register(registration: Registration): Registered {
    const { type, name, parent } = registration;
    const isStack = type === stackType;
    // The engine's URN: the types of all ancestors but the stack's, and the name.
    const kind = this.kinds.get(parent) ? `${this.kinds.get(parent)}$${type}` : type;
    const urn = `urn:pulumi:${this.options.stack}::${this.options.project}::${kind}::${name}`;
    this.kinds.set(urn, isStack ? "" : kind);
    if (isStack) {
      this.stackUrn = urn;
      return { urn, id: "", state: {} };
    }
    if (this.ownPaths.has(urn)) this.problems.add(`${name} (${type}): two resources have the URN ${urn}`);
    const parentPath = this.ownPaths.get(parent);
    const segment = parentPath === undefined ? name : shortName(name, parentPath);
    const path = parentPath === undefined ? segment : `${parentPath}/${segment}`;
    this.ownPaths.set(urn, path);
    this.registered.push({ urn, parent, type, name, segment, registration });
    return { urn, ...this.answer(registration, path) };
  }

  /** Every resource, sorted by path. Reports two that still have one path: a name may have a slash. */
  resources(): RecordedResource[] {
    const paths = pathsOf(this.registered);
    const taken = new Map<string, string>();
    const resources = this.registered.map(({ urn, registration }) => {
      const resource = this.recorded(registration, urn, paths);
      const { name, type, path } = resource;
      if ((taken.get(path) ?? urn) !== urn)
        this.problems.add(`${name} (${type}): the path ${path} is another resource's too; rename one of them`);
      taken.set(path, urn);
      return resource;
    });
    return resources.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }

  private recorded(registration: Registration, urn: string, paths: Map<string, string>): RecordedResource {
    const { type, name, parent, custom, provider, dependsOn, propertyDependencies, inputs, options } = registration;
    const pathsTo = (urns: string[]) =>
      urns
        .filter((one) => one !== this.stackUrn)
        .map((one) => paths.get(one) ?? one)
        .sort();
    const made = Object.entries(propertyDependencies).sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      path: paths.get(urn) ?? name,
      type,
      name,
      custom,
      parent: paths.get(parent) ?? null,
      provider: paths.get(provider) ?? null,
      dependsOn: pathsTo(dependsOn),
      ...(made.length > 0 && {
        propertyDependencies: Object.fromEntries(made.map(([property, urns]) => [property, pathsTo(urns)])),
      }),
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
    if (urn === this.stackUrn) this.outputs = outputs();
  }
}

/**
 * Runs a program as the engine would, without one, and records what it registers. Throws what the program throws. Only
 * for a defect of the program, which nobody could find without a stack trace, it runs again with the SDK's diagnostics.
 */
export async function record(program: () => unknown, options: RecordOptions): Promise<Recording> {
  try {
    return await withoutDiagnostics(() => recordOnce(program, options));
  } catch (error) {
    if (pulumi.RunError.isInstance(error) || pulumi.ResourceError.isInstance(error)) throw error;
    return await recordOnce(program, options);
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
  const resources = recorder.resources();
  return {
    project: options.project,
    stack: options.stack,
    resources,
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
