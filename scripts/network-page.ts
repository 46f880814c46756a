/** Renders docs/network.md: who of each stack's pods may reach whom. */
import { type NetworkFacts, networkFacts } from "../tests/support/network/facts";
import { matrixTable } from "../tests/support/network/matrix";
import { stacks } from "../tests/support/objects";

const tablesOf = (facts: NetworkFacts) => `${matrixTable(facts)}

By address also:

${matrixTable(facts, "openByAddress")}
`;

/** Stacks of the same tables, in the order of the stacks. */
function sections(): string[] {
  const stacksOf = new Map<string, string[]>();
  for (const stack of stacks()) {
    const tables = tablesOf(networkFacts(stack));
    stacksOf.set(tables, [...(stacksOf.get(tables) ?? []), stack]);
  }
  return [...stacksOf].map(([tables, names]) => `## ${names.join(", ")}\n\n${tables}`);
}

export function networkPage(): string {
  return `<!-- Generated from tests/support/network/ by \`npm run generate\`; edit there. -->
# Who of the pods may reach whom

What the network policies of each stack let through; what no row names is closed. \`npm test\` holds every object of every
stack to these tables, each pair on each port. The way to the cluster and what connections carry is in
[architecture.md](architecture.md#who-may-reach-whom).

A pod is \`namespace/name\`, a star stands for any ending, a port is TCP where nothing else is said. A node always
reaches its own pods, to probe them. Subnets are those of the VPC: the load balancer, RDS and ElastiCache have addresses
in the private ones, nodes (on EKS with their pods) in the public ones without a NAT gateway and in the private ones with
it. Security groups decide which of these addresses answer. \`DNS *\` are the addresses of cluster DNS that belong to no
pod. The namespaces \`default\`, \`kube-system\` and \`keda\` have no policy: what happens among them, and between them
and the world, is not listed.

A rule for addresses cannot leave out the pods among them. Network plugins that hold pods to it (k3s's, the VPC CNI of
EKS, Calico) open the second table of a stack, too; the product needs none of it.

${sections().join("\n")}`;
}
