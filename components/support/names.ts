import { gatewayPorts } from "../../config/names";

/** Names of namespaces, services and ports that more than one component must agree on. */
export const namespaces = { app: "app", data: "data", keda: "keda" } as const;

/** Names under which pods reach each other; the certificates of the internal authority carry them. */
export function serviceNames(service: string, namespace: string): string[] {
  return [
    `${service}.${namespace}.svc.cluster.local`,
    `${service}.${namespace}.svc`,
    `${service}.${namespace}`,
    service,
  ];
}

/** The name to connect to. */
export function serviceHost(service: string, namespace: string): string {
  return `${service}.${namespace}.svc.cluster.local`;
}

export const ports = {
  postgres: 5432,
  pgbouncer: 5432,
  pgbouncerMetrics: 9127,
  redis: 6379,
  /** Gateway of an application pod: plain HTTP for an ingress on the same node, TLS for one elsewhere. */
  gatewayHttp: gatewayPorts[0] as number,
  gatewayHttps: gatewayPorts[1] as number,
} as const;

/** Where the certificate of the internal authority is mounted. */
export const caFile = "/etc/tierstack/ca/ca.crt";
