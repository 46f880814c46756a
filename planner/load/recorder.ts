/** What a load test measured, second by second. */

/** What became of a request. */
export type Outcome =
  /** Answered as expected. */
  | "ok"
  /** Still without an answer when its user stopped. */
  | "unfinished"
  /** A status that the step does not expect, `timeout`, `closed`, or the error's code. */
  | (string & {});

/** A request, or one that a slow answer kept from being sent. */
export interface Arrival {
  /** When it was due, in milliseconds since the start. */
  dueMs: number;
  /** From when it was due until the answer. */
  latencyMs: number;
  outcome: Outcome;
  /** False where it was never sent, because its user still waited for another answer. */
  sent: boolean;
}

/** The sums of a second. */
interface Second {
  /** Requests that were due. */
  due: number;
  /** Answers as expected, by when they came. */
  ok: number;
  /** Milliseconds that requests were in flight, by when they ended. */
  inFlightMs: number;
  errors: Record<string, number>;
  latencies: number[];
}

/** Percentiles that are shown. */
const percentiles = [50, 95, 99] as const;

/** The figures of some seconds. */
export interface Figures {
  /** Requests that were due, a second. */
  offered: number;
  /** Answers as expected, a second. */
  throughput: number;
  /** Requests in flight, on average: by Little's law the sum of their times, a second. */
  inFlight: number;
  /** Share of the requests that were due, with those never sent. */
  errors: number;
  /** Number of each kind of error. */
  kinds: Record<string, number>;
  /** Milliseconds, from when a request was due. Null where none was. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** The value that a share of the sorted values does not exceed: the nearest rank. Null of none. */
export const percentileOf = (sorted: readonly number[], percent: number): number | null =>
  sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? null;

/** The sum of each kind over some counts. */
export function totals(counts: readonly Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [kind, number] of counts.flatMap((one) => Object.entries(one))) sums[kind] = (sums[kind] ?? 0) + number;
  return sums;
}

const digits = (value: number) => Number(value.toPrecision(4));

export class Recorder {
  private readonly seconds: Second[] = [];

  record({ dueMs, latencyMs, outcome, sent }: Arrival): void {
    const due = this.at(dueMs);
    due.due++;
    due.latencies.push(latencyMs);
    const ended = this.at(dueMs + latencyMs);
    if (sent) ended.inFlightMs += latencyMs;
    if (outcome === "ok" && sent) ended.ok++;
    else if (outcome !== "ok" && outcome !== "unfinished") due.errors[outcome] = (due.errors[outcome] ?? 0) + 1;
  }

  /** Length in seconds: the last second in which something happened. */
  get length(): number {
    return this.seconds.length;
  }

  /** The figures from one second to before another. */
  figures(from: number, to: number): Figures {
    const some = this.seconds.slice(from, to).filter((second) => second !== undefined);
    const sum = (of: (second: Second) => number) => some.reduce((all, second) => all + of(second), 0);
    const length = Math.max(1, to - from);
    const kinds = totals(some.map(({ errors }) => errors));
    const failed = Object.values(kinds).reduce((all, one) => all + one, 0);
    const due = sum((second) => second.due);
    const sorted = some.flatMap(({ latencies }) => latencies).sort((a, b) => a - b);
    const [p50, p95, p99] = percentiles.map((percent) => {
      const value = percentileOf(sorted, percent);
      return value === null ? null : digits(value);
    }) as [number | null, number | null, number | null];
    return {
      offered: digits(due / length),
      throughput: digits(sum((second) => second.ok) / length),
      inFlight: digits(sum((second) => second.inFlightMs) / 1000 / length),
      errors: due === 0 ? 0 : digits(failed / due),
      kinds: Object.fromEntries(Object.entries(kinds).sort(([a], [b]) => (a < b ? -1 : 1))),
      p50,
      p95,
      p99,
    };
  }

  private at(ms: number): Second {
    const second = Math.max(0, Math.floor(ms / 1000));
    while (this.seconds.length <= second)
      this.seconds.push({ due: 0, ok: 0, inFlightMs: 0, errors: {}, latencies: [] });
    return this.seconds[second] as Second;
  }
}
