import { prefixed } from "../support/names";
import type { Priority } from "../workers/queue";

/** What a priority class is for. */
export type Role = "stores" | "pooler" | "agents" | "application" | `workers-${Priority}`;

interface PriorityClassSpec {
  /** Order in which the scheduler places pods, and in which nodes short of memory keep them. */
  value: number;
  /** Whether a pod that fits no node takes the place of running pods of a lower value. */
  preemptionPolicy: "PreemptLowerPriority" | "Never";
  /** The pods of the class. */
  description: string;
}

/**
 * The classes, highest first. Pods of other programs have the value 0, unless their cluster says otherwise. The
 * application has it too: it takes the place of workers, and never of another program's pods. What it cannot run without
 * comes before it, and so does what belongs on each node: it can go to no other, while what it displaces can. Workers come last, because jobs wait in their queue. They take nobody's place. No value is below -10:
 * a cluster autoscaler adds no nodes for such pods. Value and policy of a class are immutable.
 */
export const priorityClasses = {
  stores: {
    value: 2000,
    preemptionPolicy: "PreemptLowerPriority",
    description: "Postgres, Valkey and the job that prepares the database",
  },
  pooler: { value: 1000, preemptionPolicy: "PreemptLowerPriority", description: "PgBouncer" },
  agents: {
    value: 500,
    preemptionPolicy: "PreemptLowerPriority",
    description: "What watches each node, where no other program shares the cluster",
  },
  application: {
    value: 0,
    preemptionPolicy: "PreemptLowerPriority",
    description: "The application, its migrations and scheduled jobs, and what watches them",
  },
  "workers-high": { value: -1, preemptionPolicy: "Never", description: "Workers of queues that go first" },
  "workers-normal": { value: -5, preemptionPolicy: "Never", description: "Workers" },
  "workers-low": { value: -10, preemptionPolicy: "Never", description: "Workers of queues that may wait" },
} as const satisfies Record<Role, PriorityClassSpec>;

export const roles = Object.keys(priorityClasses) as Role[];

/** Returns the name of a class. Classes have no namespace, so two stacks in one cluster need different prefixes. */
export const priorityClassName = (role: Role, namePrefix?: string): string => prefixed(namePrefix, `tierstack-${role}`);
