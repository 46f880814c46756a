import { join } from "node:path";
import { expect } from "chai";
import { nightlyDump } from "../../../../components/postgres/dumps/nightly-dump";
import { Machine, type Run } from "../../cluster/k3s/machine";

const task = nightlyDump({
  region: "us-east-1",
  bucket: "dumps",
  bucketArn: "arn:aws:s3:::dumps",
  namespace: "data",
});

describe("nightly dump as a task of the node", () => {
  it("is a script, a service and a timer at night, and the timer is enabled", () => {
    expect(Object.keys(task.files)).to.deep.equal([
      "/usr/local/sbin/tierstack-dump",
      "/etc/systemd/system/tierstack-dump.service",
      "/etc/systemd/system/tierstack-dump.timer",
    ]);
    expect(task.files["/etc/systemd/system/tierstack-dump.service"]).to.equal(
      "[Unit]\nDescription=Dump of Postgres to S3\nStartLimitIntervalSec=4h\nStartLimitBurst=12\n\n" +
        "[Service]\nType=oneshot\nExecStart=/usr/local/sbin/tierstack-dump\nTimeoutStartSec=4h\n" +
        "Restart=on-failure\nRestartSec=300",
    );
    expect(task.files["/etc/systemd/system/tierstack-dump.timer"]).to.equal(
      "[Unit]\nDescription=Nightly dump of Postgres\n\n" +
        "[Timer]\nOnCalendar=*-*-* 03:17:00 UTC\nRandomizedDelaySec=600\nPersistent=true",
    );
    expect(task.units).to.deep.equal(["tierstack-dump.timer"]);
  });

  it("may write dumps below their prefix, and read nothing", () => {
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

describe("dump of Postgres", () => {
  let machine: Machine;
  beforeEach(() => {
    machine = new Machine();
    const script = task.files["/usr/local/sbin/tierstack-dump"] as string;
    machine.write("dump", script);
    machine.write("database", "PGDMP and all the rest\n");
  });
  afterEach(() => machine.remove());

  const dump = (): Run => machine.bash([join(machine.world, "dump")]);

  function expectNoDump(run: Run, why: string): void {
    expect(run.status).to.equal(1);
    expect(run.output).to.contain(`ERROR: no dump: ${why}`);
    expect(machine.has("uploaded")).to.equal(false);
  }

  it("sends pg_dump's output under the time, with the password in no argument", () => {
    const run = dump();
    expect(run.output).to.match(/^dumped 23 bytes to s3:\/\/dumps\/postgres\/\d{4}-\d\d-\d\dT\d{6}Z\.dump\n$/);
    expect(run.status).to.equal(0);
    expect(machine.read("uploaded")).to.equal("PGDMP and all the rest\n");
    const exec = run.calls.find((call) => call.includes("pg_dump"));
    expect(exec).to.match(/^k3s kubectl -n data exec -i postgres-0 -c postgres -- sh -c .* postgres app$/);
    expect(run.calls.join()).not.to.contain("the-password");
    expect(run.calls.join()).to.contain(
      'get secret postgres-credentials -o go-template={{index .data "superuser-password"',
    );
  });

  it("leaves nothing that looks whole when pg_dump breaks off", () => {
    machine.write("pg-dump-failures", "1");
    expectNoDump(dump(), "pg_dump gave nothing or broke off");
  });

  it("fails when pg_dump gives nothing", () => {
    machine.write("database", "");
    expectNoDump(dump(), "pg_dump gave nothing or broke off");
  });

  it("fails when the password cannot be read", () => {
    machine.command("k3s", `[[ $* != *"get secret"* ]]`);
    expectNoDump(dump(), "pg_dump gave nothing or broke off");
  });

  it("fails when the upload does", () => {
    machine.write("upload-failures", "1");
    expectNoDump(dump(), "the upload to s3://dumps/postgres/");
  });

  it("does not hang on an upload that fails at once", () => {
    machine.command("aws", "exit 1");
    machine.write("database", "x".repeat(1_000_000));
    expectNoDump(dump(), "pg_dump gave nothing or broke off, or the upload did");
  });

  it("does not hang on an upload that ends before the dump begins", () => {
    machine.command("aws", 'exec <&-; touch "$WORLD/upload-ended"; exit 1');
    machine.command("tee", 'until [[ -e $WORLD/upload-ended ]]; do :; done; PATH=/usr/bin:/bin exec tee "$@"');
    expectNoDump(dump(), "pg_dump gave nothing or broke off, or the upload did");
  });
});
