import type { Port } from "./evaluate";
import type { NetworkFacts } from "./facts";

/** Who may reach whom. What no row allows is closed. */
export interface Row {
  /** Endpoints as `titleOf` calls them; a star at the end stands for any ending. */
  from: string[];
  to: string[];
  /** TCP, where nothing else is said. */
  ports: (number | `${number}/UDP`)[] | "any";
  /** What for. */
  purpose: string;
}

export interface Matrix {
  /** Must be open, whatever network plugin is in use. */
  open: Row[];
  /**
   * Opens on a network plugin that holds pods to an `ipBlock` by their addresses, and is closed on others (`Reading`
   * in evaluate.ts). Nothing here is needed: a rule for addresses cannot leave out the pods among them.
   */
  openByAddress: Row[];
}

/** Pods of namespaces without a policy. */
const unguarded = ["default/*", "kube-system/*", "keda/*"];
/** Of the network: the load balancer and the stores are in the private subnets, the nodes in either. */
const privateSubnets = ["private subnet *"];
const ofNetwork = ["public subnet *", ...privateSubnets];
const dns: Row["ports"] = [53, "53/UDP"];
const web = [80, 443];

/** Any address that is not link-local, for the web. */
const routed = ["internet", ...ofNetwork, "DNS 172.20.0.10", "DNS 10.100.0.10"];
const everyAddress = ["internet", "instance metadata", ...ofNetwork, "DNS *"];

const elsewhere = "traffic that is not this product's";

/** Pods that talk to the stores. */
const clientsOf = ({ workers }: NetworkFacts) => (workers ? ["app/app", "app/worker-*"] : ["app/app"]);
const queriers = ["data/pgbouncer", "data/postgres-bootstrap"];

/** Rows with a condition that does not hold are left out. */
const those = (rows: [holds: boolean, row: Row][]) => rows.filter(([holds]) => holds).map(([, row]) => row);

function openRows(facts: NetworkFacts): Row[] {
  const { target, postgres, redis, keptStores } = facts;
  const clients = clientsOf(facts);
  const balanced = target === "eks";
  return those([
    // The load balancer's subnets stand for it: policies know addresses, security groups know who has them.
    [
      balanced,
      {
        from: privateSubnets,
        to: ["app/app"],
        ports: [10443],
        purpose: "requests, TLS to the gateway, by the load balancer",
      },
    ],
    [!balanced, { from: ["kube-system/*"], to: ["app/app"], ports: [10080], purpose: "requests, by Traefik" }],
    [true, { from: clients, to: ["data/pgbouncer"], ports: [5432], purpose: "queries" }],
    [
      postgres === "cluster",
      { from: queriers, to: ["data/postgres"], ports: [5432], purpose: "pooled queries and roles" },
    ],
    [
      postgres === "managed",
      { from: queriers, to: ofNetwork, ports: [5432], purpose: "pooled queries and roles, on RDS" },
    ],
    [
      redis === "cluster" || keptStores,
      { from: [...clients, "keda/*"], to: ["data/redis"], ports: [6379], purpose: "queues, sessions, cache" },
    ],
    [
      redis === "managed",
      { from: clients, to: ofNetwork, ports: [6379], purpose: "queues, sessions, cache, on ElastiCache" },
    ],
    [true, { from: clients, to: routed, ports: web, purpose: "the web" }],
    [true, { from: ["app/*", "data/*"], to: ["kube-system/*", "DNS *"], ports: dns, purpose: "names" }],
    [true, { from: unguarded, to: [...unguarded, ...everyAddress], ports: "any", purpose: elsewhere }],
    [true, { from: everyAddress, to: unguarded, ports: "any", purpose: elsewhere }],
  ]);
}

function openByAddressRows(facts: NetworkFacts): Row[] {
  const { target, publicNodes, postgres, redis } = facts;
  const clients = clientsOf(facts);
  // There pods have addresses of the VPC, in the subnets of the nodes: from Scale on also the load balancer's.
  const eks = target === "eks";
  return those([
    [true, { from: clients, to: unguarded, ports: web, purpose: "the web" }],
    [eks && !publicNodes, { from: unguarded, to: ["app/app"], ports: [10443], purpose: "requests" }],
    [eks && postgres === "managed", { from: queriers, to: unguarded, ports: [5432], purpose: "RDS" }],
    [eks && redis === "managed", { from: clients, to: unguarded, ports: [6379], purpose: "ElastiCache" }],
  ]);
}

/** The intended matrix of a stack (docs/architecture.md, "Who may reach whom"). */
export const matrixOf = (facts: NetworkFacts): Matrix => ({
  open: openRows(facts),
  openByAddress: openByAddressRows(facts),
});

/** A port as rows and messages write it. */
export const portText = ({ port, protocol }: Port) => (protocol === "TCP" ? `${port}` : `${port}/${protocol}`);

/** Whether a name is one that a row means. */
export const means = (pattern: string, title: string) =>
  pattern.endsWith("*") ? title.startsWith(pattern.slice(0, -1)) : title === pattern;

/** Whether one of the rows lets `from` reach the port of `to`. */
export function allowedBy(rows: Row[], from: string, to: string, port: Port): boolean {
  return rows.some(
    (row) =>
      row.from.some((pattern) => means(pattern, from)) &&
      row.to.some((pattern) => means(pattern, to)) &&
      (row.ports === "any" || row.ports.some((allowed) => String(allowed) === portText(port))),
  );
}

/** What a table says for those who stand for it. */
const inWords = new Map([[routed, "every address that is not link-local"]]);

/** Rows of a stack as a Markdown table; without what is open beside the product. */
export function matrixTable(facts: NetworkFacts, which: keyof Matrix = "open"): string {
  const names = (endpoints: string[]) => inWords.get(endpoints) ?? endpoints.map((name) => `\`${name}\``).join(", ");
  const rows = matrixOf(facts)
    [which].filter(({ purpose }) => purpose !== elsewhere)
    .map(({ from, to, ports, purpose }) => [names(from), names(to), [ports].flat().join(", "), purpose]);
  return [["from", "to", "port", "for"], Array(4).fill("---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
