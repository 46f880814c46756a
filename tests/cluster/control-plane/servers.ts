import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A free port of the loopback. Somebody else may take it before it is used; whoever starts a server tries again. */
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

/** Repeats a question until its answer is not undefined. `what` names what is waited for in the error. */
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
  throw new Error(`waited ${seconds} s in vain for ${what}${why}`);
}

/** Servers in a folder of their own. They end, and the folder goes, with the process that started them, even when that
 * is killed. */
export class Servers {
  readonly folder = mkdtempSync(join(tmpdir(), "tierstack-cluster-"));
  private readonly guard: ChildProcess;
  private readonly exits = new Map<string, string>();
  private readonly started = new Map<string, number>();
  private readonly expected = new Set<string>();

  constructor() {
    // A group of its own: an interrupt at the terminal is for the test, which then lets go of the guard.
    this.guard = spawn(process.execPath, [join(__dirname, "guard.cjs"), this.folder], {
      detached: true,
      stdio: ["pipe", "pipe", "inherit"],
    });
    // A guard that is gone cannot be told to end.
    this.guard.stdin?.on("error", () => {});
    this.guard.unref();
    (this.guard.stdin as unknown as { unref(): void }).unref();
    (this.guard.stdout as unknown as { unref(): void }).unref();
    const messages = createInterface({ input: this.guard.stdout as NodeJS.ReadableStream });
    messages.on("line", (line) => {
      const { started, exited } = JSON.parse(line);
      if (started) this.started.set(started.name, started.pid);
      if (exited) this.exits.set(exited.name, String(exited.code));
    });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  private order(message: object): void {
    this.guard.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  /** Process of a server. */
  pidOf(name: string): Promise<number> {
    return until(`the process of ${name}`, () => this.started.get(name), { every: 20 });
  }

  start(name: string, command: string, args: string[]): void {
    this.exits.delete(name);
    this.expected.delete(name);
    this.order({ start: { name, command, args, log: this.path(`${name}.log`) } });
  }

  /** Kills a server at once, as a crash would, and waits until it is gone. */
  async kill(name: string): Promise<void> {
    this.expected.add(name);
    this.order({ kill: { name, signal: "SIGKILL" } });
    await until(`the end of ${name}`, () => this.exits.get(name), { every: 20 });
  }

  /** Throws when a server has ended that nobody killed, with the last lines of its log. */
  check(): void {
    for (const [name, code] of this.exits)
      if (!this.expected.has(name)) throw new Error(`${name} ended with ${code}:\n${this.tail(name)}`);
  }

  /** Last lines of a server's log. */
  tail(name: string, lines = 15): string {
    try {
      return readFileSync(this.path(`${name}.log`), "utf8")
        .split("\n")
        .slice(-lines)
        .join("\n");
    } catch {
      return "(it wrote nothing)";
    }
  }

  /** Ends everything, and waits for it. */
  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.guard.on("exit", resolve));
    this.guard.ref();
    this.guard.stdin?.end();
    if (this.guard.exitCode === null && this.guard.signalCode === null) await gone;
  }
}
