import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { restoreScript } from "../../../../components/postgres/archive/settings";
import { folders } from "../../../../components/postgres/cluster/config";
import { restoreFolder, restoreName } from "../../../../components/postgres/restore/restore-pod";
import { AwsCli } from "../../../../ops/account/backups";
import { drills } from "../../../../ops/drills/drills";
import type { Ran, Reach, Workload } from "../../../../ops/reach/reach";
import { runProgram } from "../../../../ops/run";
import { programsPath } from "../../../long/support/instance";
import { Cluster } from "../../../ops/cluster";
import { captured, type Run } from "../../../support/captured";
import { noAccount } from "../../../support/no-account";
import type { Archived } from "./archived";

const script = resolve(__dirname, "../../../../components/postgres/archive/restore.sh");

/** Runs on this machine what pods would run: on the server of a suite, and in a folder in the place of the restore's pod. */
class Here implements Reach {
  constructor(
    private readonly archived: Archived,
    readonly folder: string,
  ) {}

  run({ name }: Workload, command: readonly string[], input?: Readable): Promise<Ran> {
    const { sandbox, bin, ports } = this.archived.server;
    const server = { PGHOST: sandbox.folder, PGPORT: String(ports.server) };
    const env = { PATH: programsPath(bin), ...(name !== restoreName && server) };
    const [program = "", ...words] = command.map((word) =>
      word
        .replaceAll(new RegExp(`(^| )${restoreFolder}(?=$| )`, "g"), `$1${this.folder}`)
        .replaceAll(`${folders.config}/${restoreScript}`, script),
    );
    const child = spawn(program, words, { ...sandbox.user, cwd: sandbox.folder, env, detached: true });
    const ran: Ran = { code: 1, stdout: "", stderr: "" };
    child.stdout.on("data", (text) => (ran.stdout += text));
    child.stderr.on("data", (text) => (ran.stderr += text));
    // As in a pod, the input has no end of its own.
    input?.pipe(child.stdin, { end: false });
    return new Promise((resolve) =>
      child.once("exit", (code) => {
        child.stdin.destroy();
        setImmediate(() => resolve({ ...ran, code: code ?? 1 }));
      }),
    );
  }

  async read() {
    return [];
  }
}

/** `npm run drill` on the servers of a suite, with an API server in memory. */
export class Drills {
  readonly cluster = new Cluster();
  private readonly reach: Here;

  constructor(private readonly archived: Archived) {
    this.reach = new Here(archived, archived.server.sandbox.mkdir("drill"));
    this.cluster.put("/apis/apps/v1/namespaces/data/statefulsets/postgres", {});
    this.cluster.onRemove = () => this.stop();
  }

  run(...argv: string[]): Promise<Run> {
    const { program, env } = this.archived.bucket;
    const account = { ...noAccount, backups: new AwsCli(program, { ...process.env, ...env }) };
    const namespaces = { app: "app", data: "data" };
    const world = {
      kube: this.cluster,
      reach: this.reach,
      account,
      cluster: "test",
      flags: "",
      namespaces,
      stack: undefined,
    };
    const outside = { connect: async () => world, confirm: async () => true };
    return captured(() => runProgram(drills, argv, process.cwd(), outside));
  }

  /** Ends the restored server, as the end of its pod does. */
  private stop(): void {
    const { sandbox, bin } = this.archived.server;
    const words = ["-D", join(this.reach.folder, "restored"), "-m", "immediate", "-w", "stop"];
    sandbox.run("pg_ctl", words, { PATH: programsPath(bin) });
  }
}
