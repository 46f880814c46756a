import { lookup } from "node:dns/promises";
import { Client } from "pg";
import { readCa } from "./database";
import type { HandoverEnvironment } from "./environment";
import { log } from "./steps";

/** One PgBouncer. */
export interface Pod {
  address: string;
  port: number;
  servername: string;
}

export const nameOf = ({ address, port }: Pod) => `${address}:${port}`;

/** A PgBouncer as its console reports it. */
export interface PodState {
  pod: string;
  /** The configuration file of its last RELOAD. */
  file: string;
  /** Databases whose clients wait. */
  paused: string[];
}

type Row = Record<string, string>;

/** Connects to the console of a PgBouncer. */
async function openConsole(pod: Pod, environment: HandoverEnvironment): Promise<Client> {
  const client = new Client({
    host: pod.address,
    port: pod.port,
    user: environment.POOLER_USER,
    password: environment.POOLER_PASSWORD,
    database: "pgbouncer",
    ssl: { ca: readCa(environment.POOLER_CA), servername: pod.servername },
    connectionTimeoutMillis: 3000,
    // PgBouncer's console keeps none of them, and refuses unknown ones.
    keepAlive: true,
  });
  client.on("error", (error) => log("console-lost", { pod: nameOf(pod), message: error.message }));
  await client.connect();
  return client;
}

/** The PgBouncers behind the names. */
export async function findPods({ POOLERS, POOLER_SERVERNAME }: HandoverEnvironment): Promise<Pod[]> {
  const found = await Promise.all(
    POOLERS.map(async (entry) => {
      const [host = "", port] = entry.split(":");
      const addresses = await lookup(host, { all: true, family: 4 });
      return addresses.map(({ address }) => ({ address, port: Number(port), servername: POOLER_SERVERNAME ?? host }));
    }),
  );
  return found.flat();
}

/** The open console of a PgBouncer, with a connection for each PAUSE, which is only answered once clients wait. */
export class Console {
  private constructor(
    readonly pod: Pod,
    private readonly environment: HandoverEnvironment,
    private readonly client: Client,
    private readonly pausers: Client[],
  ) {}

  /** Opens a console. `pausing` opens what `pause` needs. */
  static async open(pod: Pod, environment: HandoverEnvironment, pausing = false): Promise<Console> {
    const databases = pausing ? environment.POOLED_DATABASES : [];
    const [client, ...pausers] = await Promise.all(["", ...databases].map(() => openConsole(pod, environment)));
    return new Console(pod, environment, client as Client, pausers);
  }

  private async ask(command: string): Promise<Row[]> {
    return (await this.client.query<Row>(command)).rows;
  }

  /** Resolves once no client of the pooled databases is in a transaction. */
  async pause(): Promise<void> {
    const { POOLED_DATABASES } = this.environment;
    await Promise.all(POOLED_DATABASES.map((database, at) => this.pausers[at]?.query(`PAUSE ${database}`)));
  }

  /** Disconnects the clients of the session pool. New ones wait until `resume`. */
  async killSessions(): Promise<void> {
    await this.ask(`KILL ${this.environment.SESSION_DATABASE}`);
  }

  /** Process IDs, on the server, of the session pool's connections. */
  async sessions(): Promise<number[]> {
    const rows = await this.ask("SHOW SERVERS");
    return rows
      .filter(({ database }) => database === this.environment.SESSION_DATABASE)
      .map((row) => Number(row.remote_pid));
  }

  async state(): Promise<PodState> {
    const config = await this.ask("SHOW CONFIG");
    const databases = await this.ask("SHOW DATABASES");
    const { POOLED_DATABASES, SESSION_DATABASE } = this.environment;
    const ours = [...POOLED_DATABASES, SESSION_DATABASE];
    return {
      pod: nameOf(this.pod),
      file: config.find(({ key }) => key === "conffile")?.value ?? "",
      paused: databases
        .filter(({ name, paused }) => ours.includes(name as string) && Number(paused) > 0)
        .map(({ name }) => name as string),
    };
  }

  /** Reads a configuration file, and lets the clients go on. */
  async move(file: string): Promise<void> {
    await this.ask(`SET conffile = '${file}'`);
    await this.ask("RELOAD");
    await this.resume();
  }

  async resume(): Promise<void> {
    const { paused } = await this.state();
    for (const database of paused) await this.ask(`RESUME ${database}`);
  }

  /** Breaks the connections: a PAUSE in progress is never answered once its database was resumed. */
  close(): void {
    for (const client of [this.client, ...this.pausers]) {
      client.removeAllListeners("error").on("error", () => undefined);
      (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    }
  }
}
