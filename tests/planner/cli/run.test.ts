import { expect } from "chai";
import { diffHelp } from "../../../planner/cli/diff";
import { helpText } from "../../../planner/cli/help";
import { planHelp } from "../../../planner/cli/plan";
import { commands } from "../../../planner/cli/run";
import { runCli } from "./support";

const [plan, diff] = [planHelp, diffHelp].map((help) => helpText(help, 100));
const everything = Object.values(commands).map(({ help }) => helpText(help, 100));

describe("commands", () => {
  it("each have help, and --help alone shows all of it", async () => {
    for (const flag of ["--help", "-h"]) {
      expect(await runCli("plan", flag)).to.deep.equal({ code: 0, stdout: plan, stderr: "" });
      expect(await runCli("diff", "startup", flag)).to.deep.equal({ code: 0, stdout: diff, stderr: "" });
      const all = { code: 0, stdout: everything.join("\n"), stderr: "" };
      expect(await runCli(flag)).to.deep.equal(all);
      expect(await runCli("paln", flag)).to.deep.equal(all);
    }
  });

  it("are those that a wrong name is answered with", async () => {
    const rest =
      "allowed: plan, diff, preflight, up, advise, load, capacity:fit, prices:check; fix: name one of them, or ask for --help\n";
    expect(await runCli()).to.deep.equal({ code: 2, stdout: "", stderr: `command line: given nothing; ${rest}` });
    for (const name of ["paln", "constructor"])
      expect(await runCli(name)).to.deep.equal({ code: 2, stdout: "", stderr: `command line: given ${name}; ${rest}` });
  });
});
