import { jobSeconds, type Queue } from "../components/workers/queue";
import type { TierSpec } from "../tiers";
import { workerCapacity } from "../tiers/spot";
import type { Settings } from "./schema";

/** Returns the queues, each with the longest job that its workers' capacity allows unless it has one of its own. */
export const queuesOf = ({ queues }: Pick<Settings, "queues">, { target }: Pick<TierSpec, "target">): Queue[] =>
  queues.map((queue) => ({
    ...queue,
    maxJobSeconds: queue.maxJobSeconds ?? jobSeconds[workerCapacity(target, queue) ?? "on-demand"].byDefault,
  }));
