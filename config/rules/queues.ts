import { jobSeconds } from "../../components/workers/queue";
import type { TargetSize } from "../../tiers";
import type { Problem } from "../../tiers/problem";
import { spotNoticeSeconds, workerCapacity } from "../../tiers/spot";
import type { Settings } from "../schema";
import type { Rule } from "./rule";

type Queue = Settings["queues"][number];

/** A capacity that the target does not have for workers. */
function capacityProblem({ capacity }: Queue, target: TargetSize): Omit<Problem, "where" | "given"> | undefined {
  if (capacity === undefined) return undefined;
  if (target.kind === "existing")
    return { allowed: "nothing: it has no effect on an existing cluster", fix: "remove it" };
  if (workerCapacity(target, { capacity }) === capacity) return undefined;
  return capacity === "spot"
    ? { allowed: "on-demand: workers have no spot nodes here", fix: "remove it" }
    : { allowed: "spot: the only node is a spot instance", fix: "set nodes.capacity: on-demand, or remove it" };
}

const capacity: Rule = ({ settings, spec }) =>
  settings.queues.map((queue, at) => {
    const problem = capacityProblem(queue, spec.target);
    return problem && { where: `queues[${at}].capacity`, given: JSON.stringify(queue.capacity), ...problem };
  });

/** Jobs that AWS would interrupt whatever the worker does. */
const longJobs: Rule = ({ settings, spec: { target } }) => {
  const max = jobSeconds.spot.max;
  const key = target.kind === "k3s" ? "nodes.capacity: on-demand" : "capacity: on-demand for the queue";
  return settings.queues.map(
    (queue, at) =>
      workerCapacity(target, queue) === "spot" &&
      (queue.maxJobSeconds ?? 0) > max && {
        where: `queues[${at}].maxJobSeconds`,
        given: `${queue.maxJobSeconds} seconds on spot capacity`,
        allowed: `up to ${max}: AWS takes a spot node back ${spotNoticeSeconds} seconds after its notice`,
        fix: `set ${key}, or split the job`,
      },
  );
};

/** Rules about queues and the capacity that their workers run on. */
export const queues: Rule[] = [capacity, longJobs];
