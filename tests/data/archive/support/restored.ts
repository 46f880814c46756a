import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { programsPath } from "../../../long/support/instance";
import type { PooledServer } from "../../../long/support/pooler";
import type { Outcome } from "../../../long/support/postgres";
import type { Bucket } from "./bucket";

const script = resolve(__dirname, "../../../../components/postgres/archive/restore.sh");

/** A folder in which a database is restored beside the server. */
export class Restored {
  readonly folder: string;
  private readonly env: Record<string, string>;

  constructor(
    private readonly server: PooledServer,
    private readonly bucket: Bucket,
    name: string,
  ) {
    const { sandbox, bin } = server;
    this.folder = sandbox.mkdir(name);
    this.env = { PATH: programsPath(bin) };
  }

  /** Fetches a base backup and the whole log. */
  fetch(base: string): void {
    mkdirSync(join(this.folder, "wal"));
    this.bucket.get(base, join(this.folder, "base.tar.gz"));
    const [prefix] = [...new Set(this.bucket.keys("postgres/wal/").map((key) => `${dirname(key)}/`))];
    if (prefix) this.bucket.get(prefix, join(this.folder, "wal"));
    const { uid, gid } = this.server.sandbox.user;
    if (uid !== undefined) execFileSync("chown", ["-R", `${uid}:${gid}`, this.folder]);
  }

  run(to?: Date): Outcome {
    return this.server.sandbox.run("sh", this.words(to), this.env);
  }

  start(to?: Date) {
    return this.server.sandbox.start("setsid", ["sh", ...this.words(to)], this.env);
  }

  private words(to: Date | undefined): string[] {
    return [script, this.folder, ...(to ? [to.toISOString()] : [])];
  }

  ask(sql: string, database = "app"): Outcome {
    const words = ["-XAtq", "-h", this.folder, "-p", "5432", "-U", "postgres", "-d", database, "-c", sql];
    return this.server.sandbox.run(this.server.bin.psql, words);
  }

  /** The same, without the line end. Throws an error if it fails. */
  answer(sql: string): string {
    const { status, stdout, stderr } = this.ask(sql);
    if (status !== 0) throw new Error(stderr);
    return stdout.trimEnd();
  }

  stop(): void {
    this.server.sandbox.run("pg_ctl", ["-D", join(this.folder, "restored"), "-m", "immediate", "-w", "stop"], this.env);
  }
}
