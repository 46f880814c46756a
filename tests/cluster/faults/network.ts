import type { Fault } from "./fault";

/** Traffic that should be denied, and traffic that should be allowed. */
export const network: Fault[] = [
  {
    title: "a NetworkPolicy that allows all ingress",
    stack: "mvp",
    object: "NetworkPolicy/data/pgbouncer",
    change: ({ spec }) => {
      delete spec.ingress[0].from;
    },
    caughtBy: ["network"],
  },
  {
    title: "a missing default-deny policy",
    stack: "mvp",
    object: "NetworkPolicy/data/default-deny",
    change: null,
    caughtBy: ["network"],
  },
  {
    title: "egress to the instance metadata service",
    stack: "growth",
    object: "NetworkPolicy/app/worker",
    change: ({ spec }) => {
      for (const rule of spec.egress) for (const peer of rule.to) if (peer.ipBlock) delete peer.ipBlock.except;
    },
    caughtBy: ["network"],
  },
  {
    title: "a NetworkPolicy that selects no pod",
    stack: "mvp",
    object: "NetworkPolicy/data/postgres",
    change: ({ spec }) => {
      spec.podSelector.matchLabels["app.kubernetes.io/name"] = "postgresql";
    },
    caughtBy: ["network", "kube-score"],
  },
  {
    title: "missing egress to DNS",
    stack: "growth",
    object: "NetworkPolicy/app/allow-dns",
    change: ({ spec }) => {
      spec.egress[0].ports = [{ protocol: "TCP", port: 5353 }];
    },
    caughtBy: ["network"],
  },
];
