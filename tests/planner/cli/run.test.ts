import { expect } from "chai";
import { diffHelp } from "../../../planner/cli/diff";
import { planHelp } from "../../../planner/cli/plan";
import { runCli } from "./support";

describe("commands", () => {
  it("each have help, and --help alone shows all of it", async () => {
    expect(await runCli("plan", "--help")).to.deep.equal({ code: 0, stdout: planHelp, stderr: "" });
    expect(await runCli("diff", "startup", "--help")).to.deep.equal({ code: 0, stdout: diffHelp, stderr: "" });
    expect(await runCli("--help")).to.deep.equal({ code: 0, stdout: `${planHelp}\n${diffHelp}`, stderr: "" });
    expect((await runCli("paln", "--help")).stdout).to.equal(`${planHelp}\n${diffHelp}`);
  });

  it("are two", async () => {
    const rest = "allowed: plan, diff; fix: name one of them, or ask for --help\n";
    expect(await runCli()).to.deep.equal({ code: 2, stdout: "", stderr: `command line: given nothing; ${rest}` });
    expect(await runCli("paln")).to.deep.equal({ code: 2, stdout: "", stderr: `command line: given paln; ${rest}` });
  });
});
