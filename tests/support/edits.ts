/**
 * Seeded edits of single resources: what their program is before and after, for the real engine and for the planner.
 * Each edit has resources of its own, so one preview answers all of them.
 */
import * as pulumi from "@pulumi/pulumi";
import type { PlannedResource } from "../../planner/record/planned";
import { record } from "../../planner/record/record";
import { reveal } from "../../planner/record/values";

type Inputs = Record<string, unknown>;

/** A resource of a program. */
export interface Declared {
  type: string;
  name: string;
  inputs: Inputs;
  options: Record<string, unknown>;
  /** Name of its provider. @default the default one */
  provider?: string;
}

export interface Edit {
  kind: string;
  before: Declared[];
  after: Declared[];
}

/** Declares the resources of `declared` with the SDK in `pulumi`; JavaScript, so that the engine runs it as it is. */
export const program = `
  const made = {};
  for (const { type, name, inputs, options, provider } of declared) {
    const given = provider ? { ...options, provider: made[provider] } : options;
    const own = /^pulumi:providers:(.*)$/.exec(type);
    made[name] = own
      ? new pulumi.ProviderResource(own[1], name, inputs, given)
      : new pulumi.CustomResource(type, name, inputs, given);
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

const labelled = (kind: string, apiVersion: string, spec: Inputs) => (name: string) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: "app", labels: { a: "1" } },
  ...spec,
});

/** Types to draw from: first inputs, a change that updates, and one that replaces. */
const types: Record<string, { inputs: (name: string) => Inputs; update: Inputs; replace: Inputs; provider?: string }> =
  {
    "aws:ec2/vpc:Vpc": {
      inputs: () => ({ cidrBlock: "10.0.0.0/16" }),
      update: { enableDnsSupport: true },
      replace: { instanceTenancy: "dedicated" },
    },
    "aws:ec2/subnet:Subnet": {
      inputs: () => ({ vpcId: "vpc-1", cidrBlock: "10.0.1.0/24" }),
      update: { tags: { a: "2" } },
      replace: { vpcId: "vpc-2" },
    },
    "aws:ec2/securityGroup:SecurityGroup": {
      inputs: () => ({ vpcId: "vpc-1", description: "one" }),
      update: { tags: { a: "2" } },
      replace: { description: "two" },
    },
    "random:index/randomId:RandomId": {
      inputs: () => ({ byteLength: 4 }),
      // Every argument replaces it.
      update: {},
      replace: { prefix: "a" },
    },
    "kubernetes:core/v1:Secret": {
      inputs: labelled("Secret", "v1", { type: "Opaque" }),
      update: { immutable: false },
      replace: { type: "kubernetes.io/tls" },
      provider: "k1",
    },
    "kubernetes:core/v1:Service": {
      inputs: labelled("Service", "v1", { spec: { clusterIP: "10.0.0.1" } }),
      update: { spec: { clusterIP: "10.0.0.1", ports: [{ port: 80 }] } },
      replace: { spec: { clusterIP: "10.0.0.2" } },
      provider: "k1",
    },
  };

type Change = (one: Declared) => Declared[];

const withInputs = (one: Declared, inputs: Inputs): Declared => ({ ...one, inputs: { ...one.inputs, ...inputs } });
const withOptions = (one: Declared, options: Inputs): Declared => ({ ...one, options: { ...one.options, ...options } });
const typeOf = ({ type }: Declared) => types[type] ?? { inputs: () => ({}), update: {}, replace: {} };
const updated = (one: Declared) => withInputs(one, typeOf(one).update);
const replaced = (one: Declared) => withInputs(one, typeOf(one).replace);
const ignoring = (inputs: Inputs) => ({ ignoreChanges: Object.keys(inputs) });

/** Edits by kind: the options before, and what the program has after. */
const kinds: Record<string, { options?: Inputs; change: Change }> = {
  none: { change: (one) => [one] },
  update: { change: (one) => [updated(one)] },
  replace: { change: (one) => [replaced(one)] },
  "update and replace": { change: (one) => [replaced(updated(one))] },
  rename: { change: (one) => [{ ...one, name: `${one.name}-new` }] },
  remove: { change: () => [] },
  "remove a retained one": { options: { retainOnDelete: true }, change: () => [] },
  "rename a retained one": {
    options: { retainOnDelete: true },
    change: (one) => [{ ...one, name: `${one.name}-new` }],
  },
  add: { change: (one) => [one, { ...one, name: `${one.name}-more` }] },
  "update what is ignored": { change: (one) => [withOptions(updated(one), ignoring(typeOf(one).update))] },
  "replace what is ignored": { change: (one) => [withOptions(replaced(one), ignoring(typeOf(one).replace))] },
  "replace beside what is ignored": {
    change: (one) => [withOptions(replaced(updated(one)), ignoring(typeOf(one).update))],
  },
  "replace, deleted first": { change: (one) => [withOptions(replaced(one), { deleteBeforeReplace: true })] },
  protect: { change: (one) => [withOptions(one, { protect: true })] },
  "update a protected one": { options: { protect: true }, change: (one) => [updated(one)] },
  "replace a protected one": { options: { protect: true }, change: (one) => [replaced(one)] },
  "protect and replace": { change: (one) => [withOptions(replaced(one), { protect: true })] },
  "lift the protection and replace": {
    options: { protect: true },
    change: (one) => [withOptions(replaced(one), { protect: false })],
  },
  "another provider": { change: (one) => [one.provider ? { ...one, provider: "k2" } : one] },
};

/** The two providers, each of a cluster. */
const providers: Declared[] = ["k1", "k2"].map((name) => ({
  type: "pulumi:providers:kubernetes",
  name,
  inputs: { clusterIdentifier: name, kubeconfig: name },
  options: {},
}));

/** Draws an edit. */
function editOf(seed: number): Edit {
  const next = randomFrom(seed);
  const pick = <T>(from: Record<string, T>): [string, T] =>
    Object.entries(from)[Math.floor(next() * Object.keys(from).length)] as [string, T];
  const [type, { inputs, provider }] = pick(types);
  const [kind, { options = {}, change }] = pick(kinds);
  const name = `edit-${seed}`;
  const one: Declared = { type, name, inputs: inputs(name), options, ...(provider && { provider }) };
  return { kind, before: [one], after: change(one) };
}

/** How many edits the suites draw. */
export const editCount = 220;

/** The program before and after all edits. */
export function allEdits(): { before: Declared[]; after: Declared[]; kinds: Set<string> } {
  const edits = Array.from({ length: editCount }, (_, at) => editOf(at + 1));
  return {
    before: [...providers, ...edits.flatMap(({ before }) => before)],
    after: [...providers, ...edits.flatMap(({ after }) => after)],
    kinds: new Set(edits.map(({ kind }) => kind)),
  };
}

/** The kinds that there are. */
export const editKinds = Object.keys(kinds);

/** Records a program as the planner does. */
export async function recorded(declared: Declared[]): Promise<PlannedResource[]> {
  const run = new Function("pulumi", "declared", program);
  const { resources } = await record(() => run(pulumi, structuredClone(declared)), {
    project: "edits",
    stack: "edits",
  });
  return resources.map((resource) => ({ ...resource, inputs: reveal(resource.inputs) as Inputs }));
}
