import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Engine, type Run } from "./engine";
import { programOf } from "./program";
import { Stack } from "./stack";

describe("npm run up with the real engine", () => {
  let engine: Engine;
  let prod: Stack;

  before(async function () {
    engine = await Engine.start(this, { clusters: false });
    copyFileSync(join(engine.folder, "Pulumi.mvp.yaml"), join(engine.folder, "Pulumi.prod.yaml"));
    prod = new Stack(engine, "prod");
    await prod.init();
  });
  after(() => engine?.stop());

  const save = async (file: string) => {
    const { code, output } = await engine.planner("plan", "prod", "--out", file);
    expect(code, output).to.equal(0);
  };

  const up = async (...args: string[]): Promise<Run> => {
    engine.standIn.paths = (await programOf(engine.folder, "prod")).paths;
    engine.standIn.done.length = 0;
    return engine.planner("up", "prod", "--yes", ...args);
  };

  /** Expects a refusal with exit code 1 and a message, and nothing touched. */
  const expectRefused = ({ code, output }: Run, message: RegExp) => {
    expect(output).to.match(message).and.to.contain("nothing was touched");
    expect(code).to.equal(1);
    expect(engine.standIn.done).to.deep.equal([]);
  };

  it("deploys a new stack as it was approved, then finds no change", async () => {
    await save("approved.json");
    const first = await up("--plan", "approved.json");
    expect(first.output).to.match(/prod: the preview is the approved one: \d+ create\n/);
    expect(first.code, first.output.slice(-3000)).to.equal(0);
    expect(engine.standIn.done.length).to.be.greaterThan(60);
    const second = await up("--plan", "approved.json", "--base", "approved.json");
    expect(second.output).to.contain("prod: the preview is the approved one: no change\n");
    expect(second.code).to.equal(0);
    expect(engine.standIn.done).to.deep.equal([]);
  });

  it("refuses a stack file that changed after the approval", async () => {
    const file = join(engine.folder, "Pulumi.prod.yaml");
    const before = readFileSync(file, "utf8");
    engine.edit("prod", (text) => text.replace("podinfo:6.15.0", "podinfo:6.15.1"));
    expectRefused(await up("--plan", "approved.json"), /prod: tierstack\/app\/.*: another /);
    writeFileSync(file, before);
  });

  it("refuses a program that changed after the approval", async () => {
    const file = join(engine.folder, "index.ts");
    const before = readFileSync(file, "utf8");
    const more = 'new (require("@pulumi/random").RandomId)("more", { byteLength: 4 })';
    writeFileSync(file, before.replace("program()", `program(() => { ${more}; })`));
    expectRefused(await up("--plan", "approved.json"), /prod: .*more: not in the approved plan\n/);
    writeFileSync(file, before);
  });

  it("goes through with an approved move, and refuses what it deletes and replaces without the plan before it", async () => {
    prod.set("tier", "startup");
    await save("startup.json");
    expectRefused(
      await up("--plan", "startup.json"),
      /: now (delete|replace|retained), which a plan alone does not show/,
    );
    const { code, output } = await up("--plan", "startup.json", "--base", "approved.json");
    expect(code, output.slice(-3000)).to.equal(0);
    expect(engine.standIn.done.length).to.be.greaterThan(10);
  });

  it("refuses a state that is no longer the one before the approved move", async () => {
    const { output } = await engine.run("stack", "export", "--stack", "prod");
    const budget = JSON.parse(output).deployment.resources.find(
      ({ type }: { type: string }) => type.includes("PodDisruption") || type.includes("HorizontalPod"),
    );
    await engine.succeed("state", "delete", budget.urn, "--stack", "prod", "--yes");
    expectRefused(
      await up("--plan", "startup.json", "--base", "startup.json"),
      /prod: .*: approved no change, now create\n/,
    );
  });
});
