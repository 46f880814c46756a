import { readFileSync } from "node:fs";
import { Client, type QueryResultRow } from "pg";
import { log } from "./steps";

/** Settings that make a value's text the same on both sides. Row security must fail, not hide rows. */
const settings = {
  timezone: "UTC",
  datestyle: "ISO",
  intervalstyle: "postgres",
  bytea_output: "hex",
  extra_float_digits: "3",
  search_path: "pg_catalog",
  row_security: "off",
  idle_in_transaction_session_timeout: "0",
  application_name: "handover",
  // A lost engine's connections end within half a minute, and its locks with them.
  tcp_keepalives_idle: "10",
  tcp_keepalives_interval: "5",
  tcp_keepalives_count: "3",
} as const;

/** Whether a server refused a statement: its errors have a code of five characters. Anything else, and a shutdown, is a lost connection. */
const isServerError = (error: unknown): boolean =>
  /^(?!08|57P)[0-9A-Z]{5}$/.test(String((error as { code?: string }).code));

export interface Limits {
  /** Milliseconds. @default none */
  statementTimeoutMs?: number;
}

/** Connects to a server. The connection ends with the first error of its socket. */
export async function connect(url: string, { statementTimeoutMs = 0 }: Limits = {}): Promise<Client> {
  const options = Object.entries({ ...settings, statement_timeout: String(statementTimeoutMs) })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
  const client = new Client({
    connectionString: url,
    options,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5000,
  });
  client.on("error", (error) => log("connection-lost", { message: error.message }));
  await client.connect();
  return client;
}

/** A connection that is made at its first use, and again after it was lost. For statements that may be repeated. */
export class Database {
  private client: Promise<Client> | undefined;

  constructor(private readonly url: string) {}

  async query<Row extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    this.client ??= connect(this.url).then((client) => {
      client.once("end", () => {
        this.client = undefined;
      });
      return client;
    });
    try {
      return (await (await this.client).query<Row>(sql, values)).rows;
    } catch (error) {
      if (!isServerError(error)) await this.close();
      throw error;
    }
  }

  async one<Row extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row> {
    const [row] = await this.query<Row>(sql, values);
    if (row === undefined) throw new Error(`no row: ${sql}`);
    return row;
  }

  async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.then((open) => open.end()).catch(() => undefined);
  }
}

export const readCa = (file: string): string => readFileSync(file, "utf8");
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
