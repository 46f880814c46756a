/**
 * What `npm run ops` asks of the stores and what it is answered. The commands send a request, `workload/operate.ts` in a pod
 * of the application does it with the pod's own connections. So no password leaves the pod.
 */
import { z } from "zod";

/** Modes of the product. */
export const modes = ["normal", "read-only", "maintenance"] as const;
export type Mode = (typeof modes)[number];

/** Bounds of what every limit is multiplied with. */
export const limitFactors = { min: 0.1, max: 100 } as const;

/** Longest time that a switch holds by itself, in seconds. */
export const longestSwitchSeconds = 7 * 24 * 3600;

/** Prefix of every cached answer. Nothing else in Redis may be lost. */
export const cachePrefix = "cache:";

const queue = z.object({
  name: z.string().min(1),
  /** Redis list of its waiting jobs. */
  list: z.string().min(1),
});
export type QueueReference = z.output<typeof queue>;

/** What an operator may do to a queue. */
export const queueActs = ["retry", "drain", "pause", "resume"] as const;
export type QueueAct = (typeof queueActs)[number];

const seconds = z.number().int().min(1).max(longestSwitchSeconds).optional();

export const operateRequest = z.discriminatedUnion("do", [
  z.object({ do: z.literal("switches") }),
  /** Sets a switch; null takes it out of Redis, so that the environment's value holds. */
  z.object({ do: z.literal("mode"), value: z.enum(modes).nullable(), seconds }),
  z.object({
    do: z.literal("limits"),
    value: z.number().min(limitFactors.min).max(limitFactors.max).nullable(),
    seconds,
  }),
  z.object({ do: z.literal("connections") }),
  /** Ends a session. `started` is that of the session which was shown: the number may belong to another one by now. */
  z.object({ do: z.literal("end"), pid: z.number().int().min(1), started: z.string() }),
  z.object({ do: z.literal("queues"), queues: z.array(queue) }),
  z.object({ do: z.literal("queue"), act: z.enum(queueActs), queue }),
  z.object({ do: z.literal("cache"), prefix: z.string().startsWith(cachePrefix), remove: z.boolean() }),
]);
export type OperateRequest = z.output<typeof operateRequest>;

/** A switch as it holds now. */
interface Held<T> {
  value: T;
  /** What holds without Redis. */
  otherwise: T;
  /** When it ends by itself, in milliseconds since 1970. */
  untilMs?: number;
}

export interface HeldSwitches {
  mode: Held<Mode>;
  limits: Held<number>;
}

/** A connection to the primary. */
export interface Session {
  pid: number;
  /** When it was opened, as Postgres writes it. */
  started: string;
  user: string | null;
  application: string;
  address: string | null;
  /** As in `pg_stat_activity`; null where it belongs to another role. */
  state: string | null;
  /** For how long it has been in its state, in seconds. */
  stateSeconds: number | null;
  /** For how long its transaction has been open, in seconds. */
  transactionSeconds: number | null;
  waits: string | null;
  /** Processes whose locks it waits for. */
  blockedBy: number[];
  /** The start of its last query. */
  query: string | null;
}

export interface Connections {
  /** `max_connections` of the server. */
  most: number;
  /** Of these, kept for superusers. */
  reserved: number;
  sessions: Session[];
}

/** A queue as it is in Redis, in jobs. */
export interface QueueState {
  name: string;
  waiting: number;
  delayed: number;
  active: number;
  failed: number;
  paused: boolean;
  /** Age of the job that has waited longest, in seconds; 0 without one. */
  oldestSeconds: number;
}

/** What each request is answered. */
export interface OperateAnswers {
  switches: HeldSwitches;
  mode: HeldSwitches;
  limits: HeldSwitches;
  connections: Connections;
  /** Whether the session was there. */
  end: { ended: boolean };
  queues: QueueState[];
  /** How many jobs it changed: those to run again, or taken out of the queue. */
  queue: { jobs: number };
  cache: { keys: number };
}
