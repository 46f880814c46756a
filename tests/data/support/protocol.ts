/** What a process of clients and the test tell each other. */

/** Where and as whom clients connect. */
export interface Target {
  port: number;
  database: string;
  user: string;
  password: string;
  /** File of the certificate authority. */
  ca: string;
}

export interface ClientsArgs extends Target {
  /** Writers keep a ledger; readers ask where they read. */
  work: "write" | "read";
  clients: number;
  /** Number of the first client. @default 0 */
  first?: number;
  /** Connections of the pool. @default one a client */
  connections?: number;
  /** Seconds after which the pool renews a connection. @default never */
  lifetimeSeconds?: number;
  /** Mean pause of a client between two units of work, in milliseconds. */
  thinkMs: number;
}

export type Command = { start: ClientsArgs } | "go" | "fault" | "stop";

export interface Report {
  /** The last write that was acknowledged, for each client by its number. Each client numbers its writes from 1. */
  acknowledged: Record<number, number>;
  /** Reads of writers that did not see all that their client had been told, or more. */
  stale: number;
  /** Units of work that were done. */
  done: number;
  /** Errors that callers saw, by message. */
  errors: Record<string, number>;
  /** Reads answered by a replica, and by a primary. */
  reads: { replica: number; primary: number };
  /** The longest time that a unit of work took, with its retries, in milliseconds. */
  slowestMs: number;
  /** Milliseconds from the fault to the first answer to work that began after it, or to the last error if that is later. */
  recoveredMs?: number;
}

export type Event = "connected" | { report: Report };
