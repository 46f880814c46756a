import type * as pulumi from "@pulumi/pulumi";

/** What CloudWatch has metrics of. */
export const watchedKinds = [
  "node",
  "cluster",
  "database",
  "cache",
  "load-balancer",
  "targets",
  "edge",
  "certificate",
  "nat",
  "heartbeat",
  "backup",
] as const;
export type WatchedKind = (typeof watchedKinds)[number];

/** Something with metrics in CloudWatch. Which alarms it has follows from its kind (components/alarms/rules.ts). */
export interface Watched {
  kind: WatchedKind;
  /** Tells it from others of its kind. It is a part of URNs and never changes. @default there is one */
  name?: string;
  /** Namespace of its metrics where they are the stack's own. @default AWS', by its kind */
  namespace?: string;
  /** Dimensions of its metrics. */
  dimensions: Record<string, pulumi.Input<string>>;
  /** Region of its metrics. @default the stack's */
  region?: string;
  /** What its alarms are created after. @default nothing */
  after?: pulumi.Resource[];
  /** Whether its CPU runs on credits. @default false */
  burstable?: boolean;
  /** `max_connections` of a database. */
  maxConnections?: number | undefined;
  /** Storage of a database, as it is now: RDS enlarges it. */
  storageGiB?: pulumi.Input<number>;
  /** vCPUs of a node of a cache. */
  vcpus?: number | undefined;
  /** Whether it is a copy of another one, or may become it. @default false */
  replica?: boolean;
}

/** Whether the CPU of an instance type, a database class or a cache node type runs on credits. */
export const isBurstable = (type: string): boolean => /^(db\.|cache\.)?t\d/.test(type);
