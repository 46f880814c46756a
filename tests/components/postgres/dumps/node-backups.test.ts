import { chmodSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { conditionArgs } from "../../../../components/alarms/metric-alarm";
import { alarmRules } from "../../../../components/alarms/rules";
import { nodeBackups, watchedBackups } from "../../../../components/postgres/dumps/node-backups";
import type { Statement } from "../../../../scripts/deploy-role/statements";
import { thresholds } from "../../../../tiers/thresholds";
import { isAllowed } from "../../../support/iam";
import { Machine, type Run } from "../../cluster/k3s/machine";

const task = nodeBackups({
  region: "us-east-1",
  bucket: "dumps",
  bucketArn: "arn:aws:s3:::dumps",
  namespace: "data",
  metrics: "shop/mvp",
});
const hour = 3600;

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
        "[Service]\nType=oneshot\nExecStart=/usr/bin/flock /run/tierstack-backup timeout 4h /usr/local/sbin/tierstack-backup %i\n" +
        "Restart=on-failure\nRestartSec=300",
    );
    expect(task.files[`${units}backup@.timer`]).to.equal(
      "[Unit]\nDescription=Nightly: %i\n\n" + "[Timer]\nOnCalendar=*-*-* 03:17:00 UTC",
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
      {
        Sid: "Metrics",
        Effect: "Allow",
        Action: ["cloudwatch:PutMetricData"],
        Resource: "*",
        Condition: { StringEquals: { "cloudwatch:namespace": "shop/mvp" } },
      },
    ]);
  });

  it("may write metrics of its own stack alone, and neither read them nor touch an alarm", () => {
    const policy = { Version: "2012-10-17" as const, Statement: task.statements as Statement[] };
    const may = (action: string, namespace?: string) =>
      isAllowed([policy], {
        action: `cloudwatch:${action}`,
        resource: "*",
        context: namespace === undefined ? {} : { "cloudwatch:namespace": namespace },
      });
    expect(may("PutMetricData", "shop/mvp")).to.equal(true);
    for (const other of ["shop/startup", "shop/mvp2", "AWS/EC2", undefined])
      expect(may("PutMetricData", other)).to.equal(false);
    for (const action of ["GetMetricData", "PutMetricAlarm", "DeleteAlarms", "DisableAlarmActions"])
      expect(may(action, "shop/mvp")).to.equal(false);
  });
});

/** A machine with the program, which keeps the times of the backups in files `made-*`. */
function machineWithProgram(): Machine {
  const machine = new Machine();
  const script = task.files["/usr/local/sbin/tierstack-backup"] as string;
  machine.write("backup", script.replace("/var/lib/tierstack-data/made-", join(machine.world, "made-")));
  chmodSync(join(machine.world, "backup"), 0o755);
  return machine;
}

