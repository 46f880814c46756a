import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { ClientsArgs, Command, Event, Report } from "./protocol";

interface Member {
  process: ChildProcess;
  report: Promise<Report>;
}

/** Clients in processes of their own. */
export class Clients {
  private constructor(private readonly members: Member[]) {}

  /** Starts a process for each entry, and returns once every client is connected. */
  static async start(...processes: ClientsArgs[]): Promise<Clients> {
    const started = processes.map((args) => {
      const process = fork(join(__dirname, "client-process.ts"), { execArgv: ["--import", "tsx"] });
      const connected = new Promise<void>((resolve, reject) => {
        process.once("message", () => resolve());
        process.once("exit", (code) => reject(new Error(`a process of clients ended: ${code}`)));
      });
      process.send({ start: args } satisfies Command);
      const report = reportOf(process);
      // Of a process that is killed, nobody asks for it.
      report.catch(() => {});
      return { process, connected, report };
    });
    const clients = new Clients(started);
    try {
      await Promise.all(started.map(({ connected }) => connected));
    } catch (error) {
      clients.kill();
      throw error;
    }
    return clients;
  }

  /** Lets the clients work. */
  go(): void {
    this.tell("go");
  }

  /** Notes that something fails now. */
  fault(): void {
    this.tell("fault");
  }

  /** Returns what happened, once every client has finished what it was doing. */
  async stop(): Promise<Report> {
    this.tell("stop");
    return merged(await Promise.all(this.members.map(({ report }) => report)));
  }

  /** Ends the processes, whatever they do. */
  kill(): void {
    for (const { process } of this.members) process.kill("SIGKILL");
  }

  private tell(command: Command): void {
    for (const { process } of this.members) process.send(command);
  }
}

/** Returns the report of a process once it has ended. */
async function reportOf(process: ChildProcess): Promise<Report> {
  let report: Report | undefined;
  process.on("message", (event: Event) => {
    if (typeof event === "object") report = event.report;
  });
  await Promise.all([once(process, "exit"), once(process, "disconnect")]);
  if (!report) throw new Error("a process of clients ended without a report");
  return report;
}

function merged(reports: Report[]): Report {
  const errors: Record<string, number> = {};
  for (const [message, count] of reports.flatMap((report) => Object.entries(report.errors)))
    errors[message] = (errors[message] ?? 0) + count;
  const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0);
  const recovered = reports.flatMap(({ recoveredMs }) => recoveredMs ?? []);
  return {
    acknowledged: Object.assign({}, ...reports.map(({ acknowledged }) => acknowledged)),
    stale: sum(({ stale }) => stale),
    done: sum(({ done }) => done),
    errors,
    reads: { replica: sum(({ reads }) => reads.replica), primary: sum(({ reads }) => reads.primary) },
    slowestMs: Math.max(...reports.map(({ slowestMs }) => slowestMs)),
    ...(recovered.length > 0 && { recoveredMs: Math.max(...recovered) }),
  };
}
