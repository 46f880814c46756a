import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { arrival } from "./arrival";
import { replicated, sequencesOf, type Table, tablesOf } from "./catalogue";
import { connect } from "./database";
import type { Calm } from "./decide";
import { type Engine, otherOf, type Side } from "./engine";
import type { Asker } from "./fence";
import { fingerprint } from "./fingerprint";
import { lockKey } from "./ledger";
import { Console, findPods, nameOf } from "./poolers";

/** Why a switch was taken back. It is tried again. */
export class Later extends Error {}

/** The two sides at one moment, which nobody wrote at. Closing the connections gives them up. */
export interface Snapshots {
  from: Client;
  to: Client;
  tables: Table[];
}

export const askerOf = (client: Client): Asker => ({
  query: async <Row extends object>(sql: string, values: unknown[] = []) =>
    (await client.query(sql, values)).rows as Row[],
});

/** One attempt: its connections, all of which end with it. */
export interface Attempt {
  from: Side;
  to: Side;
  consoles: Console[];
  clients: Client[];
  onFrom: Asker;
  onTo: Asker;
  sequences: string[];
  snapshots: Snapshots;
  /** Of both sides, before the pause. */
  schema: string;
  /** Holds the right to change the side in use, also where the ledger is lost. */
  guard: Client;
  /** Whether the point of no return may be behind. */
  decisionSent: boolean;
}

/** Key of the advisory lock that an attempt holds on the side in use. */
const guardKey = lockKey + 1;

async function takeGuard(from: Side): Promise<Client> {
  const guard = await connect(from.url);
  const { rows } = await guard.query(`SELECT pg_try_advisory_lock(${guardKey}) AS held`);
  if (rows[0].held) return guard;
  await guard.end();
  throw new Later(`an earlier engine is still connected to the ${from.name}`);
}

/** Opens everything that the pause needs, so that nothing is connected in it. */
export async function openAttempt(engine: Engine, to: Side): Promise<Attempt> {
  const from = otherOf(engine, to);
  const limits = { statementTimeoutMs: engine.environment.MAX_PAUSE_MS };
  const clients: Client[] = [];
  const consoles: Console[] = [];
  const guard = await takeGuard(from);
  try {
    for (const side of [from, to, from, to]) clients.push(await connect(side.url, limits));
    const pods = await findPods(engine.environment);
    if (pods.length === 0) throw new Later("no PgBouncer found");
    for (const pod of pods)
      consoles.push(
        await Console.open(pod, engine.environment, true).catch((error: Error) => {
          throw new Later(`PgBouncer ${nameOf(pod)}: ${error.message}`);
        }),
      );
    const [onFrom, onTo] = clients.map(askerOf) as [Asker, Asker];
    const tables = replicated(await tablesOf(from.database));
    const snapshots = { from: clients[2] as Client, to: clients[3] as Client, tables };
    const sequences = await sequencesOf(from.database);
    return {
      guard,
      decisionSent: false,
      from,
      to,
      consoles,
      clients: [...clients, guard],
      onFrom,
      onTo,
      sequences,
      snapshots,
      schema: await fingerprint(from.database),
    };
  } catch (error) {
    await closeAttempt({ consoles, clients: [...clients, guard] });
    throw error;
  }
}

/** Ends an attempt's connections; `kept` are those of the snapshots. */
export async function closeAttempt(
  { consoles, clients }: Pick<Attempt, "consoles" | "clients">,
  kept: Client[] = [],
): Promise<void> {
  for (const console of consoles) console.close();
  await Promise.all(clients.filter((client) => !kept.includes(client)).map((client) => client.end()));
}

/** Measures what decides whether clients should be made to wait now. */
export async function measure(attempt: Attempt, { FENCED_ROLES, MAX_PAUSE_MS }: Engine["environment"]): Promise<Calm> {
  const { from, onFrom, onTo, consoles } = attempt;
  const sessions = (await Promise.all(consoles.map((console) => console.sessions()))).flat();
  const [row] = await onFrom.query<{ oldest: number; busy: number }>(
    `SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)) * 1000, 0)::int AS oldest,
      (count(*) FILTER (WHERE pid = ANY($2)))::int AS busy
     FROM pg_stat_activity WHERE usename = ANY($1) AND state <> 'idle' AND xact_start IS NOT NULL`,
    [FENCED_ROLES, sessions],
  );
  const arrivalMs = await arrival(onFrom, onTo, from.name, MAX_PAUSE_MS).catch(() => {
    throw new Later(`rows take more than ${MAX_PAUSE_MS} ms to the other side`);
  });
  return { oldestTransactionMs: row?.oldest ?? 0, busySessions: row?.busy ?? 0, arrivalMs: Math.round(arrivalMs) };
}

/** Rejects once the time is up. What it waited for goes on, until its connection is closed. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  work.catch(() => undefined);
  const late = sleep(Math.max(0, ms), undefined, { signal: timer.signal }).then(() => {
    throw new Later(`${what} took too long`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
