/**
 * Runs a program of the Pulumi SDK under a monitor of our own: what the SDK tells the engine is told to an `Engine`.
 *
 * Relies on more than the SDK promises of its mocks:
 * - `runtime.getMonitor()` is the mock monitor, and its methods `registerResource` and `registerResourceOutputs` can be
 *   replaced. The mocks are handed no options (protection, aliases, ...) and only the last type of a URN.
 * - `Request`: the getters of a registration, a message of the SDK's protocol with the engine.
 * - `answerOf`: all that the SDK asks of the answer.
 * - A provider is named as its URN, `::` and its id.
 * - `runtime.waitForRPCs()` ends once nothing is on its way to the monitor.
 * - `leakedPromises()` of `runtime/debuggable` forgets the promises that nobody will settle.
 */
import * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import { decode, encode } from "./wire";

type Properties = Record<string, unknown>;

/** Resource options that decide what a move does to a resource. */
export interface ResourceOptions {
  protect: boolean;
  retainOnDelete: boolean;
  ignoreChanges: string[];
  /** Inputs whose change replaces the resource, `*` for every one. @default those that its provider names alone */
  replaceOnChanges?: string[];
  /** How long Pulumi waits for each operation, such as `960s`. @default the provider's own times */
  customTimeouts?: Record<string, string>;
  deleteBeforeReplace: boolean;
  /** URNs. */
  aliases: string[];
}

/** The type of the resource that is the stack itself. No URN of another one has it among its types. */
export const stackType = "pulumi:pulumi:Stack";

/** A resource as the SDK registers it; other resources by their URNs. Secrets in `inputs` are `Secret`s. */
export interface Registration {
  type: string;
  name: string;
  custom: boolean;
  /** Empty for the stack. */
  parent: string;
  /** Empty for the default provider. */
  provider: string;
  /** What the program or an input names, and the providers that a component hands to its children: it waits for them. */
  dependsOn: string[];
  /** What each input is made from, of those made from other resources. */
  propertyDependencies: Record<string, string[]>;
  inputs: Properties;
  options: ResourceOptions;
  /** Outputs that the SDK's class marks secret. */
  secretOutputs: string[];
}

/** A resource as the engine knows it after the registration. */
export interface Registered {
  urn: string;
  id: string;
  state: Properties;
}

/** What a program is run under. */
export interface Engine {
  register(registration: Registration): Registered;
  /** The outputs of a component, or of the stack, are known. */
  registerOutputs(urn: string, outputs: () => Properties): void;
  lookUp(token: string, inputs: Properties): Properties;
}

export interface RunOptions {
  project: string;
  stack: string;
  /** Configuration by full key, values as Pulumi hands them over (JSON for objects). */
  config?: Record<string, string>;
  /** Keys of `config` that are secret. */
  secretKeys?: string[];
  /** Leave every computed output unknown, as a first preview does. */
  preview?: boolean;
}

/** What is used of protobuf's Struct. */
interface Struct {
  toJavaScript(): Properties;
}

/** A URN, or what of it differs from the resource's own. */
interface Alias {
  getUrn(): string;
  getSpec():
    | {
        getName(): string;
        getType(): string;
        getStack(): string;
        getProject(): string;
        getParenturn(): string;
        getNoparent(): boolean;
      }
    | undefined;
}

interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getProvider(): string;
  getObject(): Struct;
  getProvidersMap(): { getEntryList(): [name: string, reference: string][] };
  getDependenciesList(): string[];
  getPropertydependenciesMap(): {
    forEach(visit: (made: { getUrnsList(): string[] }, property: string) => void): void;
  };
  getProtect(): boolean | undefined;
  getRetainondelete(): boolean | undefined;
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getDeletebeforereplace(): boolean;
  getCustomtimeouts(): { getCreate(): string; getUpdate(): string; getDelete(): string } | undefined;
  getAliasesList(): Alias[];
  getAdditionalsecretoutputsList(): string[];
}

type Callback = (error: Error | null, response: object) => void;

interface Monitor {
  registerResource: (request: Request, callback: Callback) => void;
  registerResourceOutputs: (
    request: { getUrn(): string; getOutputs(): Struct | undefined },
    callback: Callback,
  ) => void;
}

/** What the SDK exports for its own use. */
const internals = pulumi.runtime as unknown as { getMonitor(): Monitor; waitForRPCs(): Promise<void> };
const { leakedPromises } = debuggable as unknown as { leakedPromises(): [Set<unknown>, string] };

