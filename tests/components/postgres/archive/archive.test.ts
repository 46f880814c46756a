import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { archiveProgram } from "../../../../components/postgres/archive/settings";

const segment = "000000010000000000000001";
const name = `7001-${segment}.gz`;

describe("archive.sh", () => {
  let folder: string;
  let spool: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-archive-"));
    spool = join(folder, "archive");
    mkdirSync(join(folder, "data", "pg_wal", "archive_status"), { recursive: true });
    mkdirSync(join(folder, "bin"));
    // 32 MiB may wait: two files.
    const places = { volume: folder, data: join(folder, "data"), sockets: folder };
    writeFileSync(join(folder, "archive.sh"), archiveProgram(places, 32).replace("WAIT_TRIES=100", "WAIT_TRIES=3"));
    writeFileSync(join(folder, "data", "pg_wal", segment), "a segment");
    program("pg_controldata", 'echo "Database system identifier:           7001"');
    program("sleep", "");
    waiting(1);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function program(command: string, body: string): void {
    const path = join(folder, "bin", command);
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
  }

  /** So many files wait for archive_command. */
  function waiting(count: number): void {
    for (let file = 0; file < count; file++)
      writeFileSync(join(folder, "data", "pg_wal", "archive_status", `${file}.ready`), "");
  }

  function run(...words: string[]) {
    const { status, stdout, stderr } = spawnSync("sh", [join(folder, "archive.sh"), ...words], {
      cwd: join(folder, "data"),
      env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, SPOOL_OF_THE_TEST: spool },
    });
    return { status, stdout, stderr: stderr.toString() };
  }
  const push = () => run("push", `pg_wal/${segment}`, segment);
  /** What the node does while archive_command waits. */
  const meanwhile = (command: string) => program("sleep", command);

  it("lays a file out, and asks for a base backup the first time", () => {
    expect(push()).to.deep.include({ status: 1, stderr: `archive: the node has not taken ${segment} yet\n` });
    expect(readdirSync(spool).sort()).to.deep.equal([`7001-${segment}.gap.gz`, name]);
    rmSync(join(spool, `7001-${segment}.gap.gz`));
    push();
    expect(readdirSync(spool)).to.deep.equal([name]);
  });

  it("succeeds once the node has said that it sent the file, and not before", () => {
    push();
    rmSync(join(spool, `7001-${segment}.gap.gz`));
    const { status, stdout } = run("next");
    expect(status).to.equal(0);
    const end = stdout.indexOf("\n");
    expect(stdout.subarray(0, end).toString()).to.equal(name);
    expect(gunzipSync(stdout.subarray(end + 1)).toString()).to.equal("a segment");
    expect(push().status).to.equal(1);
    meanwhile(`rm -f "$SPOOL_OF_THE_TEST/${name}"`);
    expect(push()).to.deep.include({ status: 0, stderr: "" });
  });

  it("ends what was sent, and prints nothing where nothing waits", () => {
    push();
    rmSync(join(spool, `7001-${segment}.gap.gz`));
    expect(run("next", name).stdout.toString()).to.equal("");
    expect(existsSync(join(spool, name))).to.equal(false);
  });

  it("has each file whole on the disk before it has its name, because a node is lost at any time", () => {
    const record = (command: string) =>
      program(
        command,
        `echo "${command} $(echo "$*" | sed "s|$SPOOL_OF_THE_TEST|spool|g")" >>${folder}/calls; /bin/${command} "$@"`,
      );
    record("sync");
    record("mv");
    push();
    const steps = (file: string) => [`sync ${file}.part`, `mv ${file}.part ${file}`, "sync spool"];
    expect(readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n")).to.deep.equal([
      ...steps(`spool/7001-${segment}.gap.gz`),
      ...steps(`spool/${name}`),
    ]);
  });

  it("writes a gap anew that the loss of the node has emptied, and sends what waits behind it", () => {
    push();
    const gap = `7001-${segment}.gap.gz`;
    for (const damaged of [Buffer.alloc(0), gzipSync("").subarray(0, 12)]) {
      writeFileSync(join(spool, gap), damaged);
      const { status, stdout, stderr } = run("next");
      const end = stdout.indexOf("\n");
      expect([status, stdout.subarray(0, end).toString(), stderr]).to.deep.equal([0, gap, ""]);
      expect(gunzipSync(stdout.subarray(end + 1)).length).to.equal(0);
    }
    expect(run("next", gap).stdout.toString()).to.match(new RegExp(`^${name}\n`));
  });

  it("removes nothing outside of its folder, whatever is said to be sent", () => {
    push();
    run("next", "../data/pg_wal/000000010000000000000001");
    expect(existsSync(join(folder, "data", "pg_wal", segment))).to.equal(true);
  });

  it("gives a file up when more wait than the volume should hold, and asks for a base backup once", () => {
    const warning = `WARNING: archive: more than 2 files wait, so ${segment} is left out: no restore from here to the next base backup\n`;
    push();
    rmSync(join(spool, `7001-${segment}.gap.gz`));
    waiting(3);
    expect(push()).to.deep.include({ status: 0, stderr: warning });
    expect(readdirSync(spool)).to.deep.equal([`7001-${segment}.gap.gz`]);
    const again = run("push", `pg_wal/${segment}`, "000000010000000000000002");
    expect(again.status).to.equal(0);
    expect(readdirSync(spool)).to.deep.equal([`7001-${segment}.gap.gz`]);
  });

  it("gives up in the middle of its wait too", () => {
    meanwhile('touch "$PWD/pg_wal/archive_status/a.ready" "$PWD/pg_wal/archive_status/b.ready"');
    const { status, stderr } = push();
    expect(status).to.equal(0);
    expect(stderr).to.contain("is left out");
  });

  it("says for how long the oldest file has waited, and of a file that is sent just now that none does", () => {
    const status = join(folder, "data", "pg_wal", "archive_status");
    const waits = () => Number(run("waits").stdout.toString());
    const aged = (file: string, seconds: number) => {
      writeFileSync(join(status, file), "");
      utimesSync(join(status, file), Date.now() / 1000 - seconds, Date.now() / 1000 - seconds);
    };
    rmSync(join(status, "0.ready"));
    aged("000000010000000000000001.done", 90_000);
    expect(waits()).to.equal(0);
    aged("000000010000000000000003.ready", 300);
    aged("000000010000000000000002.ready", 3000);
    expect(waits()).to.be.within(3000, 3300);
    program("stat", `rm ${status}/*.ready; exec /usr/bin/stat "$@"`);
    expect(waits()).to.equal(0);
  });

  it("asks again for a base backup where one is left out after the node has taken the request", () => {
    push();
    const first = `7001-${segment}.gap.gz`;
    rmSync(join(spool, name));
    expect(run("next").stdout.toString()).to.match(new RegExp(`^${first}\n`));
    waiting(3);
    const later = (file: string) => run("push", `pg_wal/${segment}`, file).status;
    const second = "7001-000000010000000000000002.gap.gz";
    for (const file of ["000000010000000000000002", "000000010000000000000003"]) expect(later(file)).to.equal(0);
    expect(readdirSync(spool).sort()).to.deep.equal([first, `${first}.taken`, second]);
    expect(run("next", first).stdout.toString()).to.match(new RegExp(`^${second}\n`));
    expect(readdirSync(spool).sort()).to.deep.equal([second, `${second}.taken`]);
    run("next", second);
    expect(readdirSync(spool)).to.deep.equal([]);
  });

  it("dumps the database as its superuser, without a password, and says how much that is", () => {
    program("pg_dump", 'echo "$*"');
    const { status, stdout, stderr } = run("dump");
    expect(stdout.toString()).to.equal("--format=custom --username=postgres app\n");
    expect([status, stderr]).to.deep.equal([0, "40 bytes\n"]);
  });

  it("prints a base backup as it is, and says how much that is after what the server says", () => {
    const content = gzipSync(randomBytes(300_000));
    writeFileSync(join(folder, "backup"), content);
    program("pg_basebackup", `cat ${join(folder, "backup")}; echo "NOTICE: all is there" >&2`);
    const { status, stdout, stderr } = run("base");
    expect(stdout.equals(content)).to.equal(true);
    expect([status, stderr]).to.deep.equal([0, `NOTICE: all is there\n${content.length} bytes\n`]);
  });

  it("says nothing of what was made where a backup fails, is empty, or nobody reads it any more", () => {
    for (const body of ["echo PGDMP; exit 3", "exit 3", "", "echo PGDMP; kill $$"]) {
      program("pg_dump", body);
      const { status, stderr } = run("dump");
      expect([status, stderr.includes("bytes")], body).to.deep.equal([1, false]);
    }
    program("pg_dump", "cat /dev/zero");
    const words = `sh ${join(folder, "archive.sh")} dump 2>${join(folder, "said")} | head -c 9`;
    const { stdout } = spawnSync("sh", ["-c", words], { env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin` } });
    expect([stdout.length, readFileSync(join(folder, "said"), "utf8")]).to.deep.equal([9, ""]);
  });

  it("fails where the identifier of the database cannot be read, rather than mix two databases", () => {
    program("pg_controldata", "exit 1");
    expect(push().status).to.equal(1);
    expect(existsSync(spool)).to.equal(false);
  });
});
