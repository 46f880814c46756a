/** Renders docs/network.md: network access between the pods of each stack. */
import { type NetworkFacts, networkFacts } from "../tests/support/network/facts";
import { matrixTable } from "../tests/support/network/matrix";
import { stacks } from "../tests/support/objects";

const tablesOf = (facts: NetworkFacts) => `${matrixTable(facts)}

Also allowed, by address:

${matrixTable(facts, "openByAddress")}
`;

/** One section for all stacks that have the same tables, in the order of the stacks. */
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
# Network access between pods

These tables list the connections that the network policies of each stack allow. Everything else is denied. Pods of
\`app.schedules\` and \`app.migrate\` may connect to what the application may, and \`app.egress\` adds rows to all. With \`app.iamPolicy\` they
also reach the credentials of their role: 169.254.170.23, on port 80 on EKS and 9400 on k3s. \`npm test\` checks the
policies of every stack against the tables, for each pair and port. For access to the cluster and for encryption see [architecture.md](architecture.md#network-access).

- A [handover](handover.md) of the database adds rows while it is on: its engine reaches PgBouncer and both servers, each
  server reaches the other, and PgBouncer both.
- Pods are written as \`namespace/name\`. \`*\` matches any ending. Ports are TCP unless they say otherwise.
- A node can always reach its own pods, to probe them.
- Subnets are those of the VPC. The load balancer, RDS and ElastiCache have addresses in the private subnets. Nodes, and on
  EKS their pods, are in the private subnets with a NAT gateway and in the public subnets without one. Security groups
  restrict access to these addresses further.
- \`DNS *\` are addresses of cluster DNS that are not addresses of a pod.
- The namespaces \`default\`, \`kube-system\` and \`keda\` have no policies. Traffic among them, and between them and addresses
  outside the cluster, is not listed.

A policy for an address range cannot exclude the pods in that range. Some network plugins apply such a policy to pods too:
the one of k3s, the VPC CNI of EKS, and Calico. With those, the second table of a stack is also allowed. The product needs
none of it.

${sections().join("\n")}`;
}