/** When a backup was made, in seconds since 1970. */
const madeAt = (machine: Machine, kind: string) => statSync(join(machine.world, `made-${kind}`)).mtimeMs / 1000;

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
  const brokeOff = /ERROR: no [^ ]+\.dump: it or its upload broke off/;

  it("sends pg_dump's output under the time, and has no password", () => {
    const run = backup();
    expect(run.output).to.match(/^sent \d{4}-\d\d-\d\dT\d{6}Z\.dump\n23 bytes\n$/);
    expect(run.status).to.equal(0);
    expect(machine.read("uploaded")).to.equal("PGDMP and all the rest\n");
    expect(run.calls).to.include(
      "k3s kubectl -n data exec postgres-0 -c postgres -- sh /etc/postgresql/archive.sh dump",
    );
    const key = /^sent (.*)$/m.exec(run.output)?.[1];
    expect(run.calls).to.include(`aws s3 cp --only-show-errors --region us-east-1 - s3://dumps/postgres/${key}`);
    expect(run.calls.join()).not.to.contain("secret");
  });

  it("sends a base backup in the same way", () => {
    const run = backup("base");
    expect(run.output).to.match(/^sent base\/\d{4}-\d\d-\d\dT\d{6}Z\.tar\.gz\n23 bytes\n$/);
    expect(run.calls).to.include(
      "k3s kubectl -n data exec postgres-0 -c postgres -- sh /etc/postgresql/archive.sh base",
    );
  });

  it("sends another base backup where the log got a gap meanwhile", () => {
    machine.command(
      "k3s",
      '[[ -e $WORLD/once ]] || { touch "$WORLD/once"; rm "$WORLD/made-new"; }; cat "$WORLD/database"; echo "23 bytes" >&2',
    );
    const run = backup("base");
    expect(run.output).to.match(/^(sent base\/[^ ]+\.tar\.gz\n){2}(23 bytes\n){2}$/);
    expect([run.status, machine.has("made-base"), machine.has("made-new")]).to.deep.equal([0, true, false]);
  });

  it("keeps when a dump was sent, and when a base backup began, and neither of what failed", () => {
    for (const kind of ["dump", "base"]) {
      machine.write("upload-failures", "1");
      expect(backup(kind).status).to.equal(1);
      expect(machine.has(`made-${kind}`)).to.equal(false);
    }
    machine.command("k3s", 'touch -d @1000 "$WORLD/made-new"; cat "$WORLD/database"; echo "23 bytes" >&2');
    expect([backup("base").status, madeAt(machine, "base")]).to.deep.equal([0, 1000]);
    const before = Math.floor(Date.now() / 1000);
    expect(backup("dump").status).to.equal(0);
    expect(madeAt(machine, "dump")).to.be.at.least(before);
  });

  it("leaves nothing that looks whole when the command breaks off", () => {
    machine.write("pod-failures", "1");
    expectNone(backup(), brokeOff);
    machine.write("pod-failures", "1");
    expectNone(backup("base"), /ERROR: no base\/[^ ]+\.tar\.gz: it or its upload broke off/);
  });

  it("leaves nothing that looks whole when the connection to the pod ends early, although kubectl ends with 0", () => {
    for (const said of ["", 'echo "NOTICE:  the log is archived" >&2', 'echo "230 bytes" >&2']) {
      machine.command("k3s", `cat "$WORLD/database"; ${said}`);
      expectNone(backup(), brokeOff);
      expect(machine.has("made-dump")).to.equal(false);
    }
  });

  it("keeps what the command says of itself", () => {
    machine.command("k3s", 'echo "NOTICE:  a word" >&2; cat "$WORLD/database"; echo "23 bytes" >&2');
    expect(backup().output).to.match(/^sent [^ ]+\nNOTICE: {2}a word\n23 bytes\n$/);
    machine.command("k3s", 'echo "FATAL:  no" >&2; exit 1');
    expect(backup().output).to.match(/^ERROR: no [^ ]+\.dump: .*\nFATAL: {2}no\n$/);
  });

  it("fails when the command gives nothing", () => {
    machine.command("k3s", "");
    expectNone(backup(), brokeOff);
  });

  it("fails when the upload does", () => {
    machine.write("upload-failures", "1");
    expectNone(backup(), /ERROR: no [^ ]+\.dump: upload failed/);
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
      `case "$*" in
*" waits") cat "$WORLD/waits" ;;
*) next=$(ls "$WORLD/answers" | head -1) && [[ $next ]] && cat "$WORLD/answers/$next" && rm "$WORLD/answers/$next" ;;
esac`,
    );
    machine.write("waits", "7");
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
    expect(run.calls.filter((call) => call.includes(" next"))).to.deep.equal([
      `${archive} next`,
      `${archive} next ${first}`,
      `${archive} next`,
      `${archive} next ${second}`,
    ]);
    const uploads = run.calls.filter((call) => call.startsWith("aws s3")).map((call) => call.split(" ").at(-1));
    expect(uploads).to.deep.equal([
      "s3://dumps/postgres/wal/7001/000000010000000000000001.gz",
      "s3://dumps/postgres/wal/7001/000000010000000000000002.gz",
    ]);
    expect(gunzipSync(machine.bytes("bucket/000000010000000000000001.gz")).toString()).to.equal(
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
    expect(run.output).to.equal("ERROR: no wal: the name ../../7001-x.gz\n");
    expect(run.calls.filter((call) => call.startsWith("aws"))).to.deep.equal([]);
  });

  /** Backups made so many hours ago. */
  function made(hours: Record<string, number>): void {
    for (const [kind, ago] of Object.entries(hours)) {
      machine.write(`made-${kind}`, "");
      const at = Date.now() / 1000 - ago * hour;
      utimesSync(join(machine.world, `made-${kind}`), at, at);
    }
  }
  const started = (run: Run) => run.calls.filter((call) => call.startsWith("systemctl"));
  const start = (kind: string) => `systemctl start --no-block tierstack-backup@${kind}`;
  /** What CloudWatch got, by the names of the metrics, in the order of the reports. */
  function metrics(): Record<string, number>[] {
    if (!machine.has("metrics")) return [];
    const reports = machine.read("metrics").trimEnd().split("\n");
    return reports.map((report) => {
      const [namespace, ...data] = report.split(" ");
      expect(namespace).to.equal("shop/mvp");
      return Object.fromEntries(
        data.map((datum) => {
          const [, name, value] = /^MetricName=(\w+),Value=(\d+),Unit=Seconds$/.exec(datum) ?? [];
          return [name, Number(value)];
        }),
      );
    });
  }
  const gap = answer("7001-000000010000000000000003.gap.gz", gzipSync(""));

  it("tells CloudWatch how old the backups are, and how long the log waits: the metrics of the alarms", () => {
    made({ dump: 10, base: 24 });
    answers(answer(first, segment));
    const run = send();
    const [report = {}, ...more] = metrics();
    expect(more).to.deep.equal([]);
    expect(report.dump).to.be.within(10 * hour, 11 * hour);
    expect(report.base).to.be.within(24 * hour, 25 * hour);
    expect(report.log).to.equal(7);
    const watched = alarmRules.backup.map((rule) => {
      const args = conditionArgs(rule, watchedBackups("shop/mvp"));
      const queries = (args.metricQueries ?? []) as { metric?: typeof args }[];
      return queries.find(({ metric }) => metric)?.metric ?? args;
    });
    expect(watched.map(({ metricName }) => metricName)).to.deep.equal(Object.keys(report));
    for (const { namespace, dimensions } of watched)
      expect({ namespace, dimensions }).to.deep.equal({ namespace: "shop/mvp", dimensions: {} });
    expect(started(run)).to.deep.equal([]);
  });

  it("tells it also while nothing is written, and not with every file", () => {
    made({ dump: 1, base: 1 });
    answers("", answer(first, segment), answer(second, segment), "");
    send();
    expect(metrics()).to.have.length(1);
  });

  it("tells nothing while the bucket takes nothing, or the server does not answer", () => {
    machine.write("upload-failures", "1");
    answers(answer(first, segment));
    send();
    send();
    expect(metrics()).to.deep.equal([]);
  });

  it("sends on where CloudWatch takes nothing, and where the server has the script of before", () => {
    made({ dump: 1, base: 1 });
    const acknowledged = (run: Run) => run.calls.includes(`${archive} next ${first}`);
    machine.write("metric-failures", "1");
    answers(answer(first, segment));
    expect(acknowledged(send())).to.equal(true);
    machine.command(
      "k3s",
      '[[ $* != *waits ]] && [[ ! -e $WORLD/once ]] && touch "$WORLD/once" && cat "$WORLD/answers/0"',
    );
    answers(answer(first, segment));
    expect(acknowledged(send())).to.equal(true);
    expect(metrics()).to.deep.equal([]);
  });

  it("sends on where a report hangs, or the node cannot start a backup or keep a time", () => {
    const acknowledged = (run: Run) => run.calls.includes(`${archive} next ${first}`);
    machine.command("systemctl", "exit 1");
    answers(answer(first, segment));
    expect(acknowledged(send())).to.equal(true);
    expect(metrics()).to.have.length(1);
    machine.command("stat", "exit 1");
    answers(answer(first, segment));
    expect(acknowledged(send())).to.equal(true);
    expect(metrics()).to.have.length(1);
    machine.command("stat", 'exec /usr/bin/stat "$@"');
    machine.command("timeout", 'echo "$1" >"$WORLD/limit"; shift; exec /usr/bin/timeout 1 "$@"');
    machine.command("aws", "[[ $1 == s3 ]] || exec /usr/bin/sleep 60");
    answers(answer(first, segment));
    expect(acknowledged(send())).to.equal(true);
    expect(machine.read("limit")).to.equal("30\n");
  });

  it("counts a backup of the future as one of now: the clock was ahead", () => {
    made({ dump: -48, base: 1 });
    answers("");
    send();
    expect(Date.now() / 1000 - madeAt(machine, "dump")).to.be.within(0, hour);
  });

  it("starts the first backups at once, and gives them an hour before an alarm fires", () => {
    answers("");
    expect(started(send())).to.deep.equal([start("dump"), start("base")]);
    const { nightlyHours } = thresholds.backup;
    const [report = {}] = metrics();
    for (const kind of ["dump", "base"])
      expect(report[kind]).to.be.within((nightlyHours - 1) * hour, (nightlyHours - 0.5) * hour);
  });

  it("makes up for a night in which the node was away, or was lost during the backup", () => {
    made({ dump: 25.1, base: 24.2 });
    answers("");
    expect(started(send())).to.deep.equal([start("dump")]);
  });

  it("tells nobody that the log begins without a base backup, before the first one is late", () => {
    for (const contents of [[gap], ["", gap]]) {
      for (const kind of ["dump", "base"]) rmSync(join(machine.world, `made-${kind}`), { force: true });
      rmSync(join(machine.world, "metrics"), { force: true });
      answers(...contents);
      expect(started(send())).to.include(start("base"));
      expect(metrics()).to.have.length(contents.length);
      for (const { base } of metrics()) expect(base).to.be.below(thresholds.backup.nightlyHours * hour);
    }
  });

  it("asks for a base backup at a gap, tells it at once, and ends it with a backup that began after it", () => {
    made({ dump: 1, base: 1, new: 0 });
    answers("", gap);
    expect(started(send())).to.deep.equal([start("base")]);
    expect(metrics().map(({ base = 0 }) => base > thresholds.backup.nightlyHours * hour)).to.deep.equal([false, true]);
    // The one that began before it does not end it, and neither does another instance of the node.
    expect([madeAt(machine, "base"), machine.has("made-new")]).to.deep.equal([0, false]);
    answers("");
    expect(started(send())).to.deep.equal([start("base")]);
    machine.command("k3s", "echo all; echo 4 bytes >&2; [[ $* != *next* ]]");
    expect(machine.bash([join(machine.world, "backup"), "base"]).status).to.equal(0);
    expect(Date.now() / 1000 - madeAt(machine, "base")).to.be.below(hour);
  });
});
