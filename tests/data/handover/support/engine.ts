import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "../../../../handover/commands";
import { Database } from "../../../../handover/database";
import type { HandoverVariables } from "../../../../handover/environment";
import type { Step } from "../../../../handover/steps";
import { size } from "../../support/full";

const root = join(__dirname, "../../../..");
const built = join(root, ".cache", `handover-${process.pid}`);
let isBuilt = false;

/** Builds the engine as its image does, once a process. */
function program(): string {
  if (!isBuilt) {
    execFileSync(process.execPath, [
      join(root, "node_modules/typescript/bin/tsc"),
      "-p",
      join(root, "handover/tsconfig.build.json"),
      "--outDir",
      built,
    ]);
    isBuilt = true;
  }
  return join(built, "handover/main.js");
}

/** Removes the build. */
export function removeBuild(): void {
  rmSync(built, { recursive: true, force: true });
  isBuilt = false;
}

/** The engine's variables. PATH leads to the newest PostgreSQL client's programs, as in its image. @default the test's */
export type EngineVariables = HandoverVariables & { PATH?: string };

export interface Ended {
  /** Undefined where a signal ended it. */
  code: number | undefined;
  stdout: string;
  stderr: string;
}

/** A running command of the engine. */
export class EngineProcess {
  readonly ended: Promise<Ended>;
  private stdout = "";
  private stderr = "";

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on("data", (text) => {
      this.stdout += text;
    });
    child.stderr?.on("data", (text) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) =>
      child.once("close", (code) => resolve({ code: code ?? undefined, stdout: this.stdout, stderr: this.stderr })),
    );
  }

  /** @param crashAt  the step at which it kills itself */
  static start(command: Command, variables: EngineVariables, crashAt?: Step): EngineProcess {
    const env = { PATH: process.env.PATH, ...variables, ...(crashAt && { HANDOVER_CRASH_AT: crashAt }) };
    return new EngineProcess(
      spawn(process.execPath, [program(), command], {
        env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])),
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
  }

  log(): string {
    return this.stdout + this.stderr;
  }

  /** Waits until its log names an event. */
  async until(event: string): Promise<void> {
    for (let attempt = 0; !this.log().includes(`"event":"${event}"`); attempt++) {
      if (attempt > 1200 || this.child.exitCode !== null) throw new Error(`no ${event}:\n${this.log()}`);
      await sleep(50);
    }
  }

  /** Ends it as the kubelet does. Returns its exit code. */
  async stop(): Promise<number | undefined> {
    this.child.kill("SIGTERM");
    return (await this.ended).code;
  }

  /** Ends it as `kill -9` does, if it still runs. */
  async kill(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGKILL");
    await this.ended;
  }
}

/** Returns the status, once the sides were compared after the last switch. */
export async function compared(variables: EngineVariables) {
  for (let attempt = 0; attempt < size(6_000, 600); attempt++) {
    const status = JSON.parse((await EngineProcess.start("status", variables).ended).stdout);
    if (status.details.verified && !status.details.verified.pending) return status;
    await sleep(100);
  }
  throw new Error("the sides are not compared");
}

/** Waits until the ledger has a phase. */
export async function untilPhase(variables: EngineVariables, phase: string, engine: EngineProcess): Promise<void> {
  const target = new Database(variables.TARGET_URL);
  let over = false;
  engine.ended.then(() => {
    over = true;
  });
  try {
    // At full size the copy of millions of rows takes minutes.
    for (let attempt = 0; attempt < size(36_000, 1_200); attempt++) {
      const sql = "SELECT phase FROM handover.ledger";
      const [row] = await target.query<{ phase: string }>(sql).catch(() => []);
      if (row?.phase === phase) return;
      if (over) break;
      await sleep(50);
    }
    throw new Error(`the phase is not ${phase}:\n${engine.log()}`);
  } finally {
    await target.close();
  }
}
