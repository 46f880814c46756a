import { Pool, type PoolClient, type QueryResult, types } from "pg";
import { connectionLifetimeSeconds } from "../../contract/pooling";
import type { Config } from "../config";
import { Unavailable } from "../failures";
import { type Metrics, timed } from "../telemetry/metrics";
import { span } from "../telemetry/traces";
import type { Lsn } from "./lsn";

/** Waits of a caller, in milliseconds. PgBouncer itself holds a query for up to 30 s, longer than a visitor waits. */
const waits = { connect: 3000, query: 10_000 } as const;

// Sums and counts arrive as numbers: the workload's fit into 53 bits.
types.setTypeParser(types.builtins.INT8, Number);

export type Client = Pick<PoolClient, "query">;
type Work<T> = (client: Client) => Promise<T>;

export interface ReadOptions {
  /** Reads from the primary. @default false: a replica may answer, and lag behind */
  fresh?: boolean;
  /** Reads from a replica only if it has replayed this LSN, else from the primary. @default any replica will do */
  after?: Lsn | undefined;
}

const replayed = "SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= $1::pg_lsn AS replayed";

/**
 * Postgres behind PgBouncer: one small pool a process for each URL, since PgBouncer shares its own among all processes. A transaction may get another
 * server connection than the one before, so nothing here outlives a transaction: no `SET`, no session lock, no `LISTEN`.
 */
export class Database {
  private readonly pools: Record<"primary" | "read", Pool>;

  constructor(
    config: Pick<Config, "DATABASE_URL" | "DATABASE_READ_URL" | "DATABASE_POOL_SIZE">,
    private readonly metrics?: Metrics,
  ) {
    const pool = (connectionString: string) =>
      new Pool({
        connectionString,
        max: config.DATABASE_POOL_SIZE,
        connectionTimeoutMillis: waits.connect,
        // Of this process. PgBouncer refuses `statement_timeout`, which would be a parameter of the connection.
        query_timeout: waits.query,
        // So that a PgBouncer pod that leaves has no client any more, and a new one gets its share.
        maxLifetimeSeconds: connectionLifetimeSeconds,
        idleTimeoutMillis: 30_000,
      })
        // Of a connection without a caller. The pool has dropped it already; the next caller gets another.
        .on("error", () => {});
    this.pools = { primary: pool(config.DATABASE_URL), read: pool(config.DATABASE_READ_URL) };
    metrics?.watchPools(this.pools);
  }

  /**
   * Runs a transaction on the primary, and commits it.
   * @param committed  gets an LSN that is not before the commit
   * @throws Unavailable  when the database cannot be reached or refuses writes. The transaction may have been committed
   *   if that happens while it commits.
   */
  write<T>(work: Work<T>, committed?: (lsn: Lsn) => Promise<void> | void): Promise<T> {
    return this.use("primary", async (client) => {
      let lsn: Lsn | undefined;
      const result = await transaction(client, "BEGIN", work, async () => {
        // One message, so that PgBouncer gives both statements the same server.
        const answers = await client.query("COMMIT; SELECT pg_current_wal_insert_lsn()::text AS lsn");
        const [{ command }, current] = answers as unknown as [QueryResult, QueryResult<{ lsn: Lsn }>];
        // What Postgres does where a statement failed and `work` went on.
        if (command !== "COMMIT") throw new Error("the transaction was rolled back: one of its statements failed");
        lsn = current.rows[0]?.lsn;
      });
      if (lsn !== undefined) await committed?.(lsn);
      return result;
    });
  }

  /**
   * Runs a read-only transaction, on a replica where there is one.
   * @throws Unavailable  when no server can be reached
   */
  async read<T>(work: Work<T>, { fresh = false, after }: ReadOptions = {}): Promise<T> {
    const onPrimary = () => this.use("primary", (client) => transaction(client, "BEGIN READ ONLY", work));
    if (fresh) return onPrimary();
    // A transaction, so that PgBouncer gives the check and the work the same server.
    const result = await this.use("read", (client) =>
      transaction(client, "BEGIN READ ONLY", async () => {
        if (after !== undefined && !(await client.query(replayed, [after])).rows[0]?.replayed) return behind;
        return work(client);
      }),
    );
    return result === behind ? onPrimary() : result;
  }

  /** Closes both pools once their connections are idle. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.pools).map((pool) => pool.end()));
  }

  private async use<T>(name: "primary" | "read", work: Work<T>): Promise<T> {
    return span(`database ${name}`, () =>
      timed(this.metrics?.databaseSeconds.labels(name), async () => {
        const client = await this.pools[name].connect().catch((error) => {
          throw Unavailable.of(error, name) ?? error;
        });
        let broken = false;
        try {
          return await work(client);
        } catch (error) {
          // Without an SQLSTATE it is not the server that answered: what the connection does next is unknown.
          const unavailable = Unavailable.of(error, name);
          broken = unavailable !== undefined;
          throw unavailable ?? error;
        } finally {
          client.release(broken);
        }
      }),
    );
  }
}

/** What a replica says that has not replayed an LSN. */
const behind = Symbol("behind");

/**
 * Runs a transaction on a connection.
 * @param begin   the statement that begins it
 * @param commit  ends it. @default COMMIT
 */
export async function transaction<T>(
  client: Client,
  begin: string,
  work: Work<T>,
  commit: () => Promise<unknown> = () => client.query("COMMIT"),
): Promise<T> {
  await client.query(begin);
  try {
    const result = await work(client);
    await commit();
    return result;
  } catch (error) {
    // A connection that is gone cannot roll back; its server does.
    if (!Unavailable.of(error)) await client.query("ROLLBACK");
    throw error;
  }
}
