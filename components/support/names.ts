/** Names under which pods reach each other; the certificates of the internal authority carry them. */
export function serviceNames(service: string, namespace: string): string[] {
  return [serviceHost(service, namespace), `${service}.${namespace}.svc`, `${service}.${namespace}`, service];
}

/** The name to connect to. */
export function serviceHost(service: string, namespace: string): string {
  return `${service}.${namespace}.svc.cluster.local`;
}

/** Ports that more than one component must agree on. */
export const ports = {
  postgres: 5432,
  pgbouncer: 5432,
  pgbouncerMetrics: 9127,
  redis: 6379,
  /** The gateway in an application pod: plain HTTP for an ingress on the same node, TLS for one elsewhere. High and
   * unusual, because applications use the common ones (3000, 8000, 8080, 8443). */
  gatewayHttp: 10080,
  gatewayHttps: 10443,
} as const;

/** Header with which the edge identifies itself to the gateway. */
export const originHeader = "X-Origin-Verify";

/** Where the certificate of the internal authority is mounted. */
export const caFile = "/etc/tierstack/ca/ca.crt";
