import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { nodeBackups } from "../../../../components/postgres/dumps/node-backups";
import { Machine, type Run } from "../../cluster/k3s/machine";

const task = nodeBackups({
  region: "us-east-1",
  bucket: "dumps",
  bucketArn: "arn:aws:s3:::dumps",
  namespace: "data",
});

describe("backups of Postgres as a task of the node", () => {
  it("is a script with a service: at night for the dump and the base backup, at all times for the log", () => {
    const units = "/etc/systemd/system/tierstack-";
    expect(Object.keys(task.files)).to.deep.equal([
      "/usr/local/sbin/tierstack-backup",
      `${units}backup@.service`,
      `${units}backup@.timer`,
      `${units}wal.service`,
    ]);
    expect(task.files[`${units}backup@.service`]).to.equal(
      "[Unit]\nDescription=Backup: %i\nStartLimitIntervalSec=0\n\n" +
        "[Service]\nType=oneshot\nExecStart=/usr/bin/flock /run/tierstack-backup /usr/local/sbin/tierstack-backup %i\n" +
        "TimeoutStartSec=4h\nRestart=on-failure\nRestartSec=300",
    );
    expect(task.files[`${units}backup@.timer`]).to.equal(
      "[Unit]\nDescription=Nightly: %i\n\n" +
        "[Timer]\nOnCalendar=*-*-* 03:17:00 UTC\nRandomizedDelaySec=600\nPersistent=true",
    );
    expect(task.files[`${units}wal.service`]).to.equal(
      "[Unit]\nDescription=Backup: log\nStartLimitIntervalSec=0\n\n" +
        "[Service]\nExecStart=/usr/local/sbin/tierstack-backup wal\nRestart=always\nRestartSec=15",
    );
    expect(task.units).to.deep.equal([
      "tierstack-backup@dump.timer",
      "tierstack-backup@base.timer",
      "tierstack-wal.service",
    ]);
  });

  it("may write backups below their prefix, and read or delete nothing", () => {
    expect(task.statements).to.deep.equal([
      {
        Sid: "Dumps",
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
        Resource: "arn:aws:s3:::dumps/postgres/*",
      },
    ]);
  });
});

/** A machine with the program, whose marker of a gap is the file `gap`. */
function machineWithProgram(): Machine {
  const machine = new Machine();
  const script = task.files["/usr/local/sbin/tierstack-backup"] as string;
  machine.write("backup", script.replace("/run/tierstack-gap", join(machine.world, "gap")));
  return machine;
}

describe("backup of Postgres", () => {
  let machine: Machine;
  beforeEach(() => {
    machine = machineWithProgram();
    machine.write("database", "PGDMP and all the rest\n");
  });
  afterEach(() => machine.remove());

  const backup = (kind = "dump"): Run => machine.bash([join(machine.world, "backup"), kind]);

  function expectNone(run: Run, why: RegExp): void {
    expect(run.status).to.equal(1);
    expect(run.output).to.match(why);
    expect(machine.has("uploaded")).to.equal(false);
  }
  const brokeOff = /ERROR: no [^ ]+\.dump: pg_dump gave nothing, or broke off, or the upload did/;

  it("sends pg_dump's output under the time, and has no password", () => {
    const run = backup();
    expect(run.output).to.match(/^sent 23 bytes to \d{4}-\d\d-\d\dT\d{6}Z\.dump\n$/);
    expect(run.status).to.equal(0);
    expect(machine.read("uploaded")).to.equal("PGDMP and all the rest\n");
    expect(run.calls).to.include(
      "k3s kubectl -n data exec postgres-0 -c postgres -- pg_dump --format=custom -U postgres app",
    );
    const key = run.output.split(" ").at(-1)?.trim();
    expect(run.calls).to.include(`aws s3 cp --only-show-errors --region us-east-1 - s3://dumps/postgres/${key}`);
    expect(run.calls.join()).not.to.contain("secret");
  });

  it("sends a base backup in the same way", () => {
    const run = backup("base");
    expect(run.output).to.match(/^sent 23 bytes to base\/\d{4}-\d\d-\d\dT\d{6}Z\.tar\.gz\n$/);
    expect(run.calls).to.include(
      "k3s kubectl -n data exec postgres-0 -c postgres -- sh /etc/postgresql/archive.sh base",
    );
  });

  it("sends another base backup where the log got a gap meanwhile, and none for a gap of before", () => {
    machine.write("gap", "");
    machine.command("k3s", '[[ -e $WORLD/once ]] || touch "$WORLD/once" "$WORLD/gap"; cat "$WORLD/database"');
    const run = backup("base");
    expect(run.output).to.match(/^(sent 23 bytes to base\/[^ ]+\.tar\.gz\n){2}$/);
    expect([run.status, machine.has("gap")]).to.deep.equal([0, false]);
  });

  it("leaves nothing that looks whole when the command breaks off", () => {
    machine.write("pod-failures", "1");
    expectNone(backup(), brokeOff);
    machine.write("pod-failures", "1");
    expectNone(backup("base"), /ERROR: no base\/[^ ]+\.tar\.gz: sh gave nothing, or broke off, or the upload did/);
  });

  it("fails when the command gives nothing", () => {
    machine.write("database", "");
    expectNone(backup(), brokeOff);
  });

  it("fails when the upload does", () => {
    machine.write("upload-failures", "1");
    expectNone(backup(), /ERROR: no [^ ]+\.dump: the upload failed/);
  });

  it("does not hang on an upload that fails at once", () => {
    machine.command("aws", "exit 1");
    machine.write("database", "x".repeat(1_000_000));
    expectNone(backup(), brokeOff);
  });

  it("does not hang on an upload that ends before the output begins", () => {
    machine.command("aws", 'exec <&-; touch "$WORLD/upload-ended"; exit 1');
    machine.command("tee", 'until [[ -e $WORLD/upload-ended ]]; do :; done; PATH=/usr/bin:/bin exec tee "$@"');
    expectNone(backup(), brokeOff);
  });
});

