import { expect } from "chai";
import { diffHelp } from "../../../planner/cli/diff";
import { planHelp } from "../../../planner/cli/plan";
import { preflightHelp } from "../../../planner/cli/preflight";
import { runCli } from "./support";

describe("commands", () => {
  it("each have help, and --help alone shows all of it", async () => {
    expect(await runCli("plan", "--help")).to.deep.equal({ code: 0, stdout: planHelp, stderr: "" });
    expect(await runCli("diff", "startup", "--help")).to.deep.equal({ code: 0, stdout: diffHelp, stderr: "" });
    expect(await runCli("--help")).to.deep.equal({
      code: 0,
      stdout: [planHelp, diffHelp, preflightHelp].join("\n"),
      stderr: "",
    });
    expect((await runCli("paln", "--help")).stdout).to.equal([planHelp, diffHelp, preflightHelp].join("\n"));
  });

  it("are three", async () => {
    const rest = "allowed: plan, diff, preflight; fix: name one of them, or ask for --help\n";
    expect(await runCli()).to.deep.equal({ code: 2, stdout: "", stderr: `command line: given nothing; ${rest}` });
    expect(await runCli("paln")).to.deep.equal({ code: 2, stdout: "", stderr: `command line: given paln; ${rest}` });
  });
});
