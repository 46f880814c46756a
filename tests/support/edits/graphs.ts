/**
 * Seeded edits of graphs: two to six resources, each fed by outputs of those before it. One or two of them are updated
 * or replaced, also with deleteBeforeReplace, and the engine carries that onward.
 */
import { type Declared, drawnFrom, type Edit, type Inputs } from "./declared";

interface Node {
  provider?: string;
  inputs: (name: string) => Inputs;
  /** What others take of it. */
  outputs: string[];
  /** Outputs that are no inputs. */
  computed: string[];
  /** What it can take of another: the inputs with a value. */
  takes: Record<string, (value: unknown, inputs: Inputs) => Inputs>;
  update: Inputs;
  replace: Inputs;
}

const metadata = (inputs: Inputs, more: Inputs) => ({ metadata: { ...(inputs.metadata as Inputs), ...more } });

/** Types of nodes. */
const nodes: Record<string, Node> = {
  "aws:ec2/vpc:Vpc": {
    inputs: () => ({ cidrBlock: "10.0.0.0/16" }),
    outputs: ["id"],
    computed: [],
    takes: { tag: (a) => ({ tags: { a } }) },
    update: { enableDnsSupport: true },
    replace: { instanceTenancy: "dedicated" },
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    inputs: () => ({ vpcId: "vpc-1", description: "one" }),
    outputs: ["id", "vpcId"],
    computed: [],
    takes: {
      vpc: (vpcId) => ({ vpcId }),
      description: (value) => ({ description: { ...(value as Inputs), before: "of " } }),
      tag: (a) => ({ tags: { a } }),
    },
    update: { revokeRulesOnDelete: true },
    replace: { namePrefix: "other" },
  },
  "aws:ec2/instance:Instance": {
    inputs: () => ({ ami: "ami-1", instanceType: "t4g.small", userData: "none" }),
    outputs: ["id", "userData"],
    computed: [],
    takes: {
      subnet: (subnetId) => ({ subnetId }),
      groups: (one) => ({ vpcSecurityGroupIds: ["sg-1", one] }),
      userData: (userData) => ({ userData }),
    },
    update: { instanceType: "t4g.medium" },
    replace: { ami: "ami-2" },
  },
  "random:index/randomId:RandomId": {
    inputs: () => ({ byteLength: 16 }),
    outputs: ["hex", "id"],
    computed: ["hex"],
    takes: { keeper: (a) => ({ keepers: { a } }), prefix: (prefix) => ({ prefix }) },
    update: {},
    replace: { byteLength: 32 },
  },
  "kubernetes:core/v1:Secret": {
    provider: "k1",
    inputs: (name) => ({ apiVersion: "v1", kind: "Secret", type: "Opaque", metadata: { name, namespace: "app" } }),
    outputs: ["metadata.name", "id"],
    computed: [],
    takes: {
      data: (a) => ({ stringData: { a } }),
      name: (value, inputs) => metadata(inputs, { name: { ...(value as Inputs), before: "s-" } }),
    },
    update: { immutable: false },
    replace: { type: "kubernetes.io/tls" },
  },
  "kubernetes:core/v1:Service": {
    provider: "k1",
    inputs: (name) => ({ apiVersion: "v1", kind: "Service", metadata: { name, namespace: "app" } }),
    outputs: ["metadata.name", "id"],
    computed: [],
    takes: {
      address: (externalName) => ({ spec: { clusterIP: "10.0.0.1", externalName } }),
      namespace: (namespace, inputs) => metadata(inputs, { namespace }),
    },
    update: { status: {} },
    replace: { spec: { clusterIP: "10.0.0.2" } },
  },
};

const nodeOf = ({ type }: Declared) => nodes[type] as Node;

type Change = (one: Declared) => Declared;
const given =
  (inputs: (node: Node) => Inputs, options: Inputs = {}): Change =>
  (one) => ({ ...one, inputs: { ...one.inputs, ...inputs(nodeOf(one)) }, options: { ...one.options, ...options } });

/** The resources that inputs are made from. */
function sourcesOf(value: unknown): { from: string }[] {
  if (value === null || typeof value !== "object") return [];
  if ("from" in value) return [{ from: String(value.from) }];
  return Object.values(value).flatMap(sourcesOf);
}

/** What happens to a node of a graph. */
const changes: Record<string, Change> = {
  updated: given(({ update }) => update),
  replaced: given(({ replace }) => replace),
  "replaced, deleted first": given(({ replace }) => replace, { deleteBeforeReplace: true }),
  renamed: (one) => ({ ...one, options: { ...one.options, aliases: [{ name: one.name }] }, name: `${one.name}-new` }),
  // It still waits for them: the engine goes by the order in which resources are registered.
  "fed by nothing": (one) => ({
    ...one,
    inputs: nodeOf(one).inputs(one.name),
    options: { ...one.options, dependsOn: sourcesOf(one.inputs) },
  }),
};

/** Draws the graph before the edit. */
function graphOf(seed: number): Declared[] {
  const { below, pick } = drawnFrom(seed);
  const graph: Declared[] = [];
  for (let count = 2 + below(5); graph.length < count; ) {
    const [type, { inputs, provider, takes, computed }] = pick(Object.entries(nodes));
    const name = `graph-${seed}-${graph.length}`;
    const options = below(6) === 0 ? { deleteBeforeReplace: true } : {};
    const one: Declared = {
      type,
      name,
      inputs: inputs(name),
      outputs: computed,
      options,
      ...(provider && { provider }),
    };
    for (let sources = Math.min(graph.length, 1 + below(2)); sources > 0; sources--) {
      const from = pick(graph);
      const value = { from: from.name, output: pick(nodeOf(from).outputs) };
      one.inputs = { ...one.inputs, ...pick(Object.values(takes))(value, one.inputs) };
    }
    graph.push(one);
  }
  return graph;
}

/** A graph that follows the new name of a node. */
function renamedIn(graph: Declared[], from: string, to: string): Declared[] {
  return JSON.parse(JSON.stringify(graph).replaceAll(`"from":"${from}"`, `"from":"${to}"`));
}

/** Draws an edit. */
export function graphEdit(seed: number): Edit {
  const before = graphOf(seed);
  const { below, pick } = drawnFrom(seed + 1_000_000);
  const drawn: string[] = [];
  let after = before;
  for (let edits = 1 + below(2); edits > 0; edits--) {
    // The first half more often: what comes after it follows.
    const at = below(Math.ceil(after.length * (below(2) === 0 ? 0.5 : 1)));
    const [kind, change] = pick(Object.entries(changes));
    const old = after[at] as Declared;
    const next = change(old);
    after = renamedIn([...after.slice(0, at), next, ...after.slice(at + 1)], old.name, next.name);
    drawn.push(kind);
  }
  return { kinds: drawn, before, after };
}

/** The kinds of changes that there are. */
export const graphKinds = Object.keys(changes);
