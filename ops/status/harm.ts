import type { Session } from "../../contract/operate";
import { spelled } from "../duration";

/** Seconds after which a session is one to end: one that waits for its client in a transaction, one whose transaction works. */
export const patience = { idle: 60, active: 300 } as const;

/** Why a session may be ended; undefined for one that does its work. */
export function harmOf(session: Session, all: readonly Session[]): string | undefined {
  const { pid, state, stateSeconds, transactionSeconds, blockedBy } = session;
  const blocks = all.filter((other) => other.blockedBy.includes(pid)).length;
  // The one at the root: those that wait themselves go on once it is gone.
  if (blocks > 0 && blockedBy.length === 0) return `blocks ${blocks}`;
  if (state?.startsWith("idle in transaction") && (stateSeconds ?? 0) >= patience.idle)
    return `idle in a transaction for ${spelled(stateSeconds ?? 0)}`;
  if (state === "active" && (transactionSeconds ?? 0) >= patience.active)
    return `a transaction of ${spelled(transactionSeconds ?? 0)}`;
  return undefined;
}
