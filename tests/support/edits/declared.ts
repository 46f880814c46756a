/** Programs as data: declared for the planner and for the real engine alike. */
import * as pulumi from "@pulumi/pulumi";
import type { PlannedResource } from "../../../planner/record/planned";
import { record } from "../../../planner/record/record";
import { reveal } from "../../../planner/record/values";

export type Inputs = Record<string, unknown>;

/** A resource of a program. */
export interface Declared {
  /** A type of the package `edits` is a component. */
  type: string;
  name: string;
  /** `{ from: NAME, output: "metadata.name", before: "a-" }` in a value is what another resource gives. */
  inputs: Inputs;
  /** `parent` in it and in its aliases is the name of a resource, or `stack`; `dependsOn` is `[{ from: NAME }]`. */
  options: Record<string, unknown>;
  /** Name of its provider. @default the default one */
  provider?: string;
  /** Outputs that are no inputs. */
  outputs?: string[];
}

/** What a program declares before and after an edit. */
export interface Edit {
  kinds: string[];
  before: Declared[];
  after: Declared[];
}

/** Declares the resources of `declared` with the SDK in `pulumi`; JavaScript, so that the engine runs it as it is. */
export const program = `
  const made = { stack: pulumi.rootStackResource };
  const found = (given) => {
    if (Array.isArray(given)) return given.map(found);
    if (given === null || typeof given !== "object") return given;
    if (!("from" in given)) return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, found(value)]));
    const [first, ...rest] = given.output.split(".");
    const value = made[given.from][first].apply((one) => rest.reduce((inner, key) => inner[key], one));
    return given.before ? pulumi.interpolate\`\${given.before}\${value}\` : value;
  };
  const placed = ({ parent, dependsOn = [], ...others }) => ({
    ...others,
    ...(parent && { parent: made[parent] }),
    ...(dependsOn.length > 0 && { dependsOn: dependsOn.map(({ from }) => made[from]) }),
  });
  for (const { type, name, inputs, options, provider, outputs = [] } of declared) {
    const { aliases, ...rest } = placed(options);
    const given = { ...rest, ...(aliases && { aliases: aliases.map((one) => (typeof one === "string" ? one : placed(one))) }) };
    if (provider) given.provider = made[provider];
    const own = /^pulumi:providers:(.*)$/.exec(type);
    const properties = { ...found(inputs), ...Object.fromEntries(outputs.map((output) => [output, undefined])) };
    made[name] = own
      ? new pulumi.ProviderResource(own[1], name, properties, given)
      : type.startsWith("edits:")
        ? new pulumi.ComponentResource(type, name, {}, given)
        : new pulumi.CustomResource(type, name, properties, given);
  }
`;

/** Numbers from a seed, evenly from 0 to below 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What draws from a seed. */
export function drawnFrom(seed: number) {
  const next = randomFrom(seed);
  /** A whole number from 0 to below the limit. */
  const below = (limit: number) => Math.floor(next() * limit);
  return { below, pick: <T>(list: readonly T[]): T => list[below(list.length)] as T };
}

/** Records a program as the planner does. */
export async function recorded(declared: Declared[]): Promise<PlannedResource[]> {
  const run = new Function("pulumi", "declared", program);
  const { resources, problems } = await record(() => run(pulumi, structuredClone(declared)), {
    project: "edits",
    stack: "edits",
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return resources.map((resource) => ({ ...resource, inputs: reveal(resource.inputs) as Inputs }));
}
