/**
 * Watches the resource classes of the SDKs.
 *
 * Relies on how the SDKs' generated code is written: a class stands in a file of its own, loaded by a relative path when
 * it is first used; it has its type token in `__pulumiType`; its constructor copies the inputs it knows as `args?.NAME`
 * and sets every output as `resourceInputs["NAME"] = undefined`.
 */
import { onLoad } from "./module-loader";

/** What an SDK class says of its resource: the inputs it takes and the outputs a provider fills in. */
export interface ResourceClass {
  inputs: Set<string>;
  outputs: string[];
  /** The SDK's file that defines it. */
  file: string;
}

type Constructor = (new (...args: unknown[]) => object) & { __pulumiType?: string };

const classes = new Map<string, ResourceClass>();
const wrapped = new WeakSet<object>();
let guarding = false;
let complain: (problem: string) => void = () => {};

/**
 * The SDK's constructors copy the properties they know and drop every other without a word, so the class's own source
 * is the list of what it knows.
 */
function describeClass(resource: Constructor, file: string): ResourceClass {
  const source = resource.toString();
  const inputs = new Set([...source.matchAll(/\bargs\?*\.(\w+)/g)].map((match) => match[1] as string));
  const assigned = [...source.matchAll(/resourceInputs\["(\w+)"\] = undefined/g)].map((match) => match[1] as string);
  return { inputs, outputs: [...new Set(assigned)], file };
}

/** The class behind a type token, once the program has loaded it. */
export function classOf(type: string): ResourceClass | undefined {
  return classes.get(type);
}

/** Files of every resource class loaded so far, by type token. */
export function classFiles(): Map<string, string> {
  return new Map([...classes].map(([type, { file }]) => [type, file]));
}

function guarded(resource: Constructor, type: string, file: string): Constructor {
  const known = describeClass(resource, file);
  classes.set(type, known);
  return new Proxy(resource, {
    construct(target, argumentList, newTarget) {
      const [name, args] = argumentList as [string, Record<string, unknown> | undefined];
      for (const property of Object.keys(args ?? {})) {
        if (!known.inputs.has(property)) complain(`${name} (${type}): the SDK does not know the property ${property}`);
      }
      return Reflect.construct(target, argumentList, newTarget);
    },
  });
}

function guardExports(exported: unknown, file: () => string): unknown {
  if (typeof exported !== "object" || exported === null || wrapped.has(exported)) return exported;
  wrapped.add(exported);
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(exported))) {
    const candidate = descriptor.value as Constructor | undefined;
    if (typeof candidate !== "function" || !Object.hasOwn(candidate, "__pulumiType")) continue;
    Reflect.set(exported, key, guarded(candidate, candidate.__pulumiType as string, file()));
  }
  return exported;
}

/** Watches every resource class that the SDKs load from now on. Once a process. */
export function guardSdk(): void {
  if (guarding) return;
  guarding = true;
  onLoad({ matches: (request) => request.startsWith("./"), load: (real, file) => guardExports(real(), file) });
}

/** Sends what the guard finds to `listener` until the next call. */
export function onUnknownProperty(listener: (problem: string) => void): void {
  complain = listener;
}
