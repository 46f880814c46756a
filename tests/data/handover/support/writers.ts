import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import type { Pair } from "./pair";

/** What writers need. Each write adds a row, and changes one of a few that all of them change. */
export const writersSchema = `
  CREATE TABLE IF NOT EXISTS writes (writer int NOT NULL, n int NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz DEFAULT now());
  CREATE TABLE IF NOT EXISTS balances (account int PRIMARY KEY, credits bigint NOT NULL);
  INSERT INTO balances SELECT i, 0 FROM generate_series(0, 9) i;`;

/** Clients of the PgBouncers that write one transaction after another, and note what was acknowledged. */
export class Writers {
  readonly acknowledged = new Set<string>();
  readonly errors: string[] = [];
  /** Milliseconds of each write. */
  readonly times: number[] = [];
  private stopping = false;
  private readonly pools: Pool[];
  private readonly running: Promise<void>[] = [];

  private constructor(pair: Pair, clients: number) {
    this.pools = pair.pods.map(
      ({ port }) =>
        new Pool({
          host: "127.0.0.1",
          port,
          user: "app",
          password: pair.source.passwords.app,
          database: "app",
          ssl: { ca: readFileSync(pair.source.tls.ca), servername: "localhost" },
          max: clients,
        }),
    );
    for (const pool of this.pools) pool.on("error", (error) => this.errors.push(error.message));
  }

  /** Starts clients on every PgBouncer in turn; resolves once each has written. */
  static async start(pair: Pair, clients = 6, pauseMs = 5): Promise<Writers> {
    const writers = new Writers(pair, clients);
    for (let writer = 0; writer < clients; writer++) writers.running.push(writers.write(writer, pauseMs));
    while (writers.acknowledged.size < clients * 2 && writers.errors.length === 0) await sleep(20);
    return writers;
  }

  private async write(writer: number, pauseMs: number): Promise<void> {
    const pool = this.pools[writer % this.pools.length] as Pool;
    for (let n = 0; !this.stopping; n++) {
      const start = performance.now();
      try {
        const client = await pool.connect();
        try {
          await client.query("BEGIN");
          await client.query("INSERT INTO writes (writer, n) VALUES ($1, $2)", [writer, n]);
          await client.query("UPDATE balances SET credits = credits + 1 WHERE account = $1", [n % 10]);
          await client.query("COMMIT");
          this.acknowledged.add(`${writer}:${n}`);
        } finally {
          client.release();
        }
      } catch (error) {
        this.errors.push((error as Error).message);
        await sleep(50);
      }
      this.times.push(performance.now() - start);
      await sleep(pauseMs);
    }
  }

  /** The longest write since the last call. */
  takeLongest(): number {
    const longest = this.times.reduce((most, time) => Math.max(most, time), 0);
    this.times.length = 0;
    return Math.round(longest);
  }

  /** Resolves after as many further writes, or an error. */
  async further(writes: number): Promise<void> {
    const goal = this.acknowledged.size + writes;
    while (this.acknowledged.size < goal && this.errors.length === 0) await sleep(100);
  }

  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    await Promise.all(this.running);
    await Promise.all(this.pools.map((pool) => pool.end()));
  }
}

/** What a side has of the writes: lost and doubled, against what was acknowledged. */
export function account(pair: Pair, side: "source" | "target", { acknowledged }: Writers) {
  const rows = pair.sql(side, "SELECT writer || ':' || n FROM public.writes").split("\n").filter(Boolean);
  const there = new Set(rows);
  return {
    lost: [...acknowledged].filter((write) => !there.has(write)).length,
    doubled: rows.length - there.size,
    unacknowledged: [...there].filter((write) => !acknowledged.has(write)).length,
    credits: Number(pair.sql(side, "SELECT sum(credits) FROM public.balances")) - rows.length,
  };
}

/** What an account is where nothing is missing. */
export const whole = { lost: 0, doubled: 0, unacknowledged: 0, credits: 0 };
