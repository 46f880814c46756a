/** Seeded edits of components and what is below them: renamed, moved and of another type, with an alias or without. */
import { type Declared, drawnFrom, type Edit } from "./declared";

type Aliases = (string | { name?: string; type?: string; parent?: string })[];

const group = (name: string, aliases: Aliases = [], parent?: string, type = "edits:index:Group"): Declared => ({
  type,
  name,
  inputs: {},
  options: { ...(parent && { parent }), ...(aliases.length > 0 && { aliases }) },
});

const vpc = (name: string, parent: string | undefined, aliases: Aliases = []): Declared => ({
  type: "aws:ec2/vpc:Vpc",
  name,
  inputs: { cidrBlock: "10.0.0.0/16" },
  options: { ...(parent && { parent }), ...(aliases.length > 0 && { aliases }) },
});

const urn = (chain: string, name: string) => `urn:pulumi:edits::edits::${chain}::${name}`;
const other = "edits:index:Other";
const inGroup = "edits:index:Group$aws:ec2/vpc:Vpc";
const replacing = { instanceTenancy: "dedicated" };

/** Edits by kind, of resources whose names begin with `n`. */
const kinds: Record<string, (n: string) => Omit<Edit, "kinds">> = {
  "rename with an alias of the name": (n) => ({
    before: [vpc(n, undefined)],
    after: [vpc(`${n}-new`, undefined, [{ name: n }])],
  }),
  "rename with the URN as an alias": (n) => ({
    before: [vpc(n, undefined)],
    after: [vpc(`${n}-new`, undefined, [urn("aws:ec2/vpc:Vpc", n)])],
  }),
  "alias of what was never there": (n) => ({
    before: [vpc(n, undefined)],
    after: [vpc(`${n}-new`, undefined, [{ name: `${n}-other` }])],
  }),
  "alias, and the former name is given anew": (n) => ({
    before: [vpc(n, undefined)],
    after: [vpc(n, undefined), vpc(`${n}-new`, undefined, [{ name: `${n}-old` }, { name: `${n}-older` }])],
  }),
  "the second of two aliases": (n) => ({
    before: [vpc(n, undefined)],
    after: [vpc(`${n}-new`, undefined, [{ name: `${n}-old` }, { name: n }])],
  }),
  "alias of another type": (n) => ({
    before: [{ ...vpc(n, undefined), type: "aws:ec2/defaultVpc:DefaultVpc" }],
    after: [vpc(n, undefined, [{ type: "aws:ec2/defaultVpc:DefaultVpc" }])],
  }),
  "below a component, without an alias": (n) => ({
    before: [group(`${n}-a`), vpc(n, undefined)],
    after: [group(`${n}-a`), vpc(n, `${n}-a`)],
  }),
  "below a component, with an alias without parent": (n) => ({
    before: [group(`${n}-a`), vpc(n, undefined)],
    after: [group(`${n}-a`), vpc(n, `${n}-a`, [{ parent: "stack" }])],
  }),
  "out of a component, with its URN as an alias": (n) => ({
    before: [group(`${n}-a`), vpc(n, `${n}-a`)],
    after: [vpc(n, undefined, [urn(inGroup, n)])],
  }),
  "out of a component, with an alias of the parent": (n) => ({
    before: [group(`${n}-a`), vpc(n, `${n}-a`)],
    after: [group(`${n}-a`), vpc(n, undefined, [{ parent: `${n}-a` }])],
  }),
  "into another component of another type, with an alias of the parent": (n) => ({
    before: [group(`${n}-a`), group(`${n}-b`, [], undefined, other), vpc(n, `${n}-a`)],
    after: [group(`${n}-a`), group(`${n}-b`, [], undefined, other), vpc(n, `${n}-b`, [{ parent: `${n}-a` }])],
  }),
  "into another component of another type, without an alias": (n) => ({
    before: [group(`${n}-a`), group(`${n}-b`, [], undefined, other), vpc(n, `${n}-a`)],
    after: [group(`${n}-a`), group(`${n}-b`, [], undefined, other), vpc(n, `${n}-b`)],
  }),
  "into another component of the same type": (n) => ({
    before: [group(`${n}-a`), group(`${n}-b`), vpc(n, `${n}-a`)],
    after: [group(`${n}-a`), group(`${n}-b`), vpc(n, `${n}-b`)],
  }),
  "a renamed parent, and the child's name with it": (n) => ({
    before: [group(n), vpc(`${n}-vpc`, n)],
    after: [group(`${n}-new`), vpc(`${n}-new-vpc`, `${n}-new`)],
  }),
  "a renamed parent with an alias, and the child's name with it": (n) => ({
    before: [group(n), vpc(`${n}-vpc`, n)],
    after: [group(`${n}-new`, [{ name: n }]), vpc(`${n}-new-vpc`, `${n}-new`)],
  }),
  "a renamed parent with an alias, and a child that keeps its name": (n) => ({
    before: [group(n), vpc(`own-${n}`, n)],
    after: [group(`${n}-new`, [{ name: n }]), vpc(`own-${n}`, `${n}-new`)],
  }),
  "a parent of another type, with an alias": (n) => ({
    before: [group(n), vpc(`${n}-vpc`, n)],
    after: [group(n, [{ type: "edits:index:Group" }], undefined, other), vpc(`${n}-vpc`, n)],
  }),
  "a parent of another type, without an alias": (n) => ({
    before: [group(n), vpc(`${n}-vpc`, n)],
    after: [group(n, [], undefined, other), vpc(`${n}-vpc`, n)],
  }),
  "a parent of another type, and a renamed child, both with aliases": (n) => ({
    before: [group(n), vpc(`${n}-vpc`, n)],
    after: [group(n, [{ type: "edits:index:Group" }], undefined, other), vpc(`${n}-net`, n, [{ name: `${n}-vpc` }])],
  }),
  "a renamed parent of another type, and a renamed child, all with aliases": (n) => ({
    before: [group(n), vpc(`${n}-vpc`, n)],
    after: [
      group(`${n}-new`, [{ name: n, type: "edits:index:Group" }], undefined, other),
      vpc(`${n}-new-net`, `${n}-new`, [{ name: `${n}-new-vpc` }]),
    ],
  }),
  "a grandparent of another type, with an alias": (n) => ({
    before: [group(n), group(`${n}-in`, [], n), vpc(`${n}-in-vpc`, `${n}-in`)],
    after: [
      group(n, [{ type: "edits:index:Group" }], undefined, other),
      group(`${n}-in`, [], n),
      vpc(`${n}-in-vpc`, `${n}-in`),
    ],
  }),
  "a grandparent and a parent of another type, both with aliases": (n) => ({
    before: [group(n), group(`${n}-in`, [], n), vpc(`${n}-in-vpc`, `${n}-in`)],
    after: [
      group(n, [{ type: "edits:index:Group" }], undefined, other),
      group(`${n}-in`, [{ type: "edits:index:Group" }], n, other),
      vpc(`${n}-in-vpc`, `${n}-in`),
    ],
  }),
  "a component below another one, with an alias": (n) => ({
    before: [group(`${n}-a`, [], undefined, other), group(n), vpc(`${n}-vpc`, n)],
    after: [group(`${n}-a`, [], undefined, other), group(n, [{ parent: "stack" }], `${n}-a`), vpc(`${n}-vpc`, n)],
  }),
  "an alias of a parent of another type": (n) => ({
    before: [group(`${n}-a`), vpc(n, `${n}-a`)],
    after: [
      group(`${n}-a`, [{ type: "edits:index:Group" }], undefined, other),
      vpc(n, undefined, [{ parent: `${n}-a` }]),
    ],
  }),
  "a parent with an alias that is not taken": (n) => ({
    before: [group(n), group(`${n}-old`), vpc(`${n}-old-vpc`, `${n}-old`)],
    after: [group(n, [{ name: `${n}-old` }]), vpc(`${n}-vpc`, n)],
  }),
  "a renamed provider, with an alias": (n) => onProvider(n, n, [{ name: `${n}-p` }]),
  "a renamed provider for the same cluster, without an alias": (n) => onProvider(n, n),
  "a renamed provider for another cluster": (n) => onProvider(n, `${n}-other`),
  "a renamed provider for another cluster, with an alias": (n) => onProvider(n, `${n}-other`, [{ name: `${n}-p` }]),
};

