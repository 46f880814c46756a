/**
 * Seeded edits of single resources: what their program is before and after, for the real engine and for the planner.
 * Each edit has resources of its own, so one preview answers all of them.
 */
import { type Declared, drawnFrom, type Edit, type Inputs } from "./declared";

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
      provider: "a1",
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

/** The providers of a resource's package: its own, one elsewhere, and one in the same place. */
const providersOf = (type: string) => (type.startsWith("kubernetes:") ? ["k1", "k2", "k3"] : ["a1", "a2", "a3"]);
const onProvider =
  (at: number): Change =>
  (one) => [one.provider ? { ...one, provider: providersOf(one.type)[at] as string } : one];

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
  "another provider": { change: onProvider(1) },
  "another provider for the same cluster, or region": { change: onProvider(2) },
  "another provider, and an update": { change: (one) => onProvider(1)(updated(one)) },
};

/** Draws an edit. */
export function singleEdit(seed: number): Edit {
  const { pick } = drawnFrom(seed);
  const [type, { inputs, provider }] = pick(Object.entries(types));
  const [kind, { options = {}, change }] = pick(Object.entries(kinds));
  const name = `edit-${seed}`;
  const one: Declared = { type, name, inputs: inputs(name), options, ...(provider && { provider }) };
  return { kinds: [kind], before: [one], after: change(one) };
}

/** The kinds that there are. */
export const singleKinds = Object.keys(kinds);
