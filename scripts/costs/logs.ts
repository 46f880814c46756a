/** What the logs of a tier's sizes cost. CloudWatch bills what it takes in; 30 days of storage cost next to nothing. */
import type { TierSpec } from "../../tiers";
import type { Item } from "./prices";
import { targetOf } from "./target";

/** GB of logs a month from each source, and the requests. */
export interface LogUse {
  /** The control plane of EKS without its audit log. */
  controlPlane: number;
  flows: number;
  /** Of each database: slow statements, errors and connections. */
  database: number;
  /** Requests that the web ACL blocked or counted. */
  blocked: number;
  /** Million requests a month at the edge. */
  requests: number;
}

/** A tier without users enough for any of them. */
export const noLogs: LogUse = { controlPlane: 0, flows: 0, database: 0, blocked: 0, requests: 0 };

/** GB of the log of a million requests: the twelve fields of a request as JSON, with a usual user agent. */
const gbPerMillionRequests = 0.6;

const tenth = (gb: number) => Math.round(gb * 10) / 10;

/** Returns the line of the logs that the sizes ask for; undefined without any. */
export function logsLine(spec: TierSpec, use: LogUse): { label: string; items: Item[] } | undefined {
  const { network, postgres, edge, logs, keep } = spec;
  const hasDatabase = postgres.place === "managed" || keep.managedStores;
  const sources: [name: string, gb: number][] = [
    ["control plane", targetOf(spec).kind === "eks" ? use.controlPlane : 0],
    ["flows", network.flowLogs ? use.flows : 0],
    ["databases", hasDatabase ? tenth(use.database * (1 + postgres.managed.replicas)) : 0],
    ["web ACL", edge.waf ? use.blocked : 0],
    [`${use.requests} million requests`, logs.requests ? tenth(use.requests * gbPerMillionRequests) : 0],
  ];
  const kept = sources.filter(([, gb]) => gb > 0);
  if (kept.length === 0) return undefined;
  return {
    label: `logs in GB: ${kept.map(([name, gb]) => `${name} ${gb}`).join(", ")}`,
    items: [{ priceId: "cw.logs.ingest", quantity: tenth(kept.reduce((sum, [, gb]) => sum + gb, 0)) }],
  };
}