describe("log of Postgres", () => {
  const [first, second] = ["7001-000000010000000000000001.gz", "7001-000000010000000000000002.gz"];
  const archive = "k3s kubectl -n data exec postgres-0 -c postgres -- sh /etc/postgresql/archive.sh";
  let machine: Machine;
  beforeEach(() => {
    machine = machineWithProgram();
    // What the pod answers, in order; after that it is gone.
    machine.command(
      "k3s",
      'next=$(ls "$WORLD/answers" | head -1) && [[ $next ]] && cat "$WORLD/answers/$next" && rm "$WORLD/answers/$next"',
    );
    machine.command("aws", 'next upload && cp "$6" "$WORLD/uploaded-$(basename "$7")"');
  });
  afterEach(() => machine.remove());

  const send = (): Run => machine.bash([join(machine.world, "backup"), "wal"]);
  const answer = (name: string, content: Buffer) => Buffer.concat([Buffer.from(`${name}\n`), content]);
  function answers(...contents: (string | Buffer)[]): void {
    for (const [at, content] of contents.entries()) machine.write(`answers/${at}`, content);
  }
  const segment = gzipSync("a segment\n and its lines");

  it("sends each file as it came, and says at the next question that it did", () => {
    answers(answer(first, segment), "", answer(second, segment));
    const run = send();
    expect(run.output).to.equal("ERROR: no wal: no answer\n");
    expect(run.calls.filter((call) => call.startsWith("k3s"))).to.deep.equal([
      `${archive} next`,
      `${archive} next ${first}`,
      `${archive} next`,
      `${archive} next ${second}`,
    ]);
    const uploads = run.calls.filter((call) => call.startsWith("aws")).map((call) => call.split(" ").at(-1));
    expect(uploads).to.deep.equal([
      "s3://dumps/postgres/wal/7001/000000010000000000000001.gz",
      "s3://dumps/postgres/wal/7001/000000010000000000000002.gz",
    ]);
    expect(gunzipSync(machine.bytes("uploaded-000000010000000000000001.gz")).toString()).to.equal(
      "a segment\n and its lines",
    );
  });

  it("sends nothing that broke off on the way, and does not say that it did", () => {
    answers(answer(first, segment.subarray(0, -3)), answer(second, segment));
    const run = send();
    expect(run.status).to.equal(1);
    expect(run.output).to.contain("unexpected end of file");
    expect(run.calls.filter((call) => /^(aws|k3s)/.test(call))).to.deep.equal([`${archive} next`]);
  });

  it("does not say that it sent what the bucket did not take", () => {
    machine.write("upload-failures", "1");
    answers(answer(first, segment), answer(second, segment));
    const run = send();
    expect(run.status).to.equal(1);
    expect(run.calls.filter((call) => call.startsWith("k3s"))).to.deep.equal([`${archive} next`]);
  });

  it("takes no name that leads out of its folder", () => {
    answers(answer("../../7001-x.gz", segment));
    const run = send();
    expect(run.output).to.equal("ERROR: no wal: the name '../../7001-x.gz'\n");
    expect(run.calls.filter((call) => call.startsWith("aws"))).to.deep.equal([]);
  });

  it("starts a base backup at a gap", () => {
    answers(answer("7001-000000010000000000000003.gap.gz", gzipSync("")));
    expect(send().calls).to.include("systemctl start --no-block tierstack-backup@base.service");
    expect(machine.has("gap")).to.equal(true);
    answers(answer(first, segment));
    expect(send().calls.filter((call) => call.startsWith("systemctl"))).to.deep.equal([]);
  });
});
