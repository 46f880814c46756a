import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Programs that the test needs, by name. */
export type Binaries = Record<(typeof programs)[number], string>;

const programs = ["postgres", "initdb", "pg_basebackup", "psql", "pgbench", "pgbouncer", "openssl"] as const;

const debian = "/usr/lib/postgresql";

function foldersOfPrograms(): string[] {
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : [];
  return [
    ...(process.env.PATH ?? "").split(":"),
    ...versions.map((version) => join(debian, version, "bin")),
    "/usr/sbin",
  ];
}

/** Returns the programs, or the names of the missing ones. PGBOUNCER overrides the installed PgBouncer. */
export function findBinaries(): { found: Binaries } | { missing: string[] } {
  const pairs = programs.map((name) => {
    const given = name === "pgbouncer" ? process.env.PGBOUNCER : undefined;
    return [
      name,
      given ??
        foldersOfPrograms()
          .map((folder) => join(folder, name))
          .find(existsSync),
    ] as const;
  });
  const missing = pairs.filter(([, path]) => path === undefined).map(([name]) => name);
  return missing.length > 0 ? { missing } : { found: Object.fromEntries(pairs) as Binaries };
}

/** What needs the programs: a suite, which skips itself where one is missing. */
export type Skippable = Pick<Mocha.Context, "skip">;

/** Returns the programs. Skips the suite, and says why, where one is missing. */
export function requireBinaries(suite: Skippable): Binaries {
  const binaries = findBinaries();
  if ("found" in binaries) return binaries.found;
  console.log(`    skipped: ${binaries.missing.join(", ")} not found (Debian: apt-get install postgresql pgbouncer)`);
  return suite.skip();
}

/** Returns the version of a PgBouncer, such as 1.25. */
export function pgbouncerVersion(binary: string): number {
  const text = execFileSync(binary, ["--version"], { encoding: "utf8" });
  const [, major, minor] = /PgBouncer (\d+)\.(\d+)/.exec(text) ?? [];
  return Number(major) + Number(minor) / 100;
}

export async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A temporary folder and the processes in it, which run as a user other than root. Removed at the end. */
export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), "tierstack-"));
  /** Of the processes: empty if it is this one's. */
  readonly user: { uid?: number; gid?: number };
  private readonly processes: ChildProcess[] = [];

  constructor() {
    // Postgres and PgBouncer refuse to run as root.
    const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
    this.user = process.getuid?.() === 0 ? { uid: id("-u"), gid: id("-g") } : {};
    this.own(this.folder, 0o755);
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  private own(path: string, mode: number): void {
    chmodSync(path, mode);
    if (this.user.uid !== undefined && this.user.gid !== undefined) chownSync(path, this.user.uid, this.user.gid);
  }

  mkdir(name: string): string {
    mkdirSync(this.path(name));
    this.own(this.path(name), 0o755);
    return this.path(name);
  }

  /** Whole or not at all, as a Secret's file changes: PgBouncer reads its users again whenever the file does. */
  write(name: string, content: string, mode = 0o644): string {
    const [path, next] = [this.path(name), this.path(`${name}.next`)];
    writeFileSync(next, content);
    this.own(next, mode);
    renameSync(next, path);
    return path;
  }

  run(command: string, args: string[], env: Record<string, string> = {}): Outcome {
    const { status, stdout, stderr } = spawnSync(command, args, {
      ...this.user,
      cwd: this.folder,
      encoding: "utf8",
      // The account of a long run has a line for each write.
      maxBuffer: 256 * 1024 * 1024,
      env: { PATH: process.env.PATH ?? "", ...env },
    });
    return { status, stdout, stderr };
  }

  /** Runs a program. Throws with its output if it fails. */
  must(command: string, args: string[], env?: Record<string, string>): string {
    const { status, stdout, stderr } = this.run(command, args, env);
    if (status !== 0) throw new Error(`${command} ${args.join(" ")}: exit ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  start(command: string, args: string[], env: Record<string, string> = {}): ChildProcess & { log: () => string } {
    let log = "";
    const child = spawn(command, args, {
      ...this.user,
      cwd: this.folder,
      env: { PATH: process.env.PATH ?? "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (log += String(data)));
    this.processes.push(child);
    return Object.assign(child, { log: () => log });
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((child) => stopped(child, "SIGQUIT")));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits for a process to exit; sends it a signal first, if given. */
export async function stopped(child: ChildProcess, signal?: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  if (signal) child.kill(signal);
  return exit;
}

/** Address of a read replica, on the primary's port. */
export const replicaHost = "127.0.0.2";

/** Writes a certificate authority, its certificate for localhost and the replica and a second certificate authority to the sandbox. */
export function certificates(sandbox: Sandbox, openssl: string) {
  const [ca, caKey, certificate, key, request] = ["ca.crt", "ca.key", "tls.crt", "tls.key", "tls.csr"].map((name) =>
    sandbox.path(name),
  ) as [string, string, string, string, string];
  const other = sandbox.path("other.crt");
  const extensions = sandbox.write("san.cnf", `subjectAltName=DNS:localhost,IP:${replicaHost}\n`);
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const selfSigned = (name: string, keyout: string, out: string) =>
    sandbox.must(openssl, [
      "req",
      "-x509",
      ...ec,
      "-keyout",
      keyout,
      "-out",
      out,
      "-subj",
      `/CN=${name}`,
      "-days",
      "1",
    ]);
  selfSigned("test", caKey, ca);
  selfSigned("other", sandbox.path("other.key"), other);
  sandbox.must(openssl, ["req", ...ec, "-keyout", key, "-out", request, "-subj", "/CN=localhost"]);
  const signed = ["-CA", ca, "-CAkey", caKey, "-CAcreateserial", "-days", "1", "-extfile", extensions];
  sandbox.must(openssl, ["x509", "-req", "-in", request, "-out", certificate, ...signed]);
  return { ca, certificate, key, other };
}
