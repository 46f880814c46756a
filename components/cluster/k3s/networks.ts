/** CIDRs of pods and Services: the defaults of k3s (k3s-io/k3s, `--cluster-cidr` and `--service-cidr`). */
export const k3sNetworks = { pods: "10.42.0.0/16", services: "10.43.0.0/16" } as const;
