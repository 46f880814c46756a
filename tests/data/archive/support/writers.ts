import { readFileSync } from "node:fs";
import { Client } from "pg";
import type { PooledServer } from "../../../long/support/pooler";

/** A write: when it was asked for, and when its commit was answered, in milliseconds since 1970. */
interface Write {
  asked: number;
  answered: number;
}

/** Writes rows 1, 2, 3 and so on, each in a transaction that also moves money between two accounts. */
class Writer {
  private readonly writes: Write[] = [];

  constructor(
    private readonly client: Client,
    private readonly number: number,
  ) {}

  async write(): Promise<void> {
    const asked = Date.now();
    const id = this.writes.length + 1;
    await this.client.query(
      `BEGIN; INSERT INTO ledger VALUES (${this.number}, ${id}, md5(random()::text));
       UPDATE accounts SET balance = balance + ${id} WHERE id = ${2 * this.number};
       UPDATE accounts SET balance = balance - ${id} WHERE id = ${2 * this.number + 1}; COMMIT`,
    );
    this.writes.push({ asked, answered: Date.now() });
  }

  get count(): string {
    return `SELECT count(*) FROM ledger WHERE writer = ${this.number}`;
  }

  /** Query of a checksum of the first rows, or of all if there are fewer. */
  checksum(rows: number): string {
    return `SELECT md5(string_agg(id || text, ',' ORDER BY id)) FROM ledger WHERE writer = ${this.number} AND id <= ${rows}`;
  }

  /** Rows that the server had answered before a time. */
  answered(to: Date): number {
    return this.writes.filter(({ answered }) => answered < to.getTime()).length;
  }

  /** Rows that were asked for until a time. */
  asked(to: Date): number {
    return this.writes.filter(({ asked }) => asked <= to.getTime()).length;
  }

  get total(): number {
    return this.writes.length;
  }
}

/** Clients that write at the same time. */
export class Writers {
  private constructor(
    readonly all: Writer[],
    private readonly clients: Client[],
  ) {}

  static async start(server: PooledServer, count: number): Promise<Writers> {
    const clients = Array.from({ length: count }, () => {
      const ssl = { ca: readFileSync(server.tls.ca), servername: "localhost" };
      const { postgres: password } = server.passwords;
      const address = { host: "127.0.0.1", port: server.ports.server, user: "postgres", password, database: "app" };
      // A server that is killed ends its clients' connections.
      return new Client({ ...address, ssl }).on("error", () => undefined);
    });
    await Promise.all(clients.map((client) => client.connect()));
    await clients[0]?.query(
      `CREATE TABLE ledger (writer int, id int, text text, PRIMARY KEY (writer, id));
       CREATE TABLE accounts AS SELECT n AS id, 0::bigint AS balance FROM generate_series(0, ${2 * count - 1}) n`,
    );
    return new Writers(
      clients.map((client, number) => new Writer(client, number)),
      clients,
    );
  }

  /** Each writes so many rows. */
  async write(rows: number): Promise<void> {
    await Promise.all(
      this.all.map(async (writer) => {
        for (let row = 0; row < rows; row++) await writer.write();
      }),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end().catch(() => undefined)));
  }
}
