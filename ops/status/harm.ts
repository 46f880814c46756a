import type { Session } from "../../contract/operate";
import { count } from "../../planner/views/text";

/** Seconds after which a session is one to end: one that waits for its client in a transaction, one whose transaction works. */
export const patience = { idle: 60, active: 300 } as const;

/** Why a session may be ended. */
interface Harm {
  what: string;
  /** For how long, in seconds; null where Postgres does not say. */
  seconds: number | null;
}

/** The harm of a session; undefined for one that does its work. */
export function harmOf(session: Session, all: readonly Session[]): Harm | undefined {
  const { pid, state, stateSeconds, transactionSeconds, blockedBy } = session;
  const blocks = all.filter((other) => other.blockedBy.includes(pid)).length;
  // Only the one at the root: those that wait go on once it is gone.
  if (blockedBy.length > 0) return undefined;
  if (blocks > 0) return { what: `blocks ${count(blocks, "other")}`, seconds: transactionSeconds ?? stateSeconds };
  if (state?.startsWith("idle in transaction") && (stateSeconds ?? 0) >= patience.idle)
    return { what: "idle in a transaction", seconds: stateSeconds };
  if (state === "active" && (transactionSeconds ?? 0) >= patience.active)
    return { what: "in a transaction", seconds: transactionSeconds };
  return undefined;
}
