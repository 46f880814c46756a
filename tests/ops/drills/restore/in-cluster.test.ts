import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { Backups } from "../../../../ops/account/backups";
import { drills } from "../../../../ops/drills/drills";
import { copyNames } from "../../../../ops/drills/restore/copy";
import { Failure } from "../../../../ops/failure";
import { runLocally } from "../../../../ops/local";
import type { Ran, Reach, Workload } from "../../../../ops/reach/reach";
import { noAccount } from "../../../support/no-account";
import { Cluster } from "../../cluster";
import { runOn } from "../../world";
import { send, withoutExit } from "../interrupted";

const first = "000000010000000000000002";
const pod = "/api/v1/namespaces/data/pods/postgres-restore";
const postgres = "/apis/apps/v1/namespaces/data/statefulsets/postgres";

/** A bucket in memory, of which a base backup has only its label. */
class Bucket implements Backups {
  readonly folder = mkdtempSync(join(tmpdir(), "tierstack-bucket-"));
  bases = ["2026-11-28T031700Z", "2026-11-29T031700Z"];

  async bucketOf(system: string) {
    if (system !== "42") throw new Failure(`no bucket of ${system}`);
    return "dumps-1";
  }

  async list(_: string, prefix: string) {
    const modifiedMs = Date.parse("2026-11-29T03:20:00Z");
    if (prefix === "postgres/wal/42/")
      return [
        { key: `${prefix}000000010000000000000001.gz`, bytes: 7_000_000, modifiedMs: Date.parse("2026-11-28T12:00Z") },
        { key: `${prefix}${first}.gz`, bytes: 1_000_000, modifiedMs },
      ];
    return this.bases.map((name) => ({ key: `${prefix}${name}.tar.gz`, bytes: 4_000_000, modifiedMs }));
  }

  async copy(_: string, key: string, file: string) {
    expect(key).to.equal("postgres/base/2026-11-29T031700Z.tar.gz");
    writeFileSync(join(this.folder, "backup_label"), `START WAL LOCATION: 0/2000028 (file ${first})\n`);
    execFileSync("tar", ["-czf", file, "-C", this.folder, "backup_label"]);
  }

  async copyMatching(_: string, prefix: string, patterns: readonly string[], folder: string) {
    expect([prefix, patterns]).to.deep.equal(["postgres/wal/42/", [`${first.slice(0, 22)}*.gz`, "*.history.gz"]]);
    writeFileSync(join(folder, `${first}.gz`), "log");
  }
}

