/**
 * When each request of a load test is sent. The load is open: a user is a connection that sends one request a second,
 * whether the server is fast or slow, so requests a second are users.
 */
import type { Phase } from "./scenario";

/** Users that send in the same seconds, at the same time of the second. */
export interface Stream {
  /** First second. */
  start: number;
  seconds: number;
  /** Milliseconds into the second. */
  offsetMs: number;
  /** Numbers of the users, from 0. */
  users: number[];
}

/** Times in a second at which users may send, evenly spaced. */
const slots = 200;

/** The golden ratio's part of the circle: any number of users from the first one on is spread evenly. */
const turn = (Math.sqrt(5) - 1) / 2;

/** The multiple of the rate at a point of the test, from 0 to 1. */
export function factorAt(phases: readonly Phase[], point: number): number {
  const whole = phases.reduce((sum, { share }) => sum + share, 0);
  let begin = 0;
  for (const { share, from, to } of phases) {
    const length = share / whole;
    if (point < begin + length) return from + ((to - from) * (point - begin)) / length;
    begin += length;
  }
  return phases.at(-1)?.to ?? 0;
}

/**
 * Requests of each second.
 * @param rate     requests a second where the multiple is 1
 * @param seconds  duration
 */
export const requestsBySecond = (phases: readonly Phase[], rate: number, seconds: number): number[] =>
  Array.from({ length: seconds }, (_, at) => Math.round(rate * factorAt(phases, (at + 0.5) / seconds)));

/** The times of a user: runs of seconds in which at least that many requests are sent. */
function runsOf(counts: readonly number[], user: number): [start: number, seconds: number][] {
  const runs: [number, number][] = [];
  counts.forEach((count, at) => {
    const last = runs.at(-1);
    if (count <= user) return;
    if (last && last[0] + last[1] === at) last[1]++;
    else runs.push([at, 1]);
  });
  return runs;
}

/** Streams that send as many requests in each second as asked for, spread over the second. */
export function streamsOf(counts: readonly number[]): Stream[] {
  const streams = new Map<string, Stream>();
  const most = Math.max(0, ...counts);
  for (let user = 0; user < most; user++) {
    const slot = Math.floor(((user * turn) % 1) * slots);
    for (const [start, seconds] of runsOf(counts, user)) {
      const key = `${start} ${seconds} ${slot}`;
      const stream = streams.get(key) ?? { start, seconds, offsetMs: (slot * 1000) / slots, users: [] };
      stream.users.push(user);
      streams.set(key, stream);
    }
  }
  return [...streams.values()].sort((a, b) => a.start - b.start || a.offsetMs - b.offsetMs);
}
