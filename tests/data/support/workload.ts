/** The workload's programs as processes, on the stores of a test, with the environment that the stack sets. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { identifiers } from "../../../components/postgres/common/settings";
import type { plainVariables, storeVariables, Values } from "../../../contract/environment";
import { until } from "../../long/support/instance";
import type { PooledServer } from "../../long/support/pooler";
import { freePort, stopped } from "../../long/support/postgres";
import type { RedisCluster } from "../../long/support/redis-cluster";

const root = join(__dirname, "..", "..", "..");

/** Debian's Postgres has no pgvector. */
export type Environment = Values<typeof storeVariables> &
  Values<typeof plainVariables> & { PGSSLROOTCERT: string; SEARCH: "off" };

/** Returns what the stack sets in every container. */
export function environmentOf({ passwords, ports, tls, sandbox }: PooledServer, redis: RedisCluster): Environment {
  const url = (database: string) =>
    `postgres://app:${passwords.app}@localhost:${ports.pooler}/${database}?sslmode=verify-full`;
  // One file with the authorities of both stores: each test server has its own.
  const authorities = readFileSync(tls.ca, "utf8") + redis.ca;
  return {
    DATABASE_URL: url(identifiers.database),
    DATABASE_READ_URL: url(identifiers.readDatabase),
    DATABASE_DIRECT_URL: url(identifiers.sessionDatabase),
    REDIS_URL: redis.url,
    REDIS_CLUSTER: "true",
    PGSSLROOTCERT: tls.ca,
    NODE_EXTRA_CA_CERTS: sandbox.write("authorities.crt", authorities),
    SEARCH: "off",
  };
}

/** Returns the URLs of the stores for connections of the test's own process, whose Node.js does not know the authority. */
export function ownUrls(environment: Environment): Environment {
  const own = Object.entries(environment).map(([name, value]) => [
    name,
    name.startsWith("DATABASE") ? `${value}&sslrootcert=${environment.PGSSLROOTCERT}` : value,
  ]);
  return Object.fromEntries(own);
}

/** What an endpoint answers: an object in JSON, or a text. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  text: string;
}

/** A program of the workload, by its source. */
export type Program = "app.ts" | "maintain.ts" | "migrate.ts" | "seed.ts" | "switch.ts" | "worker.ts";

/** A process of the workload. */
export class WorkloadProcess {
  log = "";
  /** The exit code, once the whole log has been read. */
  readonly ended: Promise<number | null>;

  constructor(
    readonly process: ChildProcess,
    readonly port = 0,
  ) {
    for (const stream of [process.stdout, process.stderr]) stream?.on("data", (text) => (this.log += String(text)));
    this.ended = new Promise((resolve) => process.once("close", resolve));
  }

  /** Starts a program by its source. */
  static async start(program: Program, own: NodeJS.ProcessEnv, words: string[] = []): Promise<WorkloadProcess> {
    const port = await freePort();
    const env = { PATH: process.env.PATH, PORT: String(port), ...own };
    const args = ["--import", "tsx", join("workload", program), ...words];
    return new WorkloadProcess(spawn("node", args, { cwd: root, env }), port);
  }

  /** Waits until its readiness check succeeds. Throws where it ends before. */
  async ready(): Promise<void> {
    const what = () => `the process is not ready:\n${this.log}`;
    await until(
      async () => {
        if (this.process.exitCode !== null) throw new Error(what());
        return (await this.ask("/healthz").catch(() => undefined))?.status === 200;
      },
      what,
      60,
    );
  }

  async ask(
    path: string,
    { token, json, ...options }: RequestInit & { token?: string; json?: unknown } = {},
  ): Promise<Answer> {
    const headers = new Headers(options.headers);
    if (token) headers.set("authorization", `Bearer ${token}`);
    if (json !== undefined) headers.set("content-type", "application/json");
    const body = json === undefined ? undefined : JSON.stringify(json);
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { ...options, headers, body });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text.startsWith("{") ? JSON.parse(text) : {},
      text,
    };
  }

  /** Creates a user. Returns the session's token. */
  async join(name: string): Promise<string> {
    const json = { email: `${name}@example.com`, name };
    const { status, body } = await this.ask("/api/users", { method: "POST", json });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body.token as string;
  }

  /** Waits for its end. Throws where it fails. */
  async succeeded(): Promise<void> {
    if ((await this.ended) !== 0) throw new Error(this.log);
  }

  /** Sends SIGTERM, as the kubelet does. Returns the exit code. */
  stop(): Promise<number | null> {
    return stopped(this.process, "SIGTERM");
  }

  async kill(): Promise<void> {
    await stopped(this.process, "SIGKILL");
  }
}
