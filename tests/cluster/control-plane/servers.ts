import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Returns a free loopback port. Another process can take it before it is used, so callers must retry. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Polls until the result is not undefined, and returns it. Throws on a timeout, with `what` in the message. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  { seconds = 60, every = 200, alive = () => {} }: { seconds?: number; every?: number; alive?: () => void } = {},
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let failure: unknown;
  while (Date.now() < deadline) {
    alive();
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
  const why = failure instanceof Error ? `: ${failure.message}` : "";
  throw new Error(`timed out after ${seconds} s waiting for ${what}${why}`);
}

/** Servers in a temporary folder. When the parent process exits or is killed, they stop and the folder is removed. */
export class Servers {
  readonly folder = mkdtempSync(join(tmpdir(), "tierstack-cluster-"));
  private readonly guard: ChildProcess;
  private readonly exits = new Map<string, string>();
  private readonly started = new Map<string, number>();
  private readonly expected = new Set<string>();
  /** How to start a server again that ended by itself, and how often still. */
  private readonly again = new Map<string, { order: object; left: number }>();

  constructor() {
    // A separate process group: Ctrl-C reaches only the test, which then releases the guard.
    this.guard = spawn(process.execPath, [join(__dirname, "guard.cjs"), this.folder], {
      detached: true,
      stdio: ["pipe", "pipe", "inherit"],
    });
    // Ignores the error of a guard that has already exited.
    this.guard.stdin?.on("error", () => {});
    this.guard.unref();
    (this.guard.stdin as unknown as { unref(): void }).unref();
    (this.guard.stdout as unknown as { unref(): void }).unref();
    const messages = createInterface({ input: this.guard.stdout as NodeJS.ReadableStream });
    messages.on("line", (line) => {
      const { started, exited } = JSON.parse(line);
      if (started) this.started.set(started.name, started.pid);
      if (exited && !this.startedAgain(exited.name)) this.exits.set(exited.name, String(exited.code));
    });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  private order(message: object): void {
    this.guard.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  /** Returns the process ID of a server. */
  pidOf(name: string): Promise<number> {
    return until(`the process of ${name}`, () => this.started.get(name), { every: 20 });
  }

  /** @param restarts  how often it is started again after it ended by itself, as a kubelet would. @default never */
  start(name: string, command: string, args: string[], { restarts = 0 }: { restarts?: number } = {}): void {
    this.exits.delete(name);
    this.expected.delete(name);
    const order = { start: { name, command, args, log: this.path(`${name}.log`) } };
    this.again.set(name, { order, left: restarts });
    this.order(order);
  }

  private startedAgain(name: string): boolean {
    const again = this.again.get(name);
    if (!again || again.left === 0 || this.expected.has(name)) return false;
    again.left--;
    this.order(again.order);
    return true;
  }

  /** Kills a server, like a crash, and waits until it has exited. */
  async kill(name: string): Promise<void> {
    this.expected.add(name);
    this.order({ kill: { name, signal: "SIGKILL" } });
    await until(`the end of ${name}`, () => this.exits.get(name), { every: 20 });
  }

  /** Throws if a server exited without being killed by the test, with the last lines of its log. */
  check(): void {
    for (const [name, code] of this.exits)
      if (!this.expected.has(name)) throw new Error(`${name} exited with ${code}:\n${this.tail(name)}`);
  }

  /** Returns the last lines of a server's log. */
  tail(name: string, lines = 15): string {
    try {
      return readFileSync(this.path(`${name}.log`), "utf8")
        .split("\n")
        .slice(-lines)
        .join("\n");
    } catch {
      return "(no output)";
    }
  }

  /** Stops all servers, and waits until they have exited. */
  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.guard.on("exit", resolve));
    this.guard.ref();
    this.guard.stdin?.end();
    if (this.guard.exitCode === null && this.guard.signalCode === null) await gone;
  }
}
