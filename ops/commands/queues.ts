import { SettingsError } from "../../config/problems";
import { type QueueAct, type QueueReference, type QueueState, queueActs } from "../../contract/operate";
import { count, type Screen, table } from "../../planner/views/text";
import type { Command, Context } from "../command";
import { expectNone, surplus, unknownWord, wordsProblem } from "../command";
import { spelled } from "../duration";
import { queuesOf } from "../kube/workloads";
import { operate } from "../operate";
import { commandIn } from "../world";

/** What each act does: to complete `would ...`, the question, and what it did to so many jobs. */
const acts: Record<
  QueueAct,
  {
    what: (name: string) => string;
    question?: (name: string) => string;
    did: (jobs: number, name: string, resume: string) => string;
  }
> = {
  retry: {
    what: (name) => `run at once the jobs of ${name} that wait for a retry`,
    did: (jobs, name) => `${count(jobs, "job")} of ${name} no longer wait${jobs === 1 ? "s" : ""} for a retry`,
  },
  drain: {
    what: (name) => `take every waiting job out of ${name}`,
    question: (name) => `Take every waiting job out of ${name}? They fail, and their credits are given back.`,
    did: (jobs, name) => `${count(jobs, "job")} taken out of ${name}; each has failed, with its credits given back`,
  },
  pause: {
    what: (name) => `pause ${name}`,
    question: (name) => `Pause ${name}? Its workers finish their jobs and take no new ones.`,
    did: (jobs, name, resume) => `paused ${name}: ${count(jobs, "job")} wait${jobs === 1 ? "s" : ""}, until ${resume}`,
  },
  resume: {
    what: (name) => `resume ${name}`,
    did: (jobs, name) => `resumed ${name}: ${count(jobs, "waiting job")}`,
  },
};

/** Lines that show how queues are. */
function queueLines(queues: readonly QueueState[], screen: Screen): string[] {
  if (queues.length === 0) return ["The stack has no queue (tierstack:queues)."];
  const rows = queues.map(({ name, waiting, oldestSeconds, active, delayed, failed, paused }) => [
    name,
    String(waiting),
    waiting === 0 ? "" : spelled(oldestSeconds),
    String(active),
    String(delayed),
    String(failed),
    paused ? screen.paint("red", "paused") : "runs",
  ]);
  return table(["queue", "waiting", "oldest", "active", "to retry", "failed", ""], rows, screen);
}

/** The queue with a name. @throws SettingsError with the one that is meant */
function queueNamed(queues: readonly QueueReference[], name: string): QueueReference {
  const found = queues.find((one) => one.name === name);
  if (found) return found;
  const names = queues.map((one) => one.name);
  throw new SettingsError([
    names.length === 0
      ? wordsProblem(name, "nothing: the stack has no queue", "set tierstack:queues")
      : unknownWord(name, names),
  ]);
}

async function act({ world, change }: Context, wanted: QueueAct, name: string): Promise<void> {
  const queue = queueNamed(await queuesOf(world), name);
  const { what, question, did } = acts[wanted];
  await change({
    what: what(name),
    ...(question && { question: question(name) }),
    does: async () => {
      const { jobs } = await operate(world, { do: "queue", act: wanted, queue });
      return [did(jobs, name, commandIn(world, `queues resume ${name}`))];
    },
  });
}

async function show({ world, say, screen }: Context): Promise<void> {
  const known = await queuesOf(world);
  const states = known.length === 0 ? [] : await operate(world, { do: "queues", queues: known });
  say(...queueLines(states, screen));
}

export const queues: Command = {
  name: "queues",
  summary: "depth and age of the queues; retry, drain, pause, resume",
  usage: ["queues", `queues ${queueActs.join("|")} QUEUE`],
  about: [
    "Shows each queue: how many jobs wait, the age of the oldest, and how many run, wait for a retry or have failed.",
    "retry runs at once the jobs that wait for a retry. drain takes every waiting job out: in the database they fail, " +
      "with their credits given back, so that no worker adds them again. pause keeps workers from taking jobs until resume, through " +
      "restarts and deployments; the autoscaler still counts the jobs that wait.",
    "A job that has failed for good has given its credits back: its caller submits it again.",
  ],
  options: [[`${queueActs.join("|")} QUEUE`, "change a queue of tierstack:queues"]],
  examples: [
    ["queues", "every queue"],
    ["queues pause mail", "stop taking jobs from one"],
  ],
  flags: [],
  switches: [],
  changes: true,
  read: (given) => {
    const [word, name] = given.words;
    const problems = surplus(given, 2);
    const wanted = queueActs.find((one) => one === word);
    if (word !== undefined && wanted === undefined) problems.push(unknownWord(word, queueActs));
    if (wanted !== undefined && name === undefined)
      problems.push(wordsProblem(`${wanted} without a queue`, "a queue", `write queues ${wanted} QUEUE`));
    expectNone(problems);
    return async (context) => {
      if (wanted !== undefined) await act(context, wanted, name as string);
      else await show(context);
      return 0;
    };
  },
};
