import type { Fault } from "./fault";

/** Connections that should be denied, and connections that should be allowed. */
export const network: Fault[] = [
  {
    title: "a network policy that allows all sources",
    stack: "mvp",
    object: "NetworkPolicy/data/pgbouncer",
    change: ({ spec }) => {
      delete spec.ingress[0].from;
    },
    caughtBy: ["network"],
  },
  {
    title: "no default-deny policy",
    stack: "mvp",
    object: "NetworkPolicy/data/default-deny",
    change: null,
    caughtBy: ["network"],
  },
  {
    title: "access to the instance metadata",
    stack: "growth",
    object: "NetworkPolicy/app/worker",
    change: ({ spec }) => {
      for (const rule of spec.egress) for (const peer of rule.to) if (peer.ipBlock) delete peer.ipBlock.except;
    },
    caughtBy: ["network"],
  },
  {
    title: "a network policy that selects nothing",
    stack: "mvp",
    object: "NetworkPolicy/data/postgres",
    change: ({ spec }) => {
      spec.podSelector.matchLabels["app.kubernetes.io/name"] = "postgresql";
    },
    caughtBy: ["network", "kube-score"],
  },
  {
    title: "no access to DNS",
    stack: "growth",
    object: "NetworkPolicy/app/allow-dns",
    change: ({ spec }) => {
      spec.egress[0].ports = [{ protocol: "TCP", port: 5353 }];
    },
    caughtBy: ["network"],
  },
];
