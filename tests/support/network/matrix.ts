import { apiTitles, egressTitle } from "./endpoints";
import type { Port } from "./evaluate";
import type { NetworkFacts } from "./facts";

/** Connections that are allowed, for one purpose. Everything that no row allows is denied. */
export interface Row {
  /** Endpoints as `titleOf` names them; `*` at the end matches any ending. */
  from: string[];
  to: string[];
  /** TCP unless the port says otherwise. */
  ports: (number | `${number}/UDP`)[] | "any";
  purpose: string;
}

export interface Matrix {
  /** Must be open with every network plugin. */
  open: Row[];
  /**
   * Open with a network plugin that applies an `ipBlock` to pods too, closed with others (`Reading` in evaluate.ts). The
   * product needs none of these: a rule for an address range cannot exclude the pods in it.
   */
  openByAddress: Row[];
}

/** Pods of namespaces without a policy. */
const unguarded = ["default/*", "kube-system/*", "keda/*"];
/** The load balancer and the managed stores are in the private subnets, the nodes in either kind. */
const privateSubnets = ["private subnet *"];
const ofNetwork = ["public subnet *", ...privateSubnets];
const dns: Row["ports"] = [53, "53/UDP"];
const web = [80, 443];

/** The addresses that are not link-local. */
const routed = ["internet", ...ofNetwork, "DNS 172.20.0.10", "DNS 10.100.0.10"];
const monitor = ["observability/monitor"];
const logAgent = ["log-agent/log-agent"];
/** The API server's ports on EKS and on k3s. */
const api = [443, 6443];
/** The same, and the kubelets'. */
const kubernetes = [...api, 10250];
const everyAddress = ["internet", "instance metadata", "AWS credentials", ...ofNetwork, "DNS *"];

/** The addresses that stand for the networks of `app.egress`, and the API server's. */
const named = (facts: NetworkFacts) => [
  ...facts.egress.flatMap(({ cidr }) => (cidr === "any" ? [] : [egressTitle(cidr)])),
  ...apiTitles(facts),
];
const routedOf = (facts: NetworkFacts) => (named(facts).length === 0 ? routed : [...routed, ...named(facts)]);

/** A row for each network of `app.egress`, to the endpoints that `any` means there. */
const egressRows = (facts: NetworkFacts, any: string[]): Row[] =>
  facts.egress
    .map(({ cidr, ports }) => ({
      from: clientsOf(facts),
      to: cidr === "any" ? any : [egressTitle(cidr)],
      ports,
      purpose: "app.egress",
    }))
    .filter(({ to }) => to.length > 0);

const elsewhere = "traffic of other products";

/** Pods that connect to PgBouncer and Redis. */
const clientsOf = ({ workers, schedules, migration }: NetworkFacts) => [
  "app/app",
  ...(workers ? ["app/worker-*"] : []),
  ...(schedules ? ["app/schedule-*"] : []),
  ...(migration ? ["app/migrate"] : []),
];
const queriers = ["data/pgbouncer", "data/postgres-bootstrap"];

/** What a handover opens, for as long as it is on. */
function handoverRows({ postgres }: NetworkFacts): Row[] {
  const places = { cluster: ["data/postgres"], managed: ofNetwork };
  const ports = [5432];
  const [source, target] = postgres === "managed" ? [places.cluster, places.managed] : [places.managed, places.cluster];
  const leaving = ["data/pgbouncer", "data/postgres-bootstrap-source", "data/handover"];
  return [
    { from: ["data/handover"], to: ["data/pgbouncer"], ports, purpose: "the switch of a handover" },
    {
      from: leaving,
      to: source,
      ports,
      purpose: "pooled queries, roles and data of the server that a handover leaves",
    },
    { from: ["data/handover"], to: target, ports, purpose: "data of the server that a handover leads to" },
    { from: ofNetwork, to: places.cluster, ports, purpose: "RDS, which reads from the in-cluster Postgres" },
  ];
}

/** The APIs of AWS that its pod asks with a role, which it has on EKS, and the URL of a dead man's switch. */
const webRow = ({ target, heartbeatUrl }: NetworkFacts, to: string[]): [holds: boolean, row: Row] => [
  target === "eks" || heartbeatUrl,
  { from: monitor, to, ports: [443], purpose: "CloudWatch, and the heartbeat of Alertmanager" },
];

