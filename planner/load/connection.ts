/** One user's connection: what becomes of each of its requests. */
import type { Arrival, Outcome } from "./recorder";

/** Milliseconds between two requests of a user. */
const pace = 1000;

/** A request sent this soon after a late answer was due while its user still waited, in milliseconds. */
const atOnce = 5;

/**
 * The requests that were due while a user waited for an answer, and were never sent: without them a slow server would
 * seem to have fewer slow answers (coordinated omission). The last one that was due is not among them where the user
 * goes on: it is sent as soon as the answer is there.
 * @param waitedMs  time of the answer
 */
export function heldUp(waitedMs: number, goesOn: boolean): { afterMs: number; latencyMs: number }[] {
  const missed = Math.floor(waitedMs / pace) - (goesOn ? 1 : 0);
  return Array.from({ length: Math.max(0, missed) }, (_, at) => ({
    afterMs: (at + 1) * pace,
    latencyMs: waitedMs - (at + 1) * pace,
  }));
}

/** The request that a user waits for. */
interface Waiting {
  dueMs: number;
  sentMs: number;
}

export class Connection {
  private waiting: Waiting | undefined;
  /** When the last answer came, and when the request was due that it kept waiting. */
  private late: { answeredMs: number; dueMs: number } | undefined;

  /**
   * @param now     milliseconds since the start
   * @param record  takes each request once it is known what became of it
   */
  constructor(
    private readonly timeoutMs: number,
    private readonly now: () => number,
    private readonly record: (arrival: Arrival) => void,
  ) {}

  sent(): void {
    const now = this.now();
    // The connection was closed without an answer: the client opened another and goes on.
    if (this.waiting) this.ended(now - this.waiting.sentMs >= this.timeoutMs ? "timeout" : "closed");
    const isLate = this.late !== undefined && now - this.late.answeredMs <= atOnce;
    this.waiting = { dueMs: isLate ? (this.late?.dueMs ?? now) : now, sentMs: now };
    this.late = undefined;
  }

  answered(outcome: Outcome): void {
    this.ended(outcome);
  }

  /** The client gave up waiting. It may have sent another request already. */
  timedOut(): void {
    if (this.waiting && this.now() - this.waiting.sentMs >= this.timeoutMs * 0.9) this.ended("timeout");
  }

  failed(code: string): void {
    this.ended(code);
  }

  /** The user stops. What has no answer yet has waited this long at least. */
  stopped(): void {
    this.ended("unfinished");
  }

  private ended(outcome: Outcome): void {
    if (!this.waiting) return;
    const { dueMs, sentMs } = this.waiting;
    this.waiting = undefined;
    const now = this.now();
    this.record({ dueMs, latencyMs: now - dueMs, outcome, sent: true });
    const missed = heldUp(now - sentMs, outcome !== "unfinished");
    for (const { afterMs, latencyMs } of missed)
      this.record({ dueMs: sentMs + afterMs, latencyMs, outcome, sent: false });
    if (now - sentMs >= pace) this.late = { answeredMs: now, dueMs: sentMs + (missed.length + 1) * pace };
  }
}
