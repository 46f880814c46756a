import { prefixed } from "../support/names";
import type { Priority } from "./queue";

export interface PriorityClassArgs {
  value: number;
  preemptionPolicy: string;
  description: string;
}

/**
 * A class decides which pending worker is scheduled first, and which running one is evicted first when a node runs
 * short of memory. None preempts running pods: the application and the stores have no class, hence priority 0, and must
 * not be preempted by a worker. The lowest value is -10, because a cluster autoscaler adds no nodes for pods below it.
 * The value and the preemption policy of a class are immutable.
 */
export const priorityClasses = {
  high: { value: 1000, preemptionPolicy: "Never", description: "Workers of queues that go first" },
  normal: { value: 0, preemptionPolicy: "Never", description: "Workers" },
  low: { value: -10, preemptionPolicy: "Never", description: "Workers of queues that may wait" },
} as const satisfies Record<Priority, PriorityClassArgs>;

/** Returns the name of a class. Classes belong to the whole cluster, so two stacks in one need prefixes. */
export const priorityClassName = (priority: Priority, prefix?: string) => prefixed(prefix, `tierstack-${priority}`);
