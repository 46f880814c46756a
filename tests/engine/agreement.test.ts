import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { differingSteps, followingOf, predictedSteps, previewedSteps, type Steps } from "../../planner/binding/steps";
import { type Planned, planStack } from "../../planner/plan";
import { readProject, readStack } from "../../planner/stacks";
import { randomFrom } from "../support/edits";
import { Engine, requireCli } from "./engine";
import { programOf } from "./program";
import { Stack } from "./stack";

/** Settings to draw from, by key. The values are of the stack file. */
const settings: Record<string, unknown[]> = {
  tier: ["mvp", "startup"],
  image: ["ghcr.io/stefanprodan/podinfo:6.15.0", "ghcr.io/stefanprodan/podinfo:6.15.1"],
  maintenance: [true, false],
  allowDestroy: [true, false],
  alertEmail: ["ops@example.com", "night@example.com"],
  queues: [[{ name: "default" }], [{ name: "mail" }], [{ name: "default" }, { name: "mail" }]],
  keep: [{ nodeState: true }, { managedStores: true }],
};

const edits = 10;

/** The settings of an edit: one to three of them. */
function editOf(seed: number): Record<string, unknown> {
  const next = randomFrom(seed);
  const pick = <T>(list: T[]): T => list[Math.floor(next() * list.length)] as T;
  const keys = Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(Object.keys(settings)));
  return Object.fromEntries(keys.map((key) => [key, pick(settings[key] ?? [])]));
}

describe("agreement of predicted steps with the real engine's preview", () => {
  let engine: Engine;
  let prod: Stack;
  let base: Planned;
  let file: string;
  let text: string;

  const planned = () => {
    const project = readProject(engine.folder);
    return planStack(project, readStack(project, "prod"), require("../../index"));
  };

  before(async function () {
    requireCli(this);
    engine = await Engine.start(undefined, { clusters: false });
    file = join(engine.folder, "Pulumi.prod.yaml");
    copyFileSync(join(engine.folder, "Pulumi.mvp.yaml"), file);
    prod = new Stack(engine, "prod");
    await prod.init();
    text = readFileSync(file, "utf8");
    engine.standIn.paths = (await programOf(engine.folder, "prod")).paths;
    await prod.succeed("up", "--yes", "--skip-preview");
    base = await planned();
  });
  afterEach(() => file && writeFileSync(file, text));
  after(() => engine?.stop());

  for (let seed = 1; seed <= edits; seed++)
    it(`edit ${seed}: ${JSON.stringify(editOf(seed))}`, async () => {
      for (const [key, value] of Object.entries(editOf(seed))) {
        // Whole lines: the values of the stack file are replaced, or added.
        const lines = readFileSync(file, "utf8").split("\n");
        const at = lines.findIndex((line) => line.startsWith(`  tierstack:${key}:`));
        const block = (line: string | undefined) => line?.startsWith("    ") === true;
        let end = at + 1;
        if (at >= 0) while (block(lines[end])) end++;
        const kept = at < 0 ? lines : [...lines.slice(0, at), ...lines.slice(end)];
        const added = `config:\n  tierstack:${key}: ${JSON.stringify(value)}`;
        writeFileSync(file, kept.join("\n").replace("config:", added));
      }
      const { plan } = await planned();
      const { output } = await prod.run("preview", "--json");
      const steps = previewedSteps(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));
      expect(steps, output).to.not.equal(undefined);
      const predicted = predictedSteps(base.plan.resources, plan.resources);
      const following = followingOf(predicted, plan.resources);
      expect(differingSteps(predicted, steps as Steps, following)).to.deep.equal([]);
    });
});
