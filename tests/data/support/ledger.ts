/** Writes of numbered clients, whose effects can be counted: a row a write, and a total a client. */
import type { ClientBase, Pool } from "pg";
import type { Report } from "./protocol";

export const ledgerSql = (clients: number) => `
  CREATE TABLE ledger (client int, n int, PRIMARY KEY (client, n));
  CREATE TABLE balances (client int PRIMARY KEY, total int NOT NULL) WITH (fillfactor = 50);
  INSERT INTO balances SELECT client, 0 FROM generate_series(0, ${clients - 1}) AS client;`;

export const emptyLedgerSql = "TRUNCATE ledger; UPDATE balances SET total = 0";

/** Records a write and its effect, in the transaction of the caller. A repetition of the same write has no effect. */
export async function recordWrite(connection: ClientBase, client: number, n: number): Promise<void> {
  const added = await connection.query("INSERT INTO ledger VALUES ($1, $2) ON CONFLICT DO NOTHING", [client, n]);
  if (added.rowCount === 1) await connection.query("UPDATE balances SET total = total + 1 WHERE client = $1", [client]);
}

/** Returns the number of writes that had an effect. */
export async function readTotal(connection: ClientBase | Pool, client: number): Promise<number> {
  const { rows } = await connection.query("SELECT total FROM balances WHERE client = $1", [client]);
  return rows[0].total;
}

export interface Balance {
  /** Writes that were acknowledged. */
  acknowledged: number;
  /** Acknowledged writes that are not there. */
  lost: number;
  /** Rows that nobody was told of. */
  unknown: number;
  /** Effects above one a row. */
  doubled: number;
  /** Reads that did not see what their client had been told. */
  stale: number;
}

/** What must hold, whatever failed. */
export const exact: Omit<Balance, "acknowledged"> = { lost: 0, unknown: 0, doubled: 0, stale: 0 };

/** Compares what clients were told with what the database has. */
export async function balance(connection: ClientBase, { acknowledged, stale }: Report): Promise<Balance> {
  const [clients, counts] = [Object.keys(acknowledged).map(Number), Object.values(acknowledged)];
  const { rows } = await connection.query(
    `WITH told AS (SELECT * FROM unnest($1::int[], $2::int[]) AS told(client, n)),
       present AS (SELECT count(*) AS rows FROM ledger JOIN told USING (client) WHERE ledger.n <= told.n)
     SELECT (SELECT coalesce(sum(n), 0) FROM told)::int AS acknowledged, present.rows::int AS present,
       (SELECT count(*) FROM ledger)::int AS rows, (SELECT sum(total) FROM balances)::int AS effects FROM present`,
    [clients, counts],
  );
  const { acknowledged: told, present, rows: all, effects } = rows[0];
  return { acknowledged: told, lost: told - present, unknown: all - present, doubled: effects - all, stale };
}