/** What watches the product, and what it asks for that. Nobody reaches it. */
function watchRows(facts: NetworkFacts): Row[] {
  const { target, workers, postgres, redis, handover, appPort, mailPort, logs } = facts;
  const managed = [
    ...(postgres === "managed" || handover ? [5432] : []),
    ...(redis === "managed" || handover ? [6379] : []),
  ];
  const cluster = target === "existing" ? routedOf(facts) : [...ofNetwork, ...apiTitles(facts)];
  return rowsWhere([
    [
      true,
      { from: monitor, to: ["app/app"], ports: [10444], purpose: "metrics of the application, TLS to the gateway" },
    ],
    [workers, { from: monitor, to: ["app/worker-*"], ports: [appPort], purpose: "metrics of the workers" }],
    [true, { from: monitor, to: ["data/pgbouncer"], ports: [9127], purpose: "metrics of PgBouncer" }],
    [
      postgres === "cluster" || handover,
      { from: monitor, to: ["data/postgres"], ports: [5432], purpose: "statistics of Postgres" },
    ],
    [redis === "cluster", { from: monitor, to: ["data/redis"], ports: [6379], purpose: "statistics of Valkey" }],
    [
      managed.length > 0,
      { from: monitor, to: ofNetwork, ports: [5432, 6379], purpose: "statistics of RDS and ElastiCache" },
    ],
    [true, { from: monitor, to: ["observability/node-exporter"], ports: [9100], purpose: "figures of the nodes, TLS" }],
    [true, { from: monitor, to: cluster, ports: kubernetes, purpose: "the Kubernetes API and the kubelets" }],
    [
      mailPort !== undefined,
      { from: monitor, to: routedOf(facts), ports: [mailPort ?? 0], purpose: "mails of the alerts" },
    ],
    webRow(facts, routedOf(facts)),
    [target === "eks", { from: monitor, to: ["AWS credentials"], ports: [80], purpose: "credentials of its role" }],
    [true, { from: ["observability/*"], to: ["kube-system/*", "DNS *"], ports: dns, purpose: "DNS" }],
    [logs, { from: logAgent, to: ["observability/log-store"], ports: [9428], purpose: "logs, TLS to their store" }],
    [logs, { from: logAgent, to: cluster, ports: api, purpose: "the Kubernetes API" }],
    [logs, { from: ["log-agent/*"], to: ["kube-system/*", "DNS *"], ports: dns, purpose: "DNS" }],
  ]);
}

/** The same where a policy's addresses are pods' too. */
function watchRowsByAddress(facts: NetworkFacts): Row[] {
  const { target, postgres, redis, mailPort, logs } = facts;
  const eks = target === "eks";
  return rowsWhere([
    [mailPort !== undefined, { from: monitor, to: unguarded, ports: [mailPort ?? 0], purpose: "mails of the alerts" }],
    [logs && target !== "k3s", { from: logAgent, to: unguarded, ports: api, purpose: "the Kubernetes API" }],
    webRow(facts, unguarded),
    [target !== "k3s", { from: monitor, to: unguarded, ports: kubernetes, purpose: "the Kubernetes API" }],
    [eks && postgres === "managed", { from: monitor, to: unguarded, ports: [5432], purpose: "RDS" }],
    [eks && redis === "managed", { from: monitor, to: unguarded, ports: [6379], purpose: "ElastiCache" }],
  ]);
}

/** The rows whose condition holds. */
const rowsWhere = (rows: [holds: boolean, row: Row][]) => rows.filter(([holds]) => holds).map(([, row]) => row);