function timeoutsOf(request: Request): Record<string, string> {
  const timeouts = request.getCustomtimeouts();
  const all = { create: timeouts?.getCreate(), update: timeouts?.getUpdate(), delete: timeouts?.getDelete() };
  return Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value ? [[key, value]] : [])));
}

/** The URN that an alias means (pulumi/pulumi, pkg/resource/deploy/step_generator.go, collapseAliasToUrn). */
function aliasUrn(request: Request, alias: Alias): string {
  const spec = alias.getSpec();
  if (!spec) return alias.getUrn();
  const [stack, project] = request.getParent().replace("urn:pulumi:", "").split("::");
  const parent = spec.getNoparent() ? "" : spec.getParenturn() || request.getParent();
  const above = parent.split("::")[2] ?? stackType;
  const type = spec.getType() || request.getType();
  const chain = above === stackType ? type : `${above}$${type}`;
  const name = spec.getName() || request.getName();
  return `urn:pulumi:${spec.getStack() || stack}::${spec.getProject() || project}::${chain}::${name}`;
}

function propertyDependenciesOf(request: Request): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((made, property) => {
    if (made.getUrnsList().length > 0) found[property] = made.getUrnsList();
  });
  return found;
}

const providerUrn = (reference: string) => reference.replace(/::[^:]*$/, "");

function registrationOf(request: Request): Registration {
  const customTimeouts = timeoutsOf(request);
  const replaceOnChanges = request.getReplaceonchangesList();
  const handedOn = request.getProvidersMap().getEntryList();
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    provider: providerUrn(request.getProvider()),
    dependsOn: [...request.getDependenciesList(), ...handedOn.map(([, reference]) => providerUrn(reference))],
    propertyDependencies: propertyDependenciesOf(request),
    inputs: decode(request.getObject().toJavaScript()) as Properties,
    options: {
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      ignoreChanges: request.getIgnorechangesList(),
      ...(replaceOnChanges.length > 0 && { replaceOnChanges }),
      ...(Object.keys(customTimeouts).length > 0 && { customTimeouts }),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      aliases: request.getAliasesList().map((alias) => aliasUrn(request, alias)),
    },
    secretOutputs: request.getAdditionalsecretoutputsList(),
  };
}

function answerOf({ urn, id, state }: Registered): object {
  const answered = encode(state);
  return {
    getUrn: () => urn,
    getId: () => id,
    // All the SDK asks of a Struct; making a real one and taking it apart again would cost a tenth of the plan.
    getObject: () => ({ toJavaScript: () => answered }),
    getPropertydependenciesMap: () => undefined,
    getResult: () => 0,
  };
}

/** Puts an engine in the place of the SDK's own. */
async function attach(engine: Engine, options: RunOptions): Promise<void> {
  pulumi.runtime.setAllConfig(options.config ?? {}, options.secretKeys ?? []);
  await pulumi.runtime.setMocks(
    {
      newResource: ({ inputs }) => ({ id: "", state: inputs as object }),
      call: ({ token, inputs }) => engine.lookUp(token, inputs as Properties),
    },
    options.project,
    options.stack,
    options.preview ?? false,
  );
  const monitor = internals.getMonitor();
  monitor.registerResource = (request, callback) => callback(null, answerOf(engine.register(registrationOf(request))));
  monitor.registerResourceOutputs = (request, callback) => {
    const outputs = request.getOutputs();
    engine.registerOutputs(request.getUrn(), () => decode(outputs?.toJavaScript() ?? {}) as Properties);
    callback(null, {});
  };
}

/** Lets everything run that waits for nothing but promises. Only then does Node report a rejection as unhandled. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Waits until nothing is registered any more. */
async function settled(): Promise<void> {
  await internals.waitForRPCs();
  await turn();
}

/** Runs a program to its end under an engine. Throws what the program throws, then or later. */
export async function runUnder(engine: Engine, program: () => unknown, options: RunOptions): Promise<void> {
  await attach(engine, options);
  let onRejection: (reason: unknown) => void = () => {};
  // The first failure ends the run, as it does under Pulumi: a resource that depends on a failed one waits forever.
  const failed = new Promise<never>((_, reject) => {
    onRejection = reject;
  });
  failed.catch(() => {});
  process.on("unhandledRejection", onRejection);
  try {
    await Promise.race([pulumi.runtime.runInPulumiStack(async () => program()).then(settled), failed]);
  } finally {
    // After a failure, what the program had begun ends in rejections of its own.
    await Promise.race([settled(), turn().then(turn)]);
    process.off("unhandledRejection", onRejection);
    // What an abandoned program left; asked, the SDK forgets it, and does not speak of it at the end of the process.
    leakedPromises();
  }
}
