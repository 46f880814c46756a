import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { findCommands } from "../../long/support/valkey";

/** Every fault that the suite records, in the order of docs/data-path.md. */
export const faults = {
  restart: "the primary restarts",
  failover: "the primary is lost, its synchronous standby is promoted",
  replica: "the read replica is lost",
  databases: "the primary and its replica are lost",
  poolerRollout: "PgBouncer rolls out",
  poolerCrash: "a pod of PgBouncer crashes",
  redis: "Redis is lost",
  queueMaster: "the Redis master of a queue is lost",
  queueData: "Redis loses the jobs of a queue",
  workersKilled: "every worker is killed",
  workersRollout: "the workers roll out",
  applicationStops: "a process of the application stops",
  move: "the move of jobs to another Redis is killed",
  handover: "a handover is killed",
} as const;

/** What a test saw of a fault, as docs/data-path.md shows it. */
export interface FaultResult {
  fault: (typeof faults)[keyof typeof faults];
  /** What callers saw. */
  saw: string;
  /** Seconds from the fault to the first answer to work that began after it, or to the last error if that is later. */
  recoveredSeconds?: number;
  /** What was acknowledged to callers, such as writes or jobs. */
  acknowledged: number;
  /** What of it was lost. */
  lost: number;
  /** Where it was seen: date, machine and versions. */
  measured: string;
}

/** Results of the last run with TIERSTACK_RECORD=true. */
const faultsFile = join(__dirname, "../../../docs/measured/faults.json");

/** Returns the recorded results of the faults that there are, in their order. */
export function recordedFaults(): FaultResult[] {
  const recorded: FaultResult[] = existsSync(faultsFile) ? JSON.parse(readFileSync(faultsFile, "utf8")) : [];
  return Object.values(faults).flatMap((name) => recorded.find(({ fault }) => fault === name) ?? []);
}

/** Prints a result. With TIERSTACK_RECORD=true, writes it to the file in place of an earlier one of that fault. */
export function recordFault(result: FaultResult): void {
  const { fault, saw, recoveredSeconds, acknowledged, lost } = result;
  const again = recoveredSeconds === undefined ? "" : `, recovered after ${recoveredSeconds} s`;
  console.log(`      ${fault}: ${saw}${again}; ${acknowledged} acknowledged, ${lost} lost`);
  if (process.env.TIERSTACK_RECORD !== "true") return;
  const all = [...recordedFaults().filter((earlier) => earlier.fault !== fault), result];
  mkdirSync(dirname(faultsFile), { recursive: true });
  writeFileSync(faultsFile, `${JSON.stringify(all, null, 2)}\n`);
}

/** Milliseconds as the seconds that are shown. */
export const seconds = (ms: number) => Number((ms / 1000).toFixed(1));

/** Starts the clock at a fault. Returns a function that tells the seconds since. */
export function sinceFault(): () => number {
  const begin = performance.now();
  return () => seconds(performance.now() - begin);
}

/** Returns today's date, the machine's size and the versions of programs, such as `PostgreSQL 15.1`. */
export function measuredNow(...versions: string[]): string {
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} cores, ${Math.round(totalmem() / 1024 ** 3)} GiB`;
  return [date, machine, ...versions, `Node.js ${process.versions.node}`].join("; ");
}

/** Returns the version of the installed Valkey or Redis. */
export function redisVersion(): string {
  const command = findCommands()?.["valkey-server"] ?? "redis-server";
  const said = execFileSync(command, ["--version"], { encoding: "utf8" });
  return `${said.split(" ")[0]} ${/v=([\d.]+)/.exec(said)?.[1]}`;
}

/** Returns the version of an installed PostgreSQL, by the path of its server. */
export function postgresVersion(program: string): string {
  return `PostgreSQL ${/\d+\.\d+/.exec(execFileSync(program, ["--version"], { encoding: "utf8" }))?.[0]}`;
}