/** Lines of a survey. */
const surveyed = (rows: number, sum: string) =>
  [
    ["oldest", "700"],
    ["extensions", ["plpgsql 1.0"]],
    ["schema", "a"],
    ["table", "public.users", rows, rows, sum],
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");

/** The pods of Postgres, and of a restore, as far as programs see them. */
class Pods implements Reach {
  readonly ran: string[] = [];
  copied: string[] = [];
  archives = true;
  secondsToBucket = 12;
  restored = surveyed(10, "1");
  restore: Ran = { code: 0, stdout: "restored to the end of the log\n", stderr: "" };

  async run({ namespace, name }: Workload, command: readonly string[], input?: Readable): Promise<Ran> {
    const text = command.join(" ");
    const answer = (stdout: string) => ({ code: 0, stdout, stderr: "" });
    const in_ = `${namespace}/${name}`;
    if (input) {
      this.ran.push(`${in_} unpacks`);
      const parts: Buffer[] = [];
      for await (const part of input) parts.push(part);
      const [archive, folder] = [Buffer.concat(parts), mkdtempSync(join(tmpdir(), "tierstack-pod-"))];
      expect(command.at(-1)).to.equal(String(archive.length));
      mkdirSync(join(folder, "restore"));
      execFileSync("tar", ["-x", "-C", join(folder, "restore")], { input: archive });
      this.copied = [readFileSync(join(folder, "restore", "wal", `${first}.gz`), "utf8")];
      rmSync(folder, { recursive: true });
      return answer("");
    }
    if (command.includes("/etc/postgresql/restore.sh")) {
      this.ran.push(`${in_} restores`);
      return this.restore;
    }
    if (text.includes("pg_control_system"))
      return answer(JSON.stringify({ system: "42", bytes: 30_000_000, archives: this.archives }));
    if (text.includes("pg_logical_emit_message")) return answer(JSON.stringify([first, "2026-11-29 18:00:00+00"]));
    if (text.includes("pg_stat_archiver")) return answer(`${this.secondsToBucket}\n`);
    this.ran.push(`${in_} is surveyed${text.includes("nullif('700', '')") ? " against 700" : ""}`);
    return answer(name === "postgres" ? surveyed(10, "1") : this.restored);
  }

  async read() {
    return [];
  }
}

describe("drill restore in the cluster", () => {
  let bucket: Bucket;
  let reach: Pods;
  let cluster: Cluster;

  beforeEach(() => {
    [bucket, reach, cluster] = [new Bucket(), new Pods(), new Cluster()];
    cluster.put(postgres, {});
  });
  afterEach(() => rmSync(bucket.folder, { recursive: true }));

  const drill = (...flags: string[]) =>
    runOn({ reach, kube: cluster, account: { ...noAccount, backups: bucket }, program: drills }, "restore", ...flags);

  it("predicts from the sizes, and changes nothing in a dry run", async () => {
    const { code, stdout } = await drill("--dry-run");
    expect([code, stdout.split("\n")]).to.deep.equal([
      0,
      [
        "Backup: s3://dumps-1/postgres/base/2026-11-29T031700Z.tar.gz, complete since 2026-11-29 03:20 UTC,",
        "and 1 file of the log of server 42: 5.0 MB of a database of 30.0 MB.",
        // 60 s, 2 x 5 MB at 2.5 MB/s, 30 MB at 3 MB/s, a file at 2 a second.
        "Prediction: RTO at most 1 min 15 s, RPO at most 2 min.",
        "Callers: nothing but reads of every table, twice: the backup is restored beside the product, which",
        "is read to compare.",
        "From: docs/measured/drills.json, a line of 20 Mbit/s, and archive_timeout.",
        "would restore it in a pod beside the server, compare it with the running database, and delete it;",
        "nothing was changed",
        "",
      ],
    ]);
    expect([cluster.changes, reach.ran]).to.deep.equal([[], []]);
  });

  it("restores in a pod of its own, compares with the running database before and after, and deletes the pod", async () => {
    const { code, stdout, stderr } = await drill();
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(cluster.changes).to.deep.equal([`POST ${pod}`, `DELETE ${pod}`]);
    expect(reach.ran).to.deep.equal([
      "data/postgres is surveyed",
      "data/postgres-restore unpacks",
      "data/postgres-restore restores",
      "data/postgres-restore is surveyed against 700",
      "data/postgres is surveyed against 700",
    ]);
    expect(reach.copied).to.deep.equal(["log"]);
    expect(stdout).to.match(/Measured: RTO \d+ s, RPO 12 s\.\nAs predicted\.\n$/);
    expect(cluster.kept.at(-1)).to.equal("APPLY /apis/coordination.k8s.io/v1/namespaces/data/leases/drill-restore");
  });

  it("ends with 1 where rows are missing, or a write comes to the bucket too late", async () => {
    reach.restored = surveyed(9, "1");
    reach.secondsToBucket = 121;
    const { code, stdout } = await drill();
    expect(code).to.equal(1);
    expect(stdout.slice(stdout.indexOf("Not as"))).to.equal(
      "Not as predicted, in 2 points:\n" +
        "- table public.users has 9 of the rows from before: the product had 10, and has 10\n" +
        "- RPO was 2 min 1 s, predicted at most 2 min\n",
    );
  });

  it("says why a backup is not restored, and deletes the pod all the same", async () => {
    const reason = "ERROR: not restored: the base backup does not match its manifest";
    reach.restore = { code: 1, stdout: "", stderr: `pg_verifybackup: error: ...\n${reason}\n` };
    const { code, stderr } = await drill();
    expect([code, stderr]).to.deep.equal([1, `${reason}\n`]);
    expect(cluster.changes).to.deep.equal([`POST ${pod}`, `DELETE ${pod}`]);
  });

  describe("that a signal ends", () => {
    const { TMPDIR } = process.env;
    let here: string;

    beforeEach(() => {
      here = mkdtempSync(join(tmpdir(), "tierstack-here-"));
      process.env.TMPDIR = here;
    });
    afterEach(() => {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
      rmSync(here, { recursive: true });
    });

    /** Runs a drill that ends the process. Returns the exit codes, and what is in the folder for temporary files then and later. */
    const ended = async () => {
      let left: string[] = [];
      const codes = await withoutExit(async (exited) => {
        const running = drill();
        await exited;
        left = readdirSync(here);
        await running;
        left.push(...readdirSync(here));
      });
      return { codes, left };
    };

    it("removes the copy of the backup and the pod first, however often it is interrupted", async () => {
      const copied = readdirSync(here);
      const run = reach.run.bind(reach);
      reach.run = async (pod, command, input) => {
        if (input) {
          copied.push(...readdirSync(here));
          for (const signal of ["SIGINT", "SIGINT", "SIGTERM"] as const) send(signal);
        }
        return run(pod, command, input);
      };
      const { codes, left } = await ended();
      expect([codes, left]).to.deep.equal([[130], []]);
      expect(copied.map((name) => name.slice(0, copyNames.length))).to.deep.equal([copyNames]);
      expect(cluster.changes).to.deep.equal([`POST ${pod}`, `DELETE ${pod}`]);
    });

    it("ends the program that copies, which would go on to write there, and waits for it", async () => {
      bucket.copy = async (_, key, file) => {
        const copying = runLocally("sh", ["-c", 'mkdir -p "$0"; echo begun; exec sleep 60', file]);
        // At least once: no signal comes before this turn of the event loop ends, however fast the program is.
        do await sleep(5);
        while (!existsSync(file));
        send("SIGHUP");
        await copying.catch(() => sleep(20));
        mkdirSync(join(file, key), { recursive: true });
        throw new Failure("the copy was ended");
      };
      const { codes, left } = await ended();
      expect([codes, left]).to.deep.equal([[129], []]);
      expect(cluster.changes).to.deep.equal([`POST ${pod}`, `DELETE ${pod}`]);
    });

    it("deletes a pod that is just being created, and none that another has created meanwhile", async () => {
      const create = cluster.create.bind(cluster);
      cluster.create = async (path, body) => {
        await sleep(1);
        send("SIGTERM");
        await sleep(1);
        return create(path, body);
      };
      expect((await ended()).codes).to.deep.equal([143]);
      expect(cluster.changes).to.deep.equal([`POST ${pod}`, `DELETE ${pod}`]);
      cluster.exists = async (path) => path !== pod;
      cluster.put(pod, {});
      expect((await ended()).codes).to.deep.equal([143]);
      expect(cluster.changes).to.have.length(2);
    });
  });

  it("leaves a pod alone in which somebody restores", async () => {
    cluster.put(pod, {});
    const { code, stderr } = await drill();
    expect([code, stderr]).to.deep.equal([
      1,
      "pod data/postgres-restore: given one that is there; allowed: none: a restore may be under way in it; fix: kubectl -n data " +
        "delete pod postgres-restore, if nobody needs it\n",
    ]);
    expect(cluster.changes).to.deep.equal([]);
  });

  it("says where there is nothing to restore: no server, no archive, no base backup", async () => {
    reach.archives = false;
    expect((await drill()).stderr).to.equal(
      "Postgres in the cluster: given a server that does not archive; allowed: one with a bucket, as at MVP; fix: make backups " +
        "yourself: docs/existing-cluster.md\n",
    );
    reach.archives = true;
    bucket.bases = [];
    expect((await drill()).stderr).to.equal(
      "s3://dumps-1/postgres/base/: given no base backup; allowed: one, which the node makes each night and at the beginning; fix: " +
        "docs/backups.md#see-that-they-are-made\n",
    );
    cluster.delete(postgres);
    const { code, stderr } = await drill();
    expect([code, stderr]).to.deep.equal([
      1,
      "drill restore: given no Postgres in namespace data; allowed: a stack with its Postgres in the cluster, which archives to a " +
        "bucket, or on RDS; fix: name the stack with -s: its outputs say where RDS is\n",
    ]);
  });
});
