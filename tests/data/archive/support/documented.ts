import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { programsPath } from "../../../long/support/instance";
import type { Outcome } from "../../../long/support/postgres";
import type { Archived } from "./archived";
import { bucketName } from "./bucket";
import { asServer } from "./node";
import { Restored } from "./restored";

const root = resolve(__dirname, "../../../..");
const page = readFileSync(join(root, "docs/backups.md"), "utf8");
const blocks = [...page.matchAll(/^ *```\n([\s\S]*?)^ *```$/gm)].map(([, block = ""]) =>
  block.replaceAll(/^ {3}/gm, ""),
);

/** Returns the commands of docs/backups.md that contain a text. */
export function commands(text: string): string {
  const found = blocks.filter((block) => block.includes(text));
  if (found.length !== 1) throw new Error(`docs/backups.md: ${found.length} blocks of commands have ${text}`);
  return found[0] as string;
}

/** Runs the commands of docs/backups.md as they are, with this bucket and time, and a kubectl that runs here what it runs in a pod. */
export class Documented {
  readonly restored: Restored;
  private readonly env: Record<string, string>;
  private readonly values: [RegExp, string][];

  constructor(archived: Archived, to: Date) {
    const { server, bucket } = archived;
    const { sandbox, bin, ports } = server;
    this.restored = archived.also(new Restored(server, bucket, "documented"));
    const base = archived.bases().at(-1) as string;
    this.values = [
      [/\bBUCKET\b/g, bucketName],
      [/\bTIME\b/g, basename(base, ".tar.gz")],
      [/\bSYSTEM\b/g, archived.ask("SELECT system_identifier FROM pg_control_system()")],
      [/2026-11-29 17:00:00\+00/g, to.toISOString()],
      [/\/etc\/postgresql(?=\/restore\.sh)/g, join(root, "components/postgres/archive")],
      [/\/restore(?![.\w-])/g, this.restored.folder],
    ];
    const kubectl = sandbox.write(
      "bin/kubectl",
      `#!/bin/bash
pod=
until (($# == 0)) || [[ $1 == -- ]]; do [[ $1 == postgres-* ]] && pod=$1; shift; done
(($#)) || exit 0
shift
export PGPORT=5432
if [[ $pod == postgres-0 ]]; then export PGHOST=${sandbox.folder} PGPORT=${ports.server}; fi
cd ${sandbox.folder}
exec ${asServer(sandbox)} "$@"
`,
    );
    chmodSync(kubectl, 0o755);
    this.env = {
      ...bucket.env,
      PATH: `${dirname(kubectl)}:${dirname(bucket.program)}:${programsPath(bin)}`,
      TMPDIR: sandbox.folder,
    };
  }

  /** Runs the blocks that contain the texts, one after the other, in one shell; then more commands. */
  run(texts: string[], more = ""): Outcome {
    const script = ["set -euo pipefail", ...texts.map(commands), more].join("\n");
    const text = this.values.reduce((all, [pattern, value]) => all.replaceAll(pattern, value), script);
    const { status, stdout, stderr } = spawnSync("bash", ["-c", text], {
      cwd: root,
      env: this.env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { status, stdout, stderr };
  }

  /** The same, after the functions that name the two servers. */
  bring(texts: string[], more?: string): Outcome {
    return this.run(["restored() { kubectl -n data exec -i postgres-restore", ...texts], more);
  }
}
