import type { Request } from "./commands";
import type { Refused } from "./refusal";

/** The decisions of the engine, apart from its effects. */
export const sides = ["source", "target"] as const;
export type SideName = (typeof sides)[number];
export const otherSide = (side: SideName): SideName => (side === "source" ? "target" : "source");

export const phases = [
  "new",
  "prepared",
  "copying",
  "following",
  "ready",
  "switched",
  "back",
  "aborted",
  "finished",
] as const;
export type Phase = (typeof phases)[number];

/** What the ledger says. The update of `active` is the point of no return of a switch: one row, one transaction. */
export interface State {
  phase: Phase;
  /** The side that clients write to. */
  active: SideName;
  /** The side that a switch in progress moves to; it stays set until the replication runs the other way. */
  switching: SideName | null;
}

/** The steps of a switch, in their order. No client writes between `pause` and `resume`. */
export const switchSteps = [
  "intent",
  "pause",
  "fence",
  "arrival",
  "sequences",
  "snapshots",
  "forward-off",
  "skip-applied",
  "decide",
  "unfence",
  "resume",
] as const;
export type SwitchStep = (typeof switchSteps)[number];

/**
 * What brings the world in line with the ledger, in its order: the side not in use is closed before the side in use opens.
 * The same after a crash, after a switch that was taken back, and every second.
 */
export const convergeSteps = ["fence-inactive", "unfence-active", "pods-to-active"] as const;
export type ConvergeStep = (typeof convergeSteps)[number];

/** What a start does with a switch that it finds unfinished: before the point of no return, take it back. */
export function recovery({ active, switching }: State): "none" | "take-back" | "complete" {
  if (switching === null) return "none";
  return switching === active ? "complete" : "take-back";
}

export const phaseAfterSwitch = (to: SideName): Phase => (to === "target" ? "switched" : "back");

const isOver = (phase: Phase) => phase === "aborted" || phase === "finished";
/** Whether the clients have been moved at least once. */
export const hasSwitched = (phase: Phase) => phase === "switched" || phase === "back";

/** The side that a request moves to. */
export const goalOf = (request: "switch" | "back"): SideName => (request === "switch" ? "target" : "source");

/** Why a request cannot be carried out in this state, if so. */
export function objection(request: Request, { phase, active }: State): Refused | undefined {
  const given = `a handover in the phase ${phase}, clients on the ${active}`;
  const refused = (allowed: string, fix: string): Refused => ({ where: request, given, allowed, fix });
  if (isOver(phase)) return refused("a handover that is not over", "start a new one with run");
  if (request === "abort" && hasSwitched(phase))
    return refused("before the first switch", "finish it; to return to the source first: back");
  if (request === "finish" && !hasSwitched(phase))
    return refused("after a switch", "switch first, or end the handover with abort");
  if (request === "back" && !hasSwitched(phase))
    return refused("after a switch", "nothing to do: clients use the source");
  if (request === "switch" && !hasSwitched(phase) && phase !== "ready")
    return refused("the phase ready or later", "wait until status says ready");
  return undefined;
}

/** Whether a request is already what is. */
export function isDone(request: Request, { active, phase }: State): boolean {
  switch (request) {
    case "abort":
      return phase === "aborted";
    case "finish":
      return phase === "finished";
    default:
      return hasSwitched(phase) && active === goalOf(request);
  }
}

/** Parts of the longest wait, in milliseconds. */
export function budget(maxPauseMs: number) {
  return {
    /** For the transactions in progress to end. */
    pauseMs: Math.floor(maxPauseMs * 0.5),
    /** From the first pause: a switch that has not decided by then is taken back. The rest is to move the pods. */
    decideMs: Math.floor(maxPauseMs * 0.8),
    /** Longest transaction, and longest way of a row to the other side, at which a switch is tried. */
    quietMs: Math.floor(maxPauseMs * 0.4),
  };
}

/** What is measured before clients are made to wait. */
export interface Calm {
  /** Age of the oldest transaction of a client, in milliseconds. */
  oldestTransactionMs: number;
  /** Clients of the session pool in a transaction. */
  busySessions: number;
  /** The way of a row to the other side, in milliseconds. */
  arrivalMs: number;
}

/** Why clients should not be made to wait now. */
export function unrest(calm: Calm, maxPauseMs: number): string | undefined {
  const { quietMs } = budget(maxPauseMs);
  if (calm.busySessions > 0) return `${calm.busySessions} client(s) of the session pool in a transaction`;
  if (calm.oldestTransactionMs > quietMs)
    return `a transaction of ${calm.oldestTransactionMs} ms (at most ${quietMs} ms)`;
  if (calm.arrivalMs > quietMs) return `rows take ${calm.arrivalMs} ms to the other side (at most ${quietMs} ms)`;
  return undefined;
}

/** Attempts of a switch before it is given up. */
export const maxAttempts = 12;
/** Milliseconds between attempts: doubling from half a second, at most 15 s. */
export const backoffMs = (attempt: number): number => Math.min(15_000, 500 * 2 ** attempt);
