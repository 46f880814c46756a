import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { pulumiIn } from "../../../planner/binding/pulumi";

describe("the Pulumi CLI", () => {
  const given = process.env.PULUMI_COMMAND;
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-pulumi-"));
    const script = '#!/bin/sh\necho "$PWD $* $PULUMI_ENABLE_STREAMING_JSON_PREVIEW"\nexit 3\n';
    writeFileSync(join(folder, "cli"), script);
    chmodSync(join(folder, "cli"), 0o755);
  });
  after(() => {
    rmSync(folder, { recursive: true });
    if (given === undefined) delete process.env.PULUMI_COMMAND;
    else process.env.PULUMI_COMMAND = given;
  });

  it("is PULUMI_COMMAND, in the project's folder, with its output and exit code", async () => {
    process.env.PULUMI_COMMAND = join(folder, "cli");
    expect(await pulumiIn(folder)(["up", "--yes"], { show: false })).to.deep.equal({
      code: 3,
      output: `${folder} up --yes false\n`,
    });
  });

  it("is reported where there is none", async () => {
    process.env.PULUMI_COMMAND = join(folder, "missing");
    expect(await pulumiIn(folder)(["up"], { show: false })).to.deep.equal({
      code: 127,
      output: `${join(folder, "missing")}: no such program`,
    });
  });
});