/** A Secret below a provider that is renamed. */
function onProvider(n: string, cluster: string, aliases: Aliases = []): Omit<Edit, "kinds"> {
  const provider = (name: string, clusterIdentifier: string, given: Aliases): Declared => ({
    type: "pulumi:providers:kubernetes",
    name,
    inputs: { clusterIdentifier, kubeconfig: "a" },
    options: given.length > 0 ? { aliases: given } : {},
  });
  const secret = (on: string): Declared => ({
    type: "kubernetes:core/v1:Secret",
    name: n,
    inputs: { apiVersion: "v1", kind: "Secret", metadata: { name: n, namespace: "app" } },
    options: {},
    provider: on,
  });
  return {
    before: [provider(`${n}-p`, n, []), secret(`${n}-p`)],
    after: [provider(`${n}-q`, cluster, aliases), secret(`${n}-q`)],
  };
}

/** What happens to the resources themselves, beside what happens to their names. */
const twists: Record<string, { before?: object; after?: object; inputs?: object }> = {
  "as they are": {},
  updated: { inputs: { enableDnsSupport: true } },
  replaced: { inputs: replacing },
  retained: { before: { retainOnDelete: true }, after: { retainOnDelete: true } },
  "replaced, deleted first": { inputs: replacing, after: { deleteBeforeReplace: true } },
};

const twisted = (declared: Declared[], options: object = {}, inputs: object = {}) =>
  declared.map((one) =>
    one.type === "aws:ec2/vpc:Vpc"
      ? { ...one, options: { ...one.options, ...options }, inputs: { ...one.inputs, ...inputs } }
      : one,
  );

/** Draws an edit. */
export function familyEdit(seed: number): Edit {
  const { pick } = drawnFrom(seed);
  const [kind, edit] = pick(Object.entries(kinds));
  const [twist, { before, after, inputs }] = pick(Object.entries(twists));
  const drawn = edit(`family-${seed}`);
  return {
    kinds: [kind, twist],
    before: twisted(drawn.before, before),
    after: twisted(drawn.after, after, inputs),
  };
}

/** The kinds that there are. */
export const familyKinds = [...Object.keys(kinds), ...Object.keys(twists)];
