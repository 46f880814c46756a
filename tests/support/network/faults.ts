import type { KubernetesObject } from "../objects";

const unguarded = ["default/intruder", "kube-system/traefik", "kube-system/coredns", "keda/keda-operator"];
const subnets = (kind: "public" | "private") => [0, 1, 2].map((at) => `${kind} subnet ${at}`);
const addresses = [
  "internet",
  "instance metadata",
  "AWS credentials",
  ...[0, 1, 2].flatMap((at) => [`public subnet ${at}`, `private subnet ${at}`]),
  "DNS 172.20.0.10",
  "DNS 10.100.0.10",
  "DNS 169.254.20.10",
];

/** One fault that is planted in the objects of a stack. */
export interface Fault {
  title: string;
  stack: string;
  /** The object, as `identityOf` names it. */
  object: string;
  /** @default the object is gone */
  change?: (object: KubernetesObject) => void;
  /** Every problem that `networkProblems` then reports. */
  problems: string[];
}

const peersOf = ({ spec }: KubernetesObject) => spec.ingress[0].from;
/** Label by which policies tell workloads apart. */
export const nameLabel = "app.kubernetes.io/name";

/** Faults in policies and in the pods they select, each in the objects of one stack. */
export const faults: Fault[] = [
  {
    title: "a peer that says nothing",
    stack: "mvp",
    object: "NetworkPolicy/data/pgbouncer",
    change: ({ spec }) => {
      spec.ingress[0].from = [{}];
    },
    problems: [
      ...unguarded.map(
        (from) =>
          `${from} -> data/pgbouncer:5432 is open, and should be closed (egress: no policy; ingress: data/pgbouncer)`,
      ),
      ...addresses.map(
        (from) => `${from} -> data/pgbouncer:5432 is open, and should be closed (ingress: data/pgbouncer)`,
      ),
    ],
  },
  {
    title: "a rule for everybody within the namespaces' own guard",
    stack: "mvp",
    object: "NetworkPolicy/data/postgres",
    change: ({ spec }) => {
      spec.ingress[0].from = [{ namespaceSelector: { matchLabels: { "app.kubernetes.io/part-of": "tierstack" } } }];
    },
    problems: ["app/app", "app/worker-default"].map(
      (from) =>
        `${from} -> data/postgres:5432 is open, and should be closed (egress: app/${from === "app/app" ? "app-egress" : "worker"}; ingress: data/postgres)`,
    ),
  },
  {
    title: "all addresses, which on some network plugins are all pods",
    stack: "mvp",
    object: "NetworkPolicy/data/redis",
    change: (policy) => peersOf(policy).push({ ipBlock: { cidr: "0.0.0.0/0" } }),
    problems: [
      ...unguarded
        .filter((from) => from !== "keda/keda-operator")
        .map(
          (from) =>
            `${from} -> data/redis:6379 is open by address, and should be closed (egress: no policy; ingress: data/redis)`,
        ),
      ...addresses.map((from) => `${from} -> data/redis:6379 is open, and should be closed (ingress: data/redis)`),
    ],
  },
  {
    title: "a selector of no pod",
    stack: "mvp",
    object: "NetworkPolicy/data/postgres-bootstrap",
    change: ({ spec }) => {
      spec.podSelector.matchLabels[nameLabel] = "postgres-boostrap";
    },
    problems: [
      "data/postgres-bootstrap -> data/postgres:5432 is closed, and should be open (egress: none of data/allow-dns, data/default-deny)",
    ],
  },
  {
    title: "a selector of no namespace",
    stack: "scale",
    object: "NetworkPolicy/data/pgbouncer",
    change: (policy) => {
      peersOf(policy)[0].namespaceSelector.matchLabels = { name: "app" };
    },
    problems: ["app/app", "app/worker-default"].map(
      (from) =>
        `${from} -> data/pgbouncer:5432 is closed, and should be open (ingress: none of data/default-deny, data/pgbouncer)`,
    ),
  },
  {
    title: "the web with what is the cloud's own",
    stack: "growth",
    object: "NetworkPolicy/app/worker",
    change: ({ spec }) => {
      delete spec.egress.at(-1).to[0].ipBlock.except;
    },
    problems: ["instance metadata", "AWS credentials", "DNS 169.254.20.10"].map(
      (to) => `app/worker-default -> ${to}:80,443 is open, and should be closed (egress: app/worker)`,
    ),
  },
  {
    title: "requests on another port",
    stack: "scale",
    object: "NetworkPolicy/app/app-ingress",
    change: ({ spec }) => {
      for (const rule of spec.ingress) rule.ports[0].port = 10080;
    },
    problems: [
      ...unguarded.flatMap((from) => [
        `${from} -> app/app:10080 is open by address, and should be closed (egress: no policy; ingress: app/app-ingress)`,
        `${from} -> app/app:10443 is closed, and should be open by address (ingress: none of app/app-ingress, app/default-deny)`,
      ]),
      ...subnets("private").flatMap((from) => [
        `${from} -> app/app:10080 is open, and should be closed (ingress: app/app-ingress)`,
        `${from} -> app/app:10443 is closed, and should be open (ingress: none of app/app-ingress, app/default-deny)`,
      ]),
    ],
  },
  {
    title: "requests from all of the network, past the edge",
    stack: "growth",
    object: "NetworkPolicy/app/app-ingress",
    change: ({ spec }) => {
      spec.ingress[0].from[0].ipBlock.cidr = "10.20.0.0/16";
    },
    problems: [
      ...unguarded.map(
        (from) =>
          `${from} -> app/app:10443 is open by address, and should be closed (egress: no policy; ingress: app/app-ingress)`,
      ),
      ...subnets("public").map(
        (from) => `${from} -> app/app:10443 is open, and should be closed (ingress: app/app-ingress)`,
      ),
    ],
  },
  {
    title: "a load balancer's subnet left out",
    stack: "growth",
    object: "NetworkPolicy/app/app-ingress",
    change: ({ spec }) => spec.ingress.pop(),
    problems: [
      "private subnet 2 -> app/app:10443 is closed, and should be open (ingress: none of app/app-ingress, app/default-deny)",
    ],
  },
  {
    title: "no policy of the server",
    stack: "local",
    object: "NetworkPolicy/data/postgres",
    problems: ["data/postgres-bootstrap", "data/pgbouncer"].map(
      (from) => `${from} -> data/postgres:5432 is closed, and should be open (ingress: none of data/default-deny)`,
    ),
  },
  {
    title: "a policy of another API",
    stack: "local",
    object: "NetworkPolicy/data/redis",
    change: (policy) => {
      policy.apiVersion = "projectcalico.org/v3";
    },
    problems: ["app/app", "app/worker-default", "keda/keda-operator"].map(
      (from) => `${from} -> data/redis:6379 is closed, and should be open (ingress: none of data/default-deny)`,
    ),
  },
  {
    title: "a namespace that does not start closed",
    stack: "startup",
    object: "NetworkPolicy/app/default-deny",
    problems: [
      ...["app/app", "app/worker-default"].map(
        (from) =>
          `${from} -> app/intruder:80,443 is open by address, and should be closed (egress: app/${from === "app/app" ? "app-egress" : "worker"}; ingress: no policy)`,
      ),
      ...unguarded.map(
        (from) => `${from} -> app/intruder:* is open, and should be closed (egress: no policy; ingress: no policy)`,
      ),
      ...addresses.map((from) => `${from} -> app/intruder:* is open, and should be closed (ingress: no policy)`),
    ],
  },
  {
    title: "pods under another label",
    stack: "mvp",
    object: "Deployment/data/pgbouncer",
    change: ({ spec }) => {
      spec.template.metadata.labels[nameLabel] = "bouncer";
    },
    problems: [
      "data/pgbouncer -> data/postgres:5432 is closed, and should be open (egress: none of data/allow-dns, data/default-deny; ingress: none of data/default-deny, data/postgres)",
      ...["app/app", "app/worker-default"].map(
        (from) => `${from} -> data/pgbouncer:5432 is closed, and should be open (ingress: none of data/default-deny)`,
      ),
    ],
  },
  {
    title: "a store that is not there",
    stack: "startup",
    object: "StatefulSet/data/redis",
    problems: ["data/redis: in the matrix, but no endpoint matches"],
  },
];
