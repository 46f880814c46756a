/** Returns the name of an object that must be unique in a cluster: `shop-data` for `data` with the prefix `shop`. */
export function prefixed(prefix: string | undefined, name: string): string {
  return prefix ? `${prefix}-${name}` : name;
}

/** Returns the host names of a service. The certificates of the internal authority contain them. */
export function serviceNames(service: string, namespace: string): string[] {
  return [serviceHost(service, namespace), `${service}.${namespace}.svc`, `${service}.${namespace}`, service];
}

/** Returns the fully qualified host name of a service, to connect to. */
export function serviceHost(service: string, namespace: string): string {
  return `${service}.${namespace}.svc.cluster.local`;
}

/** Ports that several components share. */
export const ports = {
  postgres: 5432,
  pgbouncer: 5432,
  pgbouncerMetrics: 9127,
  redis: 6379,
  /** The gateway in an application pod: plain HTTP for an ingress on the same node, TLS for any other. The numbers are
   * unusual, because applications use the common ones (3000, 8000, 8080, 8443). */
  gatewayHttp: 10080,
  gatewayHttps: 10443,
  /** The same for Prometheus alone, over TLS: the application's metrics and nothing else. */
  gatewayMetrics: 10444,
} as const;

/** Header by which the edge identifies itself to the gateway. */
export const originHeader = "X-Origin-Verify";

/** Path at which the certificate of the internal authority is mounted. */
export const caFile = "/etc/tierstack/ca/ca.crt";
