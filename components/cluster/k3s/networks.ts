/** CIDRs of pods, Services and the API server's Service: the defaults of k3s (k3s-io/k3s, `--cluster-cidr` and `--service-cidr`). */
export const k3sNetworks = { pods: "10.42.0.0/16", services: "10.43.0.0/16", api: "10.43.0.1/32" } as const;
