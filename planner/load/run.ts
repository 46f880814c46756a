/** Runs a load test: the phases of a scenario, or a staircase of rates until the server no longer keeps up. */
import { performance } from "node:perf_hooks";
import { send } from "./generator";
import { requestsBySecond, streamsOf } from "./profile";
import { type Figures, Recorder } from "./recorder";
import { medianOf, type Sample, Sampler, type Source } from "./sampler";
import type { Scenario } from "./scenario";
import { Session } from "./session";

export interface Target {
  /** Protocol, host and port. */
  origin: string;
  /** Path in front of every step's. */
  base: string;
  headers: Record<string, string>;
}

export interface Test {
  target: Target;
  scenario: Scenario;
  /** Requests a second where the scenario's multiple is 1; of a staircase, the highest level. */
  rate: number;
  /** Duration in seconds; of a staircase, that of a level. */
  seconds: number;
  /** Requests a second that each level of a staircase has more than the one before. Without it, the phases are run. */
  step?: number;
  sources: readonly Source[];
}

/** What was measured at one rate, or over the phases of a scenario. */
export interface Level {
  /** Requests a second that were asked for; of phases, the highest. */
  rate: number;
  /** Seconds since the start of the test. */
  from: number;
  to: number;
  /** Without the first seconds, in which connections are opened. */
  figures: Figures;
  /** Requests in flight in a second of these, the median. */
  inFlight: number;
  /** Share of its time in which this computer's generator was busy. Near 1, it was the limit. */
  generator: number;
  samples: Sample[];
}

/** A second of the test. */
export interface Row extends Figures {
  at: number;
  /** Requests a second that were asked for. */
  rate: number;
}

export interface Measured {
  levels: Level[];
  rows: Row[];
  /** Whether it was stopped before its end. */
  stopped: boolean;
  /** Metrics that could not be read. */
  unread: string[];
}

/** A staircase ends above this many levels. */
export const mostLevels = 40;

/** A level whose throughput is below this share of its rate does not keep up. */
const keptShare = 0.9;

/** Levels that do not keep up, after which a staircase ends. */
const levelsBeyond = 2;

/** The part of a level that is left out of its figures. */
const settling = 0.2;

export const keepsUp = ({ rate, figures }: Pick<Level, "rate" | "figures">): boolean =>
  figures.throughput >= keptShare * rate;

/** Whether a staircase has another level. */
export function goesOn(levels: readonly Pick<Level, "rate" | "figures">[], next: number, highest: number): boolean {
  if (levels.length >= mostLevels || next > highest) return false;
  const last = levels.slice(-levelsBeyond);
  return last.length < levelsBeyond || last.some(keepsUp);
}

/** The session of a user. Each begins with another step, so that the steps mix from the first second on. */
function sessionOf(user: number, { scenario, target }: Test, sessions: Context["sessions"]): Session {
  const session = sessions.get(user) ?? new Session(scenario, user + 1, target, user);
  sessions.set(user, session);
  return session;
}

/** Runs one level. */
async function runLevel(
  test: Test,
  counts: readonly number[],
  { from, sampler, sessions, signal, onSecond }: Context & { from: number },
): Promise<{ level: Level; rows: Row[] }> {
  const recorder = new Recorder();
  const begin = performance.now();
  const busyBefore = performance.eventLoopUtilization();
  const rowAt = (at: number): Row => ({ at: from + at, rate: counts[at] ?? 0, ...recorder.figures(at, at + 1) });
  let told = 0;
  const timer = setInterval(() => {
    // The second before the last has its answers, unless they are slow.
    const complete = Math.floor((performance.now() - begin) / 1000) - 1;
    while (told < complete && told < counts.length) onSecond(rowAt(told++));
  }, 250);
  try {
    await send(
      {
        origin: test.target.origin,
        streams: streamsOf(counts),
        session: (user) => sessionOf(user, test, sessions),
        record: (arrival) => recorder.record(arrival),
      },
      signal,
    );
  } finally {
    clearInterval(timer);
  }
  const length = Math.min(counts.length, Math.max(1, Math.ceil((performance.now() - begin) / 1000)));
  const settled = length > 2 ? Math.max(1, Math.floor(length * settling)) : 0;
  const sampledFrom = begin + settled * 1000;
  const rows = Array.from({ length }, (_, at) => rowAt(at));
  return {
    level: {
      rate: Math.max(...counts),
      from,
      to: from + length,
      figures: recorder.figures(settled, length),
      inFlight: medianOf(rows.slice(settled).map((row) => row.inFlight)),
      generator: Number(performance.eventLoopUtilization(busyBefore).utilization.toPrecision(3)),
      samples: sampler.samples.filter(({ atMs }) => atMs >= sampledFrom),
    },
    rows,
  };
}

interface Context {
  sampler: Sampler;
  /** The users so far: one who comes back goes on where it was. */
  sessions: Map<number, Session>;
  signal: AbortSignal;
  onSecond: (row: Row) => void;
}

/** Requests of each second of each level. */
function* levelsOf({ scenario, rate, seconds, step }: Test, done: readonly Level[]): Generator<number[]> {
  if (step === undefined) {
    yield requestsBySecond(scenario.phases, rate, seconds);
    return;
  }
  for (let next = step; goesOn(done, next, rate); next += step) yield Array.from({ length: seconds }, () => next);
}

/**
 * Runs a test and answers what it measured, all of it or until it was stopped.
 * @param hooks.signal    stops the test
 * @param hooks.onSecond  is told each second, about two seconds later
 */
export async function measure(test: Test, hooks: Pick<Context, "signal" | "onSecond">): Promise<Measured> {
  const sampler = new Sampler(test.sources);
  const unread = await sampler.start();
  const levels: Level[] = [];
  const rows: Row[] = [];
  const sessions = new Map<number, Session>();
  try {
    for (const counts of levelsOf(test, levels)) {
      if (hooks.signal.aborted) break;
      const from = levels.at(-1)?.to ?? 0;
      const measured = await runLevel(test, counts, { ...hooks, sampler, sessions, from });
      levels.push(measured.level);
      rows.push(...measured.rows);
    }
  } finally {
    sampler.stop();
  }
  return { levels, rows, stopped: hooks.signal.aborted, unread };
}
