import { expect } from "chai";
import { preflightCommand } from "../../../planner/cli/preflight";
import { RefusedPlan } from "../../../planner/plan";
import { checks } from "../../../planner/preflight/preflight";
import { awsError, awsOf, dnsOf, registriesOf } from "../preflight/support";
import { root, runCli } from "./support";

describe("npm run preflight", () => {
  it("names every check in its help", async () => {
    const { code, stdout } = await runCli("preflight", "--help");
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Usage: npm run preflight -- STACK/);
    const listed = checks.map(({ name }) => name).join(", ");
    expect(stdout.replaceAll(/\s+/g, " ")).to.contain(` It checks ${listed}. `);
  });

  it("refuses a command line without one stack", async () => {
    const message = (given: string) =>
      `command line: given ${given}; allowed: one stack; fix: write npm run preflight -- STACK\n`;
    expect(await runCli("preflight")).to.deep.equal({ code: 2, stdout: "", stderr: message("no stack") });
    expect((await runCli("preflight", "a", "b")).stderr).to.equal(message("a b"));
    expect((await runCli("preflight", "growth", "--form", "startup")).stderr).to.contain("did you mean --from?");
  });

  it("refuses a stack that there is not", async () => {
    const { code, stderr } = await runCli("preflight", "grwoth");
    expect({ code, stderr }).to.deep.equal({
      code: 2,
      stderr: 'stack: given "grwoth"; allowed: local, mvp, startup, growth, scale; fix: did you mean growth?\n',
    });
  });

  it("has nothing to check on an existing cluster", async () => {
    expect(await runCli("preflight", "local")).to.deep.equal({
      code: 0,
      stdout: "local\n\nnothing to check: the stack has no resources on AWS\n",
      stderr: "",
    });
  });

  it("does not pass without credentials", async () => {
    const aws = awsOf({});
    aws.identity = async () => {
      throw awsError("CredentialsProviderError", "none");
    };
    const registries = registriesOf({ "ghcr.io/stefanprodan/podinfo:6.15.0": ["linux/arm64"] });
    let problems: string[] = [];
    const write = process.stdout.write;
    let shown = "";
    process.stdout.write = ((text: string) => {
      shown += text;
      return true;
    }) as typeof write;
    try {
      await preflightCommand(["growth", "--from", "startup"], root, { aws, dns: dnsOf(), registries });
    } catch (error) {
      if (error instanceof RefusedPlan) problems = error.message.split("\n");
      else throw error;
    } finally {
      process.stdout.write = write;
    }
    expect(problems).to.deep.equal(["startup -> growth: 9 checks could not run"]);
    expect(shown.split("\n")[0]).to.equal("startup -> growth");
    expect(shown).to.contain("\n2 fine, 0 failed, 9 not checked\n");
  });
});
