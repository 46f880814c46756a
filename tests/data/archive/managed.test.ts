import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { Bucket } from "./support/bucket";
import { commands } from "./support/documented";

const name = "tierstack-growth-postgres-primary-g2-514011fe";

/** The commands of docs/backups.md for RDS, by the AWS CLI, against moto's API. */
describe("commands of a restore on RDS", function () {
  this.timeout(600_000);
  let aws: Bucket;
  let folder: string;

  before(async function () {
    folder = mkdtempSync(join(tmpdir(), "tierstack-rds-"));
    const started = await Bucket.start();
    if (!started) {
      console.log("    skipped: Python, moto or the AWS CLI is missing");
      return this.skip();
    }
    // For us-east-1 this version of the CLI has an address of its own for RDS, whatever AWS_ENDPOINT_URL says.
    started.env.AWS_DEFAULT_REGION = "us-west-2";
    aws = started;
    // The stack's address, as Pulumi prints it.
    const npx = `[ "$*" = "pulumi stack output databaseEndpoint -s growth" ] && echo ${name}.abc.us-west-2.rds.amazonaws.com:5432`;
    // moto leaves out some of what a restored instance gets, so what the CLI is asked for counts.
    const record = `echo "$*" >>${join(folder, "calls")}; exec ${aws.program} "$@"`;
    for (const [program, body] of Object.entries({ npx, aws: record, kubectl: "" })) {
      writeFileSync(join(folder, program), `#!/bin/sh\n${body}\n`);
      chmodSync(join(folder, program), 0o755);
    }
  });
  after(() => {
    aws?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const cli = (command: string) => aws.aws(...command.split(" ")).trim();

  /** Runs blocks of commands in one shell. */
  function run(...texts: string[]): void {
    const { status, stderr } = spawnSync("bash", ["-c", ["set -eu", ...texts.map(commands)].join("\n")], {
      env: { ...aws.env, PATH: `${folder}:${dirname(aws.program)}:${process.env.PATH}` },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    expect(status, stderr).to.equal(0);
  }

  it("restore into the stack's network, under its rules and with its parameters, and delete that instance alone", () => {
    const subnets = cli("ec2 describe-subnets --query Subnets[].SubnetId --output text").replace(/\s+/g, " ");
    const group = cli("ec2 create-security-group --group-name own --description own --query GroupId --output text");
    cli(
      `rds create-db-subnet-group --db-subnet-group-name own --db-subnet-group-description own --subnet-ids ${subnets}`,
    );
    const family = "--description own --db-parameter-group-family postgres17";
    cli(`rds create-db-parameter-group --db-parameter-group-name own ${family}`);
    const size = "--engine postgres --db-instance-class db.t4g.micro --allocated-storage 20 --multi-az";
    const login = "--master-username postgres --master-user-password a-password";
    const places = `--db-subnet-group-name own --vpc-security-group-ids ${group} --db-parameter-group-name own`;
    cli(`rds create-db-instance --db-instance-identifier ${name} ${size} ${login} ${places}`);

    run("SERVER=$(npx", "restore-db-instance-to-point-in-time");
    run("delete-db-instance");
    const calls = readFileSync(join(folder, "calls"), "utf8").split("\n");
    expect(calls.filter((call) => /^rds (restore|modify|delete)/.test(call))).to.deep.equal([
      `rds restore-db-instance-to-point-in-time --source-db-instance-identifier ${name} --target-db-instance-identifier ` +
        `restored-growth --restore-time 2026-11-29T17:00:00Z --db-subnet-group-name own --vpc-security-group-ids ${group} ` +
        "--db-parameter-group-name own --no-multi-az --no-publicly-accessible --no-deletion-protection",
      "rds delete-db-instance --db-instance-identifier restored-growth --skip-final-snapshot",
    ]);
  });
});
