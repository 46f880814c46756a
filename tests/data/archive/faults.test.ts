import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { type Archive, archiveQuestion } from "../../../ops/status/archive";
import { until } from "../../long/support/instance";
import { type Outcome, stopped } from "../../long/support/postgres";
import { Archived } from "./support/archived";
import { Documented } from "./support/documented";
import type { Restored } from "./support/restored";

const sum = "SELECT count(*), md5(string_agg(n || text, ',' ORDER BY n)) FROM ballast";

describe("faults of the archive of Postgres", function () {
  this.timeout(600_000);
  let archived: Archived;

  before(async function () {
    // The smallest volume: 256 MiB of the log may wait.
    archived = await Archived.start(this, 1);
  });
  after(() => archived?.stop());

  /** Changes a byte in the middle of a file. */
  function damage(path: string, change: (content: Buffer) => Buffer = (content) => content): void {
    const content = change(readFileSync(path));
    const middle = content.length >> 1;
    content.writeUInt8(content.readUInt8(middle) ^ 0xff, middle);
    writeFileSync(path, path.endsWith(".gz") && content[0] !== 0x1f ? gzipSync(content) : content);
  }

  /** Is refused, starts nothing and answers nothing. */
  function expectRefused(restored: Restored, why: RegExp, to?: Date): void {
    const { status, stdout, stderr } = restored.run(to);
    expect([status, stdout]).to.deep.equal([1, ""]);
    expect(stderr).to.match(why);
    expect(restored.ask("SELECT 1").status).to.equal(2);
  }

  it("kill -9 in the middle of a base backup leaves none, and the next one is whole", async () => {
    const before = archived.bases();
    const backup = archived.node.start("base");
    const streams = "SELECT count(*) FROM pg_stat_progress_basebackup WHERE backup_streamed > 0";
    await until(
      () => archived.ask(streams) === "1",
      () => `no backup runs\n${backup.log()}\n${archived.logs()}`,
      30,
    );
    backup.kill();
    await until(
      () => archived.ask("SELECT count(*) FROM pg_stat_progress_basebackup") === "0",
      archived.logs.bind(archived),
      30,
    );
    expect(archived.bases()).to.deep.equal(before);
    const { status, stderr } = archived.node.run("base");
    expect(status, stderr).to.equal(0);
    // It is a backup only with the log that it needs.
    expect(stderr).to.contain("NOTICE:  all required WAL segments have been archived");
    expect(archived.bases()).to.have.length(before.length + 1);
  });

  it("kill -9 in the middle of a restore: a second run restores everything", async () => {
    const restored = archived.fetched("killed");
    const first = restored.start();
    const log = join(restored.folder, "log");
    await until(
      () => readdirSync(restored.folder).includes("log") && readFileSync(log, "utf8").includes("archive recovery"),
      first.log,
      30,
    );
    process.kill(-(first.pid as number), "SIGKILL");
    for (const pid of execFileSync("pgrep", ["-f", restored.folder], { encoding: "utf8" }).split("\n").filter(Boolean))
      try {
        process.kill(Number(pid), "SIGKILL");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    expect(restored.run()).to.deep.equal({ status: 0, stdout: "restored to the end of the log\n", stderr: "" });
    expect(restored.answer(sum)).to.equal(archived.ask(sum));
    restored.stop();
  });

  describe("the commands of docs/backups.md", () => {
    const ofApp = `SELECT pg_get_userbyid(datdba), datacl, pg_encoding_to_char(encoding), datcollate, datconnlimit
      FROM pg_database WHERE datname = 'app'`;
    const rows = "SELECT string_agg(id || ' ' || balance, ',' ORDER BY id) FROM account";
    const ok = ({ status, stdout, stderr }: Outcome) => expect(status, stdout + stderr).to.equal(0);
    const [exchange, exchanged] = ["exchange() {", "exchange app_before app_restored"];
    let documented: Documented;

    before(async () => {
      archived.ask(
        `SET ROLE app; CREATE TABLE account (id int PRIMARY KEY, balance int);
         CREATE TABLE invoice (id int PRIMARY KEY, account int REFERENCES account); CREATE TABLE notes (text text);
         INSERT INTO account VALUES (1, 100), (2, 200), (3, 300); INSERT INTO invoice VALUES (1, 1);
         INSERT INTO notes VALUES ('a note')`,
      );
      await archived.archive();
      const to = new Date();
      archived.ask(
        "UPDATE account SET balance = 0; DELETE FROM account WHERE id = 2; INSERT INTO account VALUES (4, 400); DROP TABLE notes",
      );
      await archived.archive();
      documented = new Documented(archived, to);
    });

    it("fetch the log from the base backup on, and restore it", () => {
      ok(documented.run(["START=$(kubectl", "aws s3api list-objects-v2"]));
      const label = execFileSync("tar", ["-xzOf", join(documented.restored.folder, "base.tar.gz"), "backup_label"]);
      const start = /\(file (.*)\)/.exec(label.toString())?.[1] as string;
      const log = archived.bucket.keys("postgres/wal/").map((key) => basename(key));
      expect(log.filter((name) => name < start)).to.include("000000010000000000000001.gz");
      expect(readdirSync(join(documented.restored.folder, "wal")).sort()).to.deep.equal(
        log.filter((name) => name > start),
      );
      ok(documented.run(["sh /etc/postgresql/restore.sh"]));
      expect(documented.restored.answer(rows)).to.equal("1 100,2 200,3 300");
    });

    it("bring back rows of a table that others refer to, and leave those that came later", () => {
      ok(documented.bring(["CREATE SCHEMA restored"]));
      expect(documented.bring(["SELECT count(*) FROM restored.account"]).stdout).to.equal("3\n3\n");
      expect(archived.ask(rows)).to.equal("1 0,3 0,4 400");
      ok(documented.bring(["ON CONFLICT (id) DO UPDATE"]));
      expect(archived.ask(rows)).to.equal("1 100,2 200,3 300,4 400");
      expect(archived.ask("SELECT count(*) FROM pg_namespace WHERE nspname = 'restored'")).to.equal("0");
    });

    it("bring back a table that was dropped, and nothing of one that is there", () => {
      const table = "pg_restore --single-transaction";
      const refused = documented.bring([table]);
      expect(refused.status).to.equal(1);
      expect(refused.stderr).to.contain('relation "account" already exists');
      expect(archived.ask(rows)).to.equal("1 100,2 200,3 300,4 400");
      archived.ask("ALTER TABLE invoice DROP CONSTRAINT invoice_account_fkey; DROP TABLE account");
      ok(documented.bring([table]));
      expect(archived.ask(rows)).to.equal("1 100,2 200,3 300");
      expect(archived.ask("SELECT tableowner FROM pg_tables WHERE tablename = 'account'")).to.equal("app");
    });

    it("exchange the whole database, with its owner and its rights, beside a session that is open, and back", async () => {
      const before = archived.ask(ofApp);
      archived.ask("INSERT INTO account VALUES (5, 500)");
      ok(documented.bring(["ALTER DATABASE app RENAME TO app_restored'"]));
      const { sandbox, bin, ports } = archived.server;
      const words = ["-h", sandbox.folder, "-p", String(ports.server), "-U", "postgres", "-c", "SELECT pg_sleep(600)"];
      const session = sandbox.start(bin.psql, [...words, "app"]);
      const sleeps = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'";
      await until(() => archived.ask(sleeps) === "1", session.log, 30);
      ok(documented.bring([exchange, exchanged]));
      expect(archived.ask(rows)).to.equal("1 100,2 200,3 300");
      expect(archived.ask("SELECT text FROM notes")).to.equal("a note");
      expect(archived.ask(ofApp)).to.equal(before);
      expect(archived.server.primary.ask("postgres", "app_before", "SELECT").stderr).to.contain(
        'database "app_before" is not currently accepting connections',
      );
      expect(await stopped(session), session.log()).to.equal(2);
      ok(documented.bring([exchange], "exchange app_restored app_before"));
      expect(archived.ask(rows)).to.equal("1 100,2 200,3 300,5 500");
    });
  });

  it("a damaged base backup is noticed, whether its compression says so or only its manifest", () => {
    const broken = archived.fetched("broken");
    damage(join(broken.folder, "base.tar.gz"));
    expectRefused(broken, /ERROR: not restored: .*base\.tar\.gz is damaged/);
    const changed = archived.fetched("changed");
    damage(join(changed.folder, "base.tar.gz"), gunzipSync);
    expectRefused(changed, /ERROR: not restored: the base backup does not match its manifest/);
  });

  it("a base backup without its end is noticed", () => {
    const cut = archived.fetched("cut");
    const path = join(cut.folder, "base.tar.gz");
    const content = gunzipSync(readFileSync(path));
    writeFileSync(path, gzipSync(content.subarray(0, content.length >> 1)));
    expectRefused(cut, /ERROR: not restored: the base backup is no whole tar/);
  });

  it("a damaged file of the log is noticed, and so is one that is missing", async () => {
    archived.ask("INSERT INTO ballast VALUES (0, 'later')");
    await archived.archive();
    archived.ask("INSERT INTO ballast VALUES (-1, 'and later')");
    const to = new Date();
    await archived.archive();
    const files = (restored: Restored) =>
      readdirSync(join(restored.folder, "wal"))
        .filter((name) => /^[0-9A-F]{24}\.gz$/.test(name))
        .sort();

    const damaged = archived.fetched("damaged");
    const last = files(damaged).at(-2) as string;
    damage(join(damaged.folder, "wal", last));
    expectRefused(damaged, new RegExp(`ERROR: not restored: .*${last} is damaged`), to);

    const missing = archived.fetched("missing");
    const gone = files(missing).at(-2) as string;
    rmSync(join(missing.folder, "wal", gone));
    expectRefused(
      missing,
      new RegExp(`ERROR: not restored: the log has a gap at ${gone.slice(8, 24)}: give a time before it`),
    );
    expectRefused(
      missing,
      new RegExp(
        `^ERROR: not restored: the log has a gap at ${gone.slice(8, 24)}, before ${to.toISOString().replace("Z", "\\+00")}: ` +
          "give an earlier time, or take a later base backup \\(the last commit before the gap: (none after the base backup|\\d{4}(-\\d\\d){2} \\S+\\+00)\\)\n$",
      ),
      to,
    );
  });

  it("a bucket that takes nothing: the product writes on, a quarter of the volume waits at most, and a base backup mends the gap", async () => {
    const before = archived.bases().length;
    archived.node.stopSending();
    const waiting = "SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'";
    for (let file = 0; file < 24; file++)
      archived.ask(`INSERT INTO ballast VALUES (${-100 - file}, 'x'); SELECT pg_switch_wal()`);
    const warned = () =>
      archived.server.serverLog().includes("WARNING: archive: more than 16 files wait, so 0000000100000");
    await until(() => warned() && Number(archived.ask(waiting)) <= 16, archived.logs.bind(archived), 60);
    const { sandbox } = archived.server;
    const seen = (): Archive => JSON.parse(archived.ask(archiveQuestion(sandbox.path("archive"))));
    const { waiting: files, oldestSeconds, newestSeconds, gap } = seen();
    expect([files > 0, oldestSeconds !== null, newestSeconds !== null, gap]).to.deep.equal([true, true, true, true]);
    archived.node.startSending();
    await archived.archive();
    await archived.untilBases(before + 1);
    await archived.untilMended();
    expect(seen().gap).to.equal(false);
    archived.ask("INSERT INTO ballast VALUES (-1000, 'after the gap')");
    await archived.archive();
    const restored = archived.fetched("mended");
    expect(restored.run()).to.deep.equal({ status: 0, stdout: "restored to the end of the log\n", stderr: "" });
    expect(restored.answer(sum)).to.equal(archived.ask(sum));
    restored.stop();
    // From before the gap nothing leads over it.
    expectRefused(archived.fetched("before", archived.bases()[before - 1]), /the log has a gap at/);
  });
});
