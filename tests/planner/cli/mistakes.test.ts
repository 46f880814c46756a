import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { SettingsError } from "../../../config/problems";
import { BadStacks, exitCodeOf, Mistakes } from "../../../planner/cli/mistakes";
import { RefusedPlan } from "../../../planner/plan";

const problem = (where: string) => ({ where, given: "a", allowed: "b", fix: "c" });
const project = { folder: ".", name: "shop", main: "index.ts", defaults: {} };

describe("mistakes in several stacks", () => {
  const failing = (error: Error) => async () => {
    throw error;
  };

  async function collected(errors: Record<string, Error>): Promise<BadStacks> {
    const mistakes = new Mistakes(project);
    for (const [stack, error] of Object.entries(errors))
      expect(await mistakes.attempt(stack, failing(error))).to.equal(undefined);
    try {
      mistakes.throwIfAny();
    } catch (error) {
      if (error instanceof BadStacks) return error;
    }
    throw new Error("nothing was thrown");
  }

  it("are all reported, each with the file of its stack", async () => {
    const { message, exitCode } = await collected({
      mvp: new SettingsError([problem("shop:tier"), problem("shop:image")]),
      growth: new pulumi.ResourceError("postgres: too small", undefined),
    });
    expect(exitCode).to.equal(2);
    expect(message.split("\n")).to.deep.equal([
      "Pulumi.mvp.yaml: shop:tier: given a; allowed: b; fix: c",
      "Pulumi.mvp.yaml: shop:image: given a; allowed: b; fix: c",
      "Pulumi.growth.yaml: postgres: too small",
    ]);
  });

  it("name the tier that a stack is planned at in place of its own", async () => {
    const mistakes = new Mistakes(project);
    await mistakes.attempt("staging", failing(new SettingsError([problem("shop:image")])), "mvp");
    expect(() => mistakes.throwIfAny()).to.throw(
      /^Pulumi\.staging\.yaml at tier mvp: shop:image: given a; allowed: b; fix: c$/,
    );
  });

  it("name a file once, and a mistake in the project once", async () => {
    const mistake = new SettingsError([problem("Pulumi.yaml: main")]);
    const { message } = await collected({
      mvp: mistake,
      growth: mistake,
      bad: new SettingsError([problem("Pulumi.bad.yaml:3")]),
    });
    expect(message.split("\n")).to.deep.equal([
      "Pulumi.yaml: main: given a; allowed: b; fix: c",
      "Pulumi.bad.yaml:3: given a; allowed: b; fix: c",
    ]);
  });

  it("have the exit code of a refused plan only if all plans are", async () => {
    const refused = new RefusedPlan("mvp", ["two resources"]);
    const only = await collected({ mvp: refused });
    expect([only.exitCode, only.message]).to.deep.equal([1, "mvp: two resources"]);
    const both = { growth: new SettingsError([problem("shop:tier")]), mvp: refused };
    expect((await collected(both)).exitCode).to.equal(2);
  });

  it("do not include defects", async () => {
    const mistakes = new Mistakes(project);
    const defect = new TypeError("a defect");
    expect(await mistakes.attempt("mvp", failing(defect)).catch((error: unknown) => error)).to.equal(defect);
    expect(exitCodeOf(defect)).to.equal(undefined);
    expect(await mistakes.attempt("mvp", async () => 7)).to.equal(7);
    expect(() => mistakes.throwIfAny()).to.not.throw();
  });
});
