import { expect } from "chai";
import { diffHelp } from "../../../planner/cli/diff";
import { helpText } from "../../../planner/cli/help";
import { planHelp } from "../../../planner/cli/plan";
import { preflightHelp } from "../../../planner/cli/preflight";
import { upHelp } from "../../../planner/cli/up";
import { runCli } from "./support";

const [plan, diff, preflight, up] = [planHelp, diffHelp, preflightHelp, upHelp].map((help) => helpText(help, 100));

describe("commands", () => {
  it("each have help, and --help alone shows all of it", async () => {
    for (const flag of ["--help", "-h"]) {
      expect(await runCli("plan", flag)).to.deep.equal({ code: 0, stdout: plan, stderr: "" });
      expect(await runCli("diff", "startup", flag)).to.deep.equal({ code: 0, stdout: diff, stderr: "" });
      const all = { code: 0, stdout: [plan, diff, preflight, up].join("\n"), stderr: "" };
      expect(await runCli(flag)).to.deep.equal(all);
      expect(await runCli("paln", flag)).to.deep.equal(all);
    }
  });

  it("are four", async () => {
    const rest = "allowed: plan, diff, preflight, up; fix: name one of them, or ask for --help\n";
    expect(await runCli()).to.deep.equal({ code: 2, stdout: "", stderr: `command line: given nothing; ${rest}` });
    expect(await runCli("paln")).to.deep.equal({ code: 2, stdout: "", stderr: `command line: given paln; ${rest}` });
  });
});
