import type { AddressEndpoint, Endpoint, PodEndpoint, Port, World } from "./evaluate";
import type { LabelSelector } from "./policy";

/* A small world to ask about policies: a database, and who may want to reach it. */

/** Two namespaces that tell each other apart by labels. */
export const namespaces: World["namespaces"] = [
  { name: "shop", labels: { team: "retail" } },
  { name: "bank", labels: { team: "finance", env: "prod" } },
];
/** A pod of the example, labelled with its name. */
export const pod = (namespace: string, app: string, ip: string, more: Partial<PodEndpoint> = {}): PodEndpoint => ({
  kind: "pod",
  namespace,
  name: app,
  labels: { app },
  containerPorts: [],
  ip,
  ...more,
});
const address = (name: string, ip: string): AddressEndpoint => ({ kind: "address", name, ip });

export const db = pod("shop", "db", "10.42.0.1", {
  containerPorts: [
    { name: "sql", containerPort: 5432 },
    { name: "dns", containerPort: 53, protocol: "UDP" },
  ],
});
export const web = pod("shop", "web", "10.42.0.2", { labels: { app: "web", tier: "front" } });
export const job = pod("shop", "job", "10.42.0.3", { labels: { app: "job", tier: "back" } });
export const bankWeb = pod("bank", "web", "10.42.7.4", { labels: { app: "web", tier: "front" } });
const bankJob = pod("bank", "job", "10.42.7.5");
export const office = address("office", "203.0.113.7");
export const desk = address("desk", "203.0.113.200");
const v6 = address("v6", "2001:db8::7");
/** All but the database. */
export const everybody: Endpoint[] = [web, job, bankWeb, bankJob, office, desk, v6];

export const onDb: LabelSelector = { matchLabels: { app: "db" } };
export const onWeb: LabelSelector = { matchLabels: { app: "web" } };

export const tcp = (port: number): Port => ({ protocol: "TCP", port });
