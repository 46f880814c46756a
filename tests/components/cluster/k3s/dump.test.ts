import { join } from "node:path";
import { expect } from "chai";
import { nodeFiles } from "../../../../components/cluster/k3s/node-files";
import { Machine, nodeArgs, type Run } from "./machine";

describe("dump of Postgres", () => {
  let machine: Machine;
  beforeEach(() => {
    machine = new Machine();
    const script = nodeFiles({ ...nodeArgs, dumpBucket: "dumps" })["/usr/local/sbin/tierstack-dump"] as string;
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
});
