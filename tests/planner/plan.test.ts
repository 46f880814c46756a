import * as random from "@pulumi/random";
import { expect } from "chai";
import { assumedCoefficients } from "../../planner/capacity/coefficients";
import { planStack, RefusedPlan, soundRecording } from "../../planner/plan";
import { readProject, readStack } from "../../planner/stacks";
import { tiers } from "../../tiers";
import { budgetOf } from "../../tiers/connections";
import { testProject } from "../support/project";

const project = readProject(testProject());

async function refusal(run: () => Promise<unknown>): Promise<string[]> {
  try {
    await run();
  } catch (error) {
    if (error instanceof RefusedPlan) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("plan", () => {
  it("of a stack has its tier, capacity and outputs, and shows no secret", async () => {
    const { plan, inputs, recording } = await planStack(project, readStack(project, "growth"), require("../../index"));
    const { clientConnections, serverConnections, maxConnections } = budgetOf(tiers.growth);
    expect(plan).to.deep.include({
      version: 1,
      project: "tierstack",
      stack: "growth",
      tier: "growth",
      lookUps: recording.lookUps,
    });
    expect(plan.capacity).to.deep.include({ clientConnections, serverConnections, maxConnections, measured: null });
    expect(plan.outputs.url).to.equal("https://app.example.com");
    expect(inputs.settings.tier).to.equal("growth");
    const secret = plan.resources.find(({ path }) => path === "tierstack/postgres/primary");
    expect(secret?.inputs.password).to.equal("[secret]");
    expect(plan.resources.map(({ path }) => path)).to.deep.equal(recording.resources.map(({ path }) => path));
  });

  it("has the paths of what limits it, and other figures where sizes are overridden", async () => {
    const planned = async (stack: string, overrides: Record<string, object>) => {
      const config = readStack(project, stack);
      for (const [key, value] of Object.entries(overrides)) {
        const before = JSON.parse(config.config[`tierstack:${key}`] ?? "{}");
        config.config[`tierstack:${key}`] = JSON.stringify({ ...before, ...value });
      }
      return (await planStack(project, config, require("../../index"))).plan;
    };
    for (const stack of ["local", "mvp", "startup", "growth", "scale"]) {
      const { capacity, resources } = await planned(stack, {});
      expect(capacity.missed, stack).to.deep.equal([]);
      expect(resources.map(({ path }) => path)).to.include.members(capacity.limits.map(({ path }) => path));
      expect(capacity.bottleneck).to.deep.equal(capacity.limits[0]);
    }
    const before = (await planned("growth", {})).capacity.requestsPerMinute;
    const { capacity } = await planned("growth", { app: { maxReplicas: 2 } });
    expect(capacity.requestsPerMinute).to.be.below(before);
  });

  it("uses coefficients that it is given", async () => {
    const { applicationCpuMs } = assumedCoefficients.coefficients;
    const measured = { file: "r.json", date: "2026-11-20", points: 9, residual: 0.02, fitted: ["applicationCpuMs"] };
    const coefficients = {
      ...assumedCoefficients,
      measured,
      coefficients: { ...assumedCoefficients.coefficients, applicationCpuMs: { ...applicationCpuMs, expected: 20 } },
    };
    const stack = readStack(project, "growth");
    const { capacity } = (await planStack(project, stack, require("../../index"), { coefficients })).plan;
    expect(capacity.measured).to.equal(measured);
    expect(capacity.missed).to.deep.equal(["requestsPerMinute", "concurrentUsers"]);
  });

  it("uses the stack's region", async () => {
    const stack = readStack(project, "growth");
    stack.config["tierstack:region"] = "eu-west-1";
    const { plan } = await planStack(project, stack, require("../../index"));
    const listener = plan.resources.find(({ type }) => type === "aws:lb/listener:Listener");
    expect(listener?.inputs.loadBalancerArn).to.match(/^arn:aws:elasticloadbalancing:eu-west-1:/);
  });

  it("is refused for a program that reports no inputs", async () => {
    const stack = readStack(project, "growth");
    expect(await refusal(() => planStack(project, stack, () => ({}) as never))).to.deep.equal([
      "growth: the program reports no inputs: export program() of tierstack",
    ]);
  });

  it("is refused with every problem of the graph at once", async () => {
    const program = () => {
      new random.RandomPassword("twin", { length: 20 });
      new random.RandomPassword("twin", { length: 20 });
      new random.RandomPassword("odd", { length: 20, colour: "red" } as random.RandomPasswordArgs);
    };
    const options = { project: "tierstack", stack: "growth" };
    expect(await refusal(() => soundRecording(program, options))).to.deep.equal([
      "growth: odd (random:index/randomPassword:RandomPassword): the SDK does not know the property colour",
      "growth: twin (random:index/randomPassword:RandomPassword): two resources have the URN " +
        "urn:pulumi:growth::tierstack::random:index/randomPassword:RandomPassword::twin",
    ]);
  });
});
