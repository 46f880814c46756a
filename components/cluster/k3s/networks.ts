/** Networks of pods and services on a k3s node: its defaults (k3s-io/k3s, `--cluster-cidr` and `--service-cidr`). */
export const k3sNetworks = { pods: "10.42.0.0/16", services: "10.43.0.0/16" } as const;
