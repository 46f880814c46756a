/** Environment variables that the stack gives every container of the application, and so the user may not. */
export const providedVariables = [
  "PORT",
  "DATABASE_URL",
  "DATABASE_READ_URL",
  "REDIS_URL",
  "REDIS_CLUSTER",
  "PGSSLROOTCERT",
  "NODE_EXTRA_CA_CERTS",
  "WORKER_QUEUE",
  "WORKER_CONCURRENCY",
  "WORKER_LIST",
] as const;

/** Ports of the gateway in an application pod: plain HTTP, for an ingress on the same node, and TLS. High and odd, for
 * the usual ones (3000, 8000, 8080, 8443) are the application's. */
export const gatewayPorts = [10080, 10443];

/** Networks that k3s makes on its node, by its defaults (k3s-io/k3s, `--cluster-cidr` and `--service-cidr`). */
export const k3sNetworks = { pods: "10.42.0.0/16", services: "10.43.0.0/16" } as const;
