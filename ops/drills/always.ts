import { constants } from "node:os";
import { report } from "../../planner/cli/output";
import { endLocally } from "../local";

/** By which a user, a system or a terminal that closes ends the process. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What is to be put back now, the last first. Each runs once, however often it is called. */
const open: (() => Promise<unknown>)[] = [];

/** The end of a process that was interrupted, which no work outlives. Undefined until then. */
let ending: Promise<void> | undefined;

async function end(signal: (typeof signals)[number]): Promise<void> {
  endLocally();
  const failed: Error[] = [];
  for (const putBack of [...open]) await putBack().catch((error: Error) => failed.push(error));
  for (const { message } of failed) report(`interrupted, and not all is put back: ${message}`);
  process.exit(128 + constants.signals[signal]);
}

/** Waits while a signal ends the process, which is for ever: nobody would put back what begins then. */
export const unlessEnding = async (): Promise<void> => ending;

/** Another signal has to wait, too: without a handler, it would end the process at once. */
function interrupted(signal: (typeof signals)[number]): void {
  ending ??= end(signal).finally(() => {
    ending = undefined;
  });
}

/**
 * Does some work and then puts back what it changed, even if the work fails, or signals end the process, however many. Such work may
 * be part of other such work, which is put back later.
 * @param putBack  runs once. After a signal, the work may still go on: it first waits for a change that is under way
 */
export async function always<T>(work: () => Promise<T>, putBack: () => Promise<unknown>): Promise<T> {
  let back: Promise<unknown> | undefined;
  const once = () => {
    back ??= putBack();
    return back;
  };
  if (open.length === 0) for (const signal of signals) process.on(signal, interrupted);
  open.unshift(once);
  try {
    return await work();
  } finally {
    try {
      await ending;
      await once();
      // A signal may have come meanwhile: then the process ends here.
      await ending;
    } finally {
      open.splice(open.indexOf(once), 1);
      if (open.length === 0) for (const signal of signals) process.off(signal, interrupted);
    }
  }
}
