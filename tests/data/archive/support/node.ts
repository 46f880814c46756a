import { spawn, spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import { archiveScript } from "../../../../components/postgres/archive/settings";
import { folders } from "../../../../components/postgres/cluster/config";
import { nodeBackups } from "../../../../components/postgres/dumps/node-backups";
import { programsPath } from "../../../long/support/instance";
import type { PooledServer } from "../../../long/support/pooler";
import type { Outcome, Sandbox } from "../../../long/support/postgres";
import { type Bucket, bucketName } from "./bucket";

const program = "/usr/local/sbin/tierstack-backup";
export const metricsNamespace = "shop/mvp";

/** Words before a command that make it run as the user of the server, as `kubectl exec` does in its container. */
export const asServer = ({ user: { uid, gid } }: Pick<Sandbox, "user">): string =>
  uid === undefined ? "" : `setpriv --reuid=${uid} --regid=${gid} --clear-groups`;

/** A process with what it starts. */
class Group {
  private readonly child;
  private text = "";

  constructor([command, ...words]: [string, ...string[]], env: Record<string, string>) {
    this.child = spawn(command, words, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on("data", (data) => (this.text += String(data)));
  }

  log(): string {
    return this.text;
  }

  /** Ends every process of the group at once. */
  kill(): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** The node of a server: its program, with the AWS CLI and in place of kubectl and systemctl programs that do the same here. */
export class Node {
  private readonly path: string;
  /** Where the names of the files begin that are locked while the unit of a backup runs. */
  private readonly unit: string;
  private readonly env: Record<string, string>;
  private sender: Group | undefined;

  constructor(
    private readonly server: PooledServer,
    bucket: Bucket,
  ) {
    const { sandbox, bin, ports } = server;
    const { files } = nodeBackups({
      region: "us-east-1",
      bucket: bucketName,
      bucketArn: `arn:aws:s3:::${bucketName}`,
      namespace: "data",
      metrics: metricsNamespace,
    });
    const script = files[program] as string;
    this.path = sandbox.write(
      "backup",
      script
        .replaceAll(`${folders.config}/${archiveScript}`, sandbox.path(archiveScript))
        .replace("/var/lib/tierstack-data/made-", sandbox.path("made-")),
    );
    this.unit = sandbox.path("unit-");
    sandbox.mkdir("bin");
    const as = asServer(sandbox);
    const held = `[[ -z \${HELD:-} ]] || { ${as} "$@" | { head -c 1000000; sleep 600; }; exit; }`;
    this.program("k3s", `until [[ $1 == -- ]]; do shift; done\nshift\ncd ${sandbox.folder}\n${held}\nexec ${as} "$@"`);
    this.program(
      "systemctl",
      // A unit that runs is not started again, and the two of them run one after the other.
      `kind=\${3#*@} kind=\${kind%.service}
setsid flock -n ${this.unit}$kind flock ${sandbox.path("lock")} ${this.path} $kind >>${sandbox.path("units")} 2>&1 &`,
    );
    chmodSync(this.path, 0o755);
    this.env = {
      ...bucket.env,
      PATH: `${sandbox.path("bin")}:${dirname(bucket.program)}:${programsPath(bin)}`,
      PGHOST: sandbox.folder,
      PGPORT: String(ports.server),
    };
  }

  private program(name: string, body: string): void {
    chmodSync(this.server.sandbox.write(`bin/${name}`, `#!/bin/bash\n${body}\n`), 0o755);
  }

  /** Starts to send the log, and goes on whatever happens, as systemd does. */
  startSending(): void {
    const loop = `until ${this.path} wal; do sleep 0.5; done`;
    this.sender = new Group(["bash", "-c", loop], this.env);
  }

  /** What the sender said. */
  log(): string {
    return this.sender?.log() ?? "";
  }

  stopSending(): void {
    this.sender?.kill();
    this.sender = undefined;
  }

  /** Whether a base backup is being made that nobody waits for. */
  makesBase(): boolean {
    return spawnSync("flock", ["-n", `${this.unit}base`, "true"]).status !== 0;
  }

  /** Makes a backup. */
  run(kind: "dump" | "base"): Outcome {
    const { status, stdout, stderr } = spawnSync("bash", [this.path, kind], { env: this.env, encoding: "utf8" });
    return { status, stdout, stderr };
  }

  /** Starts to make a backup, in a group of processes of its own. It comes to a stand after a megabyte. */
  start(kind: "base"): Group {
    return new Group(["bash", this.path, kind], { ...this.env, HELD: "true" });
  }
}
