import { switchSteps } from "./decide";

/**
 * The steps that the log names. After any of them the engine may be killed: its next start finishes the step's work or takes
 * it back. Tests do so at each.
 */
export const steps = [
  "ledger-made",
  "inspected",
  "target-fenced",
  "heartbeat-made",
  "schema-copied",
  "keys-made",
  "published",
  "slot-made",
  "subscribed",
  "copied",
  "verified",
  "reverse-slot-made",
  "reverse-slot-advanced",
  ...switchSteps,
  "first-pod-moved",
  "forward-removed",
  "reverse-made",
  "switch-complete",
  "exactly-verified",
  "taken-back",
  "removed",
] as const;

export type Step = (typeof steps)[number];

const started = Date.now();

/** Writes one line of JSON to the log. */
export function log(event: string, details: object = {}): void {
  process.stdout.write(`${JSON.stringify({ ms: Date.now() - started, event, ...details })}\n`);
}

/** Logs a step. With `HANDOVER_CRASH_AT`, which tests alone set, the process ends there as by `kill -9`. */
export function reached(step: Step, details: object = {}): void {
  log(step, details);
  if (process.env.HANDOVER_CRASH_AT === step) process.kill(process.pid, "SIGKILL");
}
