import type { Fault } from "./fault";

/** Ways that should be closed, and ways that should be open. */
export const network: Fault[] = [
  {
    title: "a network policy that lets everybody in",
    stack: "mvp",
    object: "NetworkPolicy/data/pgbouncer",
    change: ({ spec }) => {
      delete spec.ingress[0].from;
    },
    caughtBy: ["network"],
  },
  {
    title: "no policy that denies",
    stack: "mvp",
    object: "NetworkPolicy/data/default-deny",
    change: null,
    caughtBy: ["network"],
  },
  {
    title: "a way to the instance's metadata",
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
    title: "no way to DNS",
    stack: "growth",
    object: "NetworkPolicy/app/allow-dns",
    change: ({ spec }) => {
      spec.egress[0].ports = [{ protocol: "TCP", port: 5353 }];
    },
    caughtBy: ["network"],
  },
];
