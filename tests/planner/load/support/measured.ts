/** Results of load tests that no server was needed for. */
import type { Figures } from "../../../../planner/load/recorder";
import { resultOf } from "../../../../planner/load/result";
import type { Level, Measured, Test } from "../../../../planner/load/run";
import { scenarioSchema } from "../../../../planner/load/scenario";

const scenario = scenarioSchema.parse({
  name: "one",
  what: "one <request>",
  phases: [{ share: 1, from: 1, to: 1 }],
  steps: [{ name: "get", path: "/" }],
});

export const testOf = (more: Partial<Test> = {}): Test => ({
  target: { origin: "https://app.example.com", base: "/v1", headers: { authorization: "hunter2" } },
  scenario,
  rate: 100,
  seconds: 10,
  sources: [],
  ...more,
});

export const figures = (throughput: number, more: Partial<Figures> = {}): Figures => ({
  offered: throughput,
  throughput,
  inFlight: throughput / 50,
  errors: 0,
  kinds: {},
  p50: 20,
  p95: 40,
  p99: 60,
  ...more,
});

/** A level of ten seconds with its throughput, and the share of 20 connections that was busy. */
export const levelOf = (at: number, rate: number, own: Figures, busy?: number): Level => ({
  rate,
  from: 10 * at,
  to: 10 * (at + 1),
  figures: own,
  inFlight: own.inFlight,
  generator: 0.1,
  samples: busy === undefined ? [] : [{ atMs: 0, utilisation: { connections: busy }, sizes: { connections: 20 } }],
});

export const measuredOf = (levels: Level[], more: Partial<Measured> = {}): Measured => ({
  levels,
  rows: levels.map(({ rate, from, figures: own }) => ({ at: from, rate, ...own })),
  stopped: false,
  unread: [],
  ...more,
});

/** 20 connections of 50 ms carry 400 requests a second: levels up to 480. */
export const staircase = (busy = true): Level[] =>
  [80, 160, 240, 320, 400, 440, 480].map((rate, at) => {
    const throughput = Math.min(rate, 395);
    const own = rate < 400 ? figures(throughput) : figures(throughput, { inFlight: rate / 4, p95: 900, p99: 1500 });
    return levelOf(at, rate, own, busy ? throughput / 400 : undefined);
  });

export const stepped = testOf({ step: 80, rate: 480 });
export const tested = { stack: "startup", needed: 300 };
export const date = "2026-11-29";

export const result = (more: Partial<Measured> = {}) => resultOf(stepped, measuredOf(staircase(), more), tested, date);
export const steady = (own = figures(100)) => resultOf(testOf(), measuredOf([levelOf(0, 100, own)]), tested, date);
