import type { Connections, HeldSwitches, QueueState } from "../../contract/operate";
import { count } from "../../planner/views/text";
import { Failure } from "../failure";
import { queuesOf } from "../kube/workloads";
import { operate, ProgramMissing } from "../operate";
import type { World } from "../world";
import { archiveFindings, archiveOf, archives } from "./archive";
import { type Finding, page } from "./finding";
import { harmOf } from "./harm";

/** Share of the connections, and age of a waiting job in seconds, from which something is not well. */
const bounds = { connections: 0.8, jobSeconds: 300 } as const;

export function connectionFindings({ most, reserved, sessions }: Connections, nowMs: number): Finding[] {
  const share = sessions.length / (most - reserved);
  const full: Finding[] =
    share < bounds.connections
      ? []
      : [
          {
            what: `${sessions.length} of ${most - reserved} database connections are in use`,
            help: page("connections-exhausted"),
          },
        ];
  const harmful = sessions.flatMap((one): Finding[] => {
    const harm = harmOf(one, sessions);
    if (harm === undefined) return [];
    const sinceMs = harm.seconds === null ? undefined : nowMs - harm.seconds * 1000;
    return [{ what: `session ${one.pid}: ${harm.what}`, sinceMs, help: { ops: "connections" } }];
  });
  return [...full, ...harmful];
}

export function queueFindings(queues: readonly QueueState[], nowMs: number): Finding[] {
  return queues.flatMap(({ name, waiting, oldestSeconds, paused }): Finding[] => [
    ...(paused ? [{ what: `queue ${name} is paused`, help: { ops: `queues resume ${name}` } }] : []),
    ...(waiting > 0 && oldestSeconds >= bounds.jobSeconds
      ? [
          {
            what: `queue ${name}: ${count(waiting, "job")} ${waiting === 1 ? "waits" : "wait"}, the oldest of them too long`,
            sinceMs: nowMs - oldestSeconds * 1000,
            help: page("overload"),
          },
        ]
      : []),
  ]);
}

export function switchFindings({ mode, limits }: HeldSwitches): Finding[] {
  return [
    ...(mode.value === "normal"
      ? []
      : [{ what: `the product is in ${mode.value} mode`, help: { ops: "maintenance off" } }]),
    ...(limits.value === 1
      ? []
      : [{ what: `every rate limit is multiplied by ${limits.value}`, help: { ops: "limits off" } }]),
  ];
}

/** What the stores say. */
interface StoresSeen {
  findings: Finding[];
  /** What nobody could be asked about, because the image has no program that answers. */
  unseen: string[];
}

/** What a question finds; that it could not be asked, where it could not. */
async function asked(about: string, question: () => Promise<Finding[]>): Promise<StoresSeen> {
  try {
    return { findings: await question(), unseen: [] };
  } catch (error) {
    // An application of one's own need not have the program: that is nothing to mend.
    if (error instanceof ProgramMissing) return { findings: [], unseen: [about] };
    if (!(error instanceof Failure)) throw error;
    return { findings: [{ what: `${about} unknown: ${error.brief}`, help: "docs/runbooks/README.md" }], unseen: [] };
  }
}

/** What the stores say that is not well. */
export async function storesSeen(world: World, nowMs: number): Promise<StoresSeen> {
  const queues = await queuesOf(world);
  const questions: [about: string, question: () => Promise<Finding[]>][] = [
    ["switches", async () => switchFindings(await operate(world, { do: "switches" }))],
    ["connections", async () => connectionFindings(await operate(world, { do: "connections" }), nowMs)],
  ];
  if (queues.length > 0)
    questions.push(["queues", async () => queueFindings(await operate(world, { do: "queues", queues }), nowMs)]);
  if (await archives(world)) questions.push(["archive", async () => archiveFindings(await archiveOf(world), nowMs)]);
  const answers: StoresSeen[] = [];
  for (const [about, question] of questions) answers.push(await asked(about, question));
  return {
    findings: answers.flatMap(({ findings }) => findings),
    unseen: answers.flatMap(({ unseen }) => unseen),
  };
}
