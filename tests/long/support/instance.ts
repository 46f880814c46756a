import { readFileSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CpuCgroup } from "./cgroup";
import type { Binaries, Outcome, Sandbox } from "./postgres";
import { stopped } from "./postgres";

export type Process = ReturnType<Sandbox["start"]>;

/** What the instances of one test have in common. */
export interface Installation {
  bin: Binaries;
  sandbox: Sandbox;
  /** libpq's variables for a user of the server on a port of localhost. */
  connection(port: number, user: string): Record<string, string>;
}

/** Waits until something is ready, for some seconds at most. */
export async function until(ready: () => boolean | Promise<boolean>, what: () => string, seconds = 15): Promise<void> {
  for (const end = performance.now() + 1000 * seconds; performance.now() < end; await sleep(100))
    if (await ready()) return;
  throw new Error(`not ready after ${seconds} seconds: ${what()}`);
}

/** PATH with all programs of PostgreSQL, as the image has it. */
export const programsPath = ({ postgres }: Binaries): string =>
  `${dirname(realpathSync(postgres))}:${process.env.PATH}`;

/** A Postgres: a data folder in the sandbox, and the process on it. */
export class Instance {
  private process: Process | undefined;

  /** @param settings  what differs from postgresql.conf */
  constructor(
    private readonly installation: Installation,
    readonly folder: string,
    readonly host: string,
    readonly port: number,
    private readonly settings: Record<string, string> = {},
  ) {}

  async start(): Promise<Process> {
    const { bin, sandbox } = this.installation;
    const settings = { config_file: sandbox.path("postgresql.conf"), ...this.settings };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const server = sandbox.start(bin.postgres, options, { PATH: programsPath(bin) });
    this.process = server;
    await until(() => this.ask("postgres", "postgres", "SELECT 1").status === 0, server.log);
    return server;
  }

  /** Gives the server so much of the CPU's time, until it stops. */
  limit(cgroup: CpuCgroup): void {
    cgroup.add(this.process?.pid);
  }

  log(): string {
    return this.process?.log() ?? "";
  }

  ask(user: string, database: string, sql: string): Outcome {
    const { bin, sandbox } = this.installation;
    return sandbox.run(bin.psql, ["-XAtq", "-d", database, "-c", sql], this.connection(user));
  }

  private connection(user: string): Record<string, string> {
    return { ...this.installation.connection(this.port, user), PGHOST: this.host };
  }

  /**
   * Returns a streaming copy of this instance, not started. The server's pg_hba.conf must let the superuser replicate.
   * @param name  of its folder, and the copy's `application_name`
   */
  copy(name: string, host: string, port: number): Instance {
    const { bin, sandbox } = this.installation;
    const folder = sandbox.path(name);
    const source = this.connection("postgres");
    sandbox.must(bin.pg_basebackup, ["-D", folder, "-X", "stream", "-c", "fast"], source);
    sandbox.write(`${name}/standby.signal`, "");
    const own = Object.entries({
      host: this.host,
      port: this.port,
      user: "postgres",
      password: source.PGPASSWORD,
      sslmode: "verify-full",
      sslrootcert: source.PGSSLROOTCERT,
      application_name: name,
    });
    return new Instance(this.installation, name, host, port, {
      data_directory: folder,
      listen_addresses: host,
      port: String(port),
      unix_socket_directories: "",
      primary_conninfo: own.map(([key, value]) => `${key}=${value}`).join(" "),
    });
  }

  /** Stops the server as its pod does: a fast shutdown. */
  async stop(): Promise<void> {
    if (this.process) await stopped(this.process, "SIGINT");
  }

  /** Ends every process of the server at once, as the loss of its host does. */
  async kill(): Promise<void> {
    const pid = this.process?.pid;
    if (!this.process || pid === undefined) return;
    // Stopped first, so that it starts no more.
    process.kill(pid, "SIGSTOP");
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
    for (const child of [...children.map(Number), pid])
      try {
        process.kill(child, "SIGKILL");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    await stopped(this.process);
  }

  /** Makes a copy a primary. Returns once it takes writes. */
  promote(): void {
    const { stdout, stderr } = this.ask("postgres", "postgres", "SELECT pg_promote()");
    if (stdout !== "t\n") throw new Error(`not promoted: ${stdout}${stderr}`);
  }
}