function openRows(facts: NetworkFacts): Row[] {
  const { target, postgres, redis, keptStores, keptCache, bothStores, credentialsPort } = facts;
  const clients = clientsOf(facts);
  const balanced = target === "eks";
  return rowsWhere([
    // A policy can name the load balancer only by its subnets; security groups narrow it down.
    [
      balanced,
      {
        from: privateSubnets,
        to: ["app/app"],
        ports: [10443],
        purpose: "requests from the load balancer, TLS to the gateway",
      },
    ],
    [!balanced, { from: ["kube-system/*"], to: ["app/app"], ports: [10080], purpose: "requests from Traefik" }],
    [true, { from: clients, to: ["data/pgbouncer"], ports: [5432], purpose: "queries" }],
    [
      postgres === "cluster",
      { from: queriers, to: ["data/postgres"], ports: [5432], purpose: "pooled queries and roles" },
    ],
    [
      postgres === "managed",
      { from: queriers, to: ofNetwork, ports: [5432], purpose: "pooled queries and roles on RDS" },
    ],
    [
      bothStores,
      {
        from: ["data/postgres"],
        to: ofNetwork,
        ports: [5432],
        purpose: "copies of the data between the in-cluster Postgres and RDS",
      },
    ],
    [
      redis === "cluster" || keptStores,
      { from: [...clients, "keda/*"], to: ["data/redis"], ports: [6379], purpose: "queues, sessions and cache" },
    ],
    [
      redis === "managed",
      { from: clients, to: ofNetwork, ports: [6379], purpose: "queues, sessions and cache on ElastiCache" },
    ],
    [
      keptCache,
      { from: clients, to: ofNetwork, ports: [6379], purpose: "keys and jobs that move back from ElastiCache" },
    ],
    [true, { from: clients, to: routedOf(facts), ports: web, purpose: "the web" }],
    [
      credentialsPort !== undefined,
      {
        from: clients,
        to: ["AWS credentials"],
        ports: [credentialsPort ?? 0],
        purpose: "credentials of app.iamPolicy",
      },
    ],
    [true, { from: ["app/*", "data/*"], to: ["kube-system/*", "DNS *"], ports: dns, purpose: "DNS" }],
    [true, { from: unguarded, to: [...unguarded, ...everyAddress, ...named(facts)], ports: "any", purpose: elsewhere }],
    [true, { from: [...everyAddress, ...named(facts)], to: unguarded, ports: "any", purpose: elsewhere }],
  ]).concat(
    facts.handover ? handoverRows(facts) : [],
    egressRows(facts, routedOf(facts)),
    facts.observability ? watchRows(facts) : [],
  );
}

function openByAddressRows(facts: NetworkFacts): Row[] {
  const { target, publicNodes, postgres, redis } = facts;
  const clients = clientsOf(facts);
  // On EKS pods have addresses in the subnets of the nodes. Private nodes share theirs with the load balancer.
  const eks = target === "eks";
  const anyEgress = facts.egress.filter(({ cidr }) => cidr === "any");
  return rowsWhere([
    [true, { from: clients, to: unguarded, ports: web, purpose: "the web" }],
    [eks && !publicNodes, { from: unguarded, to: ["app/app"], ports: [10443], purpose: "requests" }],
    [eks && postgres === "managed", { from: queriers, to: unguarded, ports: [5432], purpose: "RDS" }],
    [eks && redis === "managed", { from: clients, to: unguarded, ports: [6379], purpose: "ElastiCache" }],
  ]).concat(
    egressRows({ ...facts, egress: anyEgress }, unguarded),
    facts.observability ? watchRowsByAddress(facts) : [],
  );
}

/** The intended matrix of a stack (docs/network.md). */
export const matrixOf = (facts: NetworkFacts): Matrix => ({
  open: openRows(facts),
  openByAddress: openByAddressRows(facts),
});

/** A port as tables and messages write it. */
export const portText = ({ port, protocol }: Port) => (protocol === "TCP" ? `${port}` : `${port}/${protocol}`);

/** Whether a pattern of a row matches an endpoint's title. */
export const matches = (pattern: string, title: string) =>
  pattern.endsWith("*") ? title.startsWith(pattern.slice(0, -1)) : title === pattern;

/** The rows about connections from one endpoint to another. */
export const rowsBetween = (rows: Row[], from: string, to: string): Row[] =>
  rows.filter(
    (row) => row.from.some((pattern) => matches(pattern, from)) && row.to.some((pattern) => matches(pattern, to)),
  );

/** Whether one of the rows allows the port. */
export const allowedBy = (rows: Row[], port: Port): boolean =>
  rows.some(({ ports }) => ports === "any" || ports.some((allowed) => String(allowed) === portText(port)));

/** Lists of endpoints that a table describes in words. */
const inWords = new Map([[routed, "every address except link-local ones"]]);

/** Rows of a stack as a Markdown table, without the traffic of other products. */
export function matrixTable(facts: NetworkFacts, which: keyof Matrix = "open"): string {
  const names = (endpoints: string[]) => inWords.get(endpoints) ?? endpoints.map((name) => `\`${name}\``).join(", ");
  const rows = matrixOf(facts)
    [which].filter(({ purpose }) => purpose !== elsewhere)
    .map(({ from, to, ports, purpose }) => [names(from), names(to), [ports].flat().join(", "), purpose]);
  return [["from", "to", "port", "purpose"], Array(4).fill("---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
