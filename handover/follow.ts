import { type Engine, otherOf, type Side } from "./engine";

export interface Progress {
  /** Tables whose rows are copied, of all. */
  tables: { copied: number; of: number };
  /** Bytes of the copies in progress, of the tables of the side copied from. */
  bytes: { copied: number; of: number };
  rows: number;
  /** Bytes of WAL that the other side has not applied. */
  lagBytes: number;
  /** Whether the other side is connected. */
  connected: boolean;
  /** Whether the server has removed WAL that the other side still needs: no row follows any more. */
  lost: boolean;
}

/** How far the side that follows has come. */
export async function progress(engine: Engine, to: Side): Promise<Progress> {
  const from = otherOf(engine, to);
  const [tables] = await to.database.query<{ copied: number; of: number; bytes: number; rows: number; id: string }>(
    `SELECT min(s.oid::text) AS id, count(*) FILTER (WHERE srsubstate = 'r')::int AS copied, count(*)::int AS of,
      sum(pg_relation_size(srrelid))::float8 AS bytes,
      (SELECT coalesce(sum(tuples_processed), 0)::float8 FROM pg_stat_progress_copy) AS rows
     FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid WHERE s.subname = $1`,
    [to.subscription],
  );
  const [slot] = await from.database.query<{ lag: number; active: boolean; lost: boolean; bytes: number }>(
    // A table that is copied has a slot of its own, with the subscription's number in its name.
    `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::float8 AS lag, active,
      (SELECT coalesce(bool_or(wal_status = 'lost'), false) FROM pg_replication_slots
        WHERE slot_name = $1 OR starts_with(slot_name, 'pg_' || $2 || '_sync_')) AS lost,
      (SELECT sum(pg_relation_size(prrelid))::float8 FROM pg_publication_rel) AS bytes
     FROM pg_replication_slots WHERE slot_name = $1`,
    [from.slot, tables?.id ?? ""],
  );
  return {
    tables: { copied: tables?.copied ?? 0, of: tables?.of ?? 0 },
    bytes: { copied: tables?.bytes ?? 0, of: slot?.bytes ?? 0 },
    rows: tables?.rows ?? 0,
    lagBytes: slot?.lag ?? 0,
    connected: slot?.active ?? false,
    lost: slot?.lost ?? false,
  };
}

export const isCopied = ({ tables }: Progress): boolean => tables.of > 0 && tables.copied === tables.of;

/** Seconds until the copy is done, at the pace so far; undefined before there is one. */
export function secondsLeft({ bytes }: Progress, elapsedSeconds: number): number | undefined {
  if (bytes.copied <= 0 || elapsedSeconds <= 0) return undefined;
  return Math.max(0, Math.round(((bytes.of - bytes.copied) / bytes.copied) * elapsedSeconds));
}
