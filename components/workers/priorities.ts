import type { Priority } from "./queue";

export interface PriorityClassArgs {
  value: number;
  preemptionPolicy: string;
  description: string;
}

/**
 * A class decides which pending worker gets room first, and which running one a node short of memory evicts first.
 * None pushes a running pod off a node: the application and the stores, without a class, stand at 0 and must not make
 * way for a worker. The lowest value is -10, for below it a cluster autoscaler adds no node. Neither value nor policy
 * of a class can be changed.
 */
export const priorityClasses = {
  high: { value: 1000, preemptionPolicy: "Never", description: "Workers of queues that go first" },
  normal: { value: 0, preemptionPolicy: "Never", description: "Workers" },
  low: { value: -10, preemptionPolicy: "Never", description: "Workers of queues that may wait" },
} as const satisfies Record<Priority, PriorityClassArgs>;

export const priorityClassName = (priority: Priority) => `tierstack-${priority}`;
