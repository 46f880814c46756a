import * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import { idOf, isSecretOutput, lookUp, outputsOf } from "./outputs";
import { guardSdk, onUnknownProperty } from "./sdk";
import { decode, encode, reveal, Secret } from "./values";

/** Resource options that decide what a move does to a resource. */
export interface ResourceOptions {
  protect: boolean;
  retainOnDelete: boolean;
  ignoreChanges: string[];
  deleteBeforeReplace: boolean;
  aliases: string[];
}

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
  outputs: Record<string, unknown>;
  /** What the real engine would refuse: doubled URNs, resources made inside `apply`, unknown properties. */
  problems: string[];
}

/** How a program is run. */
export interface RecordOptions {
  project: string;
  stack: string;
  /** Configuration by full key, values as Pulumi hands them over (JSON for objects). */
  config?: Record<string, string>;
  /** Keys of `config` that are secret. */
  secretKeys?: string[];
  /** Leave every computed output unknown, as a first preview does. */
  preview?: boolean;
  region?: string;
}

/** What is used of protobuf's Struct. */
interface Struct {
  toJavaScript(): Record<string, unknown>;
}

type Request = {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getProvider(): string;
  getObject(): Struct;
  getDependenciesList(): string[];
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getIgnorechangesList(): string[];
  getDeletebeforereplace(): boolean;
  getAliasesList(): { getUrn(): string; getSpec(): { getName(): string } | undefined }[];
  getAdditionalsecretoutputsList(): string[];
};
type Callback = (error: Error | null, response: object) => void;

/** Collects registrations and answers them as the engine would. */
class Recorder {
  readonly resources: RecordedResource[] = [];
  readonly problems = new Set<string>();
  outputs: Record<string, unknown> = {};
  private readonly paths = new Map<string, string>();
  private readonly taken = new Set<string>();
  private readonly kinds = new Map<string, string>();

  constructor(private readonly options: RecordOptions) {}

  register(request: Request, callback: Callback): void {
    const type = request.getType();
    const name = request.getName();
    const parent = request.getParent();
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
    const inputs = decode(request.getObject().toJavaScript()) as Record<string, unknown>;
    if (!isStack) this.resources.push(this.recorded(request, path, parentPath, inputs));
    const answer = this.answer(request, path, inputs);
    const answered = encode(answer.state);
    callback(null, {
      getUrn: () => urn,
      getId: () => answer.id,
      // All the SDK asks of a Struct; making a real one and taking it apart again would cost a tenth of the plan.
      getObject: () => ({ toJavaScript: () => answered }),
      getPropertydependenciesMap: () => undefined,
      getResult: () => 0,
    });
  }

  private recorded(
    request: Request,
    path: string,
    parent: string | undefined,
    inputs: Record<string, unknown>,
  ): RecordedResource {
    return {
      path,
      type: request.getType(),
      name: request.getName(),
      custom: request.getCustom(),
      parent: parent || null,
      provider: this.paths.get(request.getProvider().replace(/::[^:]*$/, "")) ?? null,
      dependsOn: request
        .getDependenciesList()
        .map((urn) => this.paths.get(urn) ?? urn)
        .filter((dependency) => dependency !== "")
        .sort(),
      inputs,
      options: {
        protect: request.getProtect() ?? false,
        retainOnDelete: request.getRetainondelete() ?? false,
        ignoreChanges: request.getIgnorechangesList(),
        deleteBeforeReplace: request.getDeletebeforereplace(),
        aliases: request.getAliasesList().map((alias) => alias.getUrn() || (alias.getSpec()?.getName() ?? "")),
      },
    };
  }

  /** State of the resource after its creation. An output is secret where the input of its name is. */
  private answer(request: Request, path: string, inputs: Record<string, unknown>) {
    if (!request.getCustom()) return { id: "", state: {} };
    if (this.options.preview) return { id: "", state: inputs };
    const type = request.getType();
    const self = {
      path,
      type,
      name: request.getName(),
      inputs: reveal(inputs) as Record<string, unknown>,
      region: this.options.region ?? "us-east-1",
    };
    const secrets = request.getAdditionalsecretoutputsList();
    const computed = Object.entries(outputsOf(self)).map(([property, value]) => [
      property,
      secrets.includes(property) || isSecretOutput(type, property) ? new Secret(value) : value,
    ]);
    return { id: idOf(self), state: { ...inputs, ...Object.fromEntries(computed) } };
  }

  finish(urn: string, outputs: Struct | undefined): void {
    if (this.paths.get(urn) === "") this.outputs = decode(outputs?.toJavaScript() ?? {}) as Record<string, unknown>;
  }
}

/** `postgres-primary` in `tierstack/postgres` is `primary`. */
function shortName(name: string, parentPath: string): string {
  const prefixes = parentPath.split("/").map((_, at, parts) => `${parts.slice(at).join("-")}-`);
  const prefix = prefixes.find((candidate) => name.startsWith(candidate) && name.length > candidate.length);
  return prefix ? name.slice(prefix.length) : name;
}

interface Monitor {
  registerResource: (request: Request, callback: Callback) => void;
  registerResourceOutputs: (
    request: { getUrn(): string; getOutputs(): Struct | undefined },
    callback: Callback,
  ) => void;
}

/** What the SDK exports for its own use. */
const internals = pulumi.runtime as unknown as {
  getMonitor(): Monitor;
  waitForRPCs(): Promise<void>;
};

const { leakedPromises } = debuggable as unknown as { leakedPromises(): [Set<unknown>, string] };

/** Waits until nothing is registered any more. */
async function settled(): Promise<void> {
  await internals.waitForRPCs();
  // Node reports a rejection that nobody handled only once the queue of promises is empty.
  await new Promise((resolve) => setImmediate(resolve));
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
  pulumi.runtime.setAllConfig(options.config ?? {}, options.secretKeys ?? []);
  await pulumi.runtime.setMocks(
    {
      newResource: ({ inputs }) => ({ id: "", state: inputs as object }),
      call: ({ token, inputs }) => lookUp(token, inputs as Record<string, unknown>),
    },
    options.project,
    options.stack,
    options.preview ?? false,
  );
  const monitor = internals.getMonitor();
  monitor.registerResource = (request, callback) => recorder.register(request, callback);
  monitor.registerResourceOutputs = (request, callback) => {
    recorder.finish(request.getUrn(), request.getOutputs());
    callback(null, {});
  };
  let failure: unknown;
  const onRejection = (reason: unknown) => {
    failure ??= reason;
  };
  process.on("unhandledRejection", onRejection);
  try {
    await pulumi.runtime.runInPulumiStack(async () => watched(program, recorder));
  } finally {
    // Also after a failure: what the program had begun ends in rejections of its own.
    await settled();
    process.off("unhandledRejection", onRejection);
    // What an abandoned program left; asked, the SDK forgets it, and does not speak of it at the end of the process.
    leakedPromises();
  }
  if (failure !== undefined) throw failure;
  return {
    project: options.project,
    stack: options.stack,
    resources: recorder.resources.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
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
