import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, type TLSSocket } from "node:tls";
import { renderAuth, renderConfig } from "../../../components/redis/cluster/config";
import { serviceNames } from "../../../components/support/names";
import type { MemoryCgroup } from "./cgroup";

/** Host name of the node, as clients see it. */
export const host = "redis.data.svc.cluster.local";
export const password = "Correct0Horse1Battery2Staple3Abc";
export const previousPassword = "Earlier4Horse5Battery6Staple7Def";
export const script = join(__dirname, "../../../components/redis/cluster/valkey.sh");
export const missingServer = "skipped: needs valkey-server or redis-server (apt-get install redis-server), and openssl";

/** Paths of the commands: Valkey's, or Redis 7 as a fallback. */
export function findCommands(): Record<string, string> | undefined {
  const find = (command: string) =>
    spawnSync("sh", ["-c", `command -v ${command}`])
      .stdout.toString()
      .trim();
  for (const flavour of ["valkey", "redis"]) {
    const [server, cli] = [find(`${flavour}-server`), find(`${flavour}-cli`)];
    if (server && cli) return { "valkey-server": server, "valkey-cli": cli };
  }
  return undefined;
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });

/**
 * Returns a free port whose cluster bus port, 10,000 higher, is free too.
 * @param from  the first one to try
 */
export async function freePort(from = 20000 + (process.pid % 20000)): Promise<number> {
  for (let port = from; ; port++) {
    if ((await isFree(port)) && (await isFree(port + 10000))) return port;
  }
}

/**
 * Creates a CA and a server certificate like those of `CertificateAuthority`.
 * @param usage  of the certificate. Nodes of a larger cluster are each other's clients too.
 */
export function makeCertificates(folder: string, usage = "serverAuth"): void {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = [...serviceNames("redis", "data"), "localhost"].map((name) => `DNS:${name}`).join(",");
  writeFileSync(
    join(folder, "extensions"),
    `subjectAltName=${names}\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=${usage}\n`,
  );
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "1", "-subj", "/CN=authority");
  openssl("req", ...key, "-keyout", "tls.key", "-out", "tls.csr", "-subj", "/CN=redis");
  const authority = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "extensions"];
  openssl("x509", "-req", "-in", "tls.csr", ...authority, "-out", "tls.crt", "-days", "1");
}

/** Valkey, run by the start script on the rendered configuration. */
export class Valkey {
  /** Output since the last start. */
  log = "";
  private server: ChildProcess | undefined;

  private constructor(
    readonly folder: string,
    readonly port: number,
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** Returns a server that is not running yet, for a container of this size. Undefined where a command is missing. */
  static async create(memoryMiB: number): Promise<Valkey | undefined> {
    const commands = findCommands();
    if (!commands || spawnSync("openssl", ["version"]).status !== 0) return undefined;
    const folder = mkdtempSync(join(tmpdir(), "tierstack-redis-"));
    const file = (name: string) => join(folder, name);
    for (const part of ["bin", "data"]) mkdirSync(file(part));
    for (const [name, target] of Object.entries(commands)) install(folder, name, target);
    const port = await freePort();
    makeCertificates(folder);
    const files = {
      data: file("data"),
      auth: file("auth.conf"),
      authority: file("ca.crt"),
      certificate: file("tls.crt"),
      key: file("tls.key"),
    };
    writeFileSync(file("valkey.conf"), renderConfig({ hostname: host, port, memoryMiB, files }));
    const valkey = new Valkey(folder, port, {
      PATH: `${file("bin")}:${process.env.PATH}`,
      VALKEY_CONFIG: file("valkey.conf"),
      VALKEY_PORT: String(port),
      VALKEY_CA: files.authority,
      VALKEY_PASSWORD_FILE: file("password"),
    });
    valkey.setPasswords(password, previousPassword);
    return valkey;
  }

  /** Writes the files of the Secret that have passwords. The server reads them at its next start. */
  setPasswords(current: string, previous: string): void {
    writeFileSync(join(this.folder, "auth.conf"), renderAuth([current, previous]));
    writeFileSync(join(this.folder, "password"), current);
  }

  /** Returns the exit status of a probe. */
  probe(question: string): number | null {
    return spawnSync("sh", [script, question], { env: this.environment }).status;
  }

  /** Starts the script, in the cgroup if there is one, and waits until the server is ready. */
  async start(cgroup?: MemoryCgroup): Promise<void> {
    const started = this.launch(this.environment, cgroup);
    for (let tries = 0; this.probe("ready") !== 0; tries++) {
      if (tries > 100 || started.exitCode !== null) throw new Error(`the server is not ready:\n${this.log}`);
      await sleep(100);
    }
  }

  /** Starts the script without waiting for the server. */
  launch(env: NodeJS.ProcessEnv, cgroup?: MemoryCgroup): ChildProcess {
    this.log = "";
    const [command, words] = cgroup?.command("sh", [script, "start"]) ?? ["sh", [script, "start"]];
    // A separate process group, so that killing the script always kills the server too.
    const started = spawn(command, words, { env, detached: true });
    cgroup?.add(started.pid);
    for (const stream of [started.stdout, started.stderr]) {
      stream.on("data", (text) => {
        this.log += text;
      });
    }
    this.server = started;
    return started;
  }

  /** Signals the script, as the kubelet does. SIGKILL also kills the server, like the loss of a node. */
  async stop(signal: NodeJS.Signals): Promise<number | null> {
    const stopped = this.server as ChildProcess;
    this.server = undefined;
    if (stopped.exitCode !== null) return stopped.exitCode;
    const ended = new Promise<number | null>((resolve) => stopped.once("close", resolve));
    process.kill(signal === "SIGKILL" ? -(stopped.pid as number) : (stopped.pid as number), signal);
    return ended;
  }

  /** Kills what runs, and removes the folder. */
  async remove(): Promise<void> {
    if (this.server) await this.stop("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  cli(...command: string[]): string {
    const options = ["-c", "--tls", "--cacert", join(this.folder, "ca.crt"), "-h", "localhost"];
    const env = { ...this.environment, REDISCLI_AUTH: password, VALKEYCLI_AUTH: password };
    return execFileSync("valkey-cli", [...options, "-p", String(this.port), ...command], { env, stdio: "pipe" })
      .toString()
      .trim();
  }

  /** Returns the fields of an answer in the format of INFO. */
  fields(...command: string[]): Record<string, string> {
    const lines = this.cli(...command).split(/\r?\n/);
    return Object.fromEntries(lines.map((line) => line.split(":")));
  }

  /** Connects with TLS to a host name. */
  connect(servername: string, ready: (socket: TLSSocket) => void): TLSSocket {
    const ca = readFileSync(join(this.folder, "ca.crt"));
    const socket = connect({ host: "localhost", port: this.port, servername, ca }, () => ready(socket));
    return socket;
  }
}

/** Puts a wrapper on the PATH that logs its arguments: a running server rewrites its command line. */
function install(folder: string, name: string, target: string): void {
  const note = `printf '%s\\n' '${name}' "$@" >>'${join(folder, "calls")}'`;
  const environ = name === "valkey-server" ? `env >>'${join(folder, "calls")}'` : ":";
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${note}\n${environ}\nexec '${target}' "$@"\n`, { mode: 0o755 });
}
