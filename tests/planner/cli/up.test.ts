import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Pulumi } from "../../../planner/binding/pulumi";
import { upCommand } from "../../../planner/cli/up";
import { urnEnds } from "../../../planner/move/identity";
import type { PlannedResource } from "../../../planner/record/planned";
import { testProject } from "../../support/project";
import { runCli, runCliAt } from "./support";

/** A stand-in for the Pulumi CLI: what it was asked, and what it answers to a preview and to `stack export`. */
function fake({ steps = [] as object[], states = ["one"], upCode = 0, diagnostics = [] as object[], code = 0 } = {}) {
  const asked: string[] = [];
  const pulumi: Pulumi = async (args) => {
    asked.push(args.join(" "));
    if (args[0] === "stack")
      return { code: 0, output: states.length > 1 ? (states.shift() as string) : (states[0] ?? "") };
    if (args[0] === "preview") return { code, output: JSON.stringify({ steps, diagnostics }) };
    return { code: upCode, output: "" };
  };
  return { asked, pulumi };
}

/** The end of the URN of a resource, by its path. */
const end = (resources: PlannedResource[], path: string) => {
  const found = resources.find((one) => one.path === path);
  return urnEnds(resources).get(`${path} ${found?.type}`);
};

describe("npm run up", () => {
  let folder: string;
  let approved: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-up-"));
    approved = join(folder, "approved.json");
    expect((await runCli("plan", "local", "--out", approved)).code).to.equal(0);
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Runs it, and returns the exit code or the error's message. */
  const up = async (pulumi: Pulumi, argv: string[] = [], confirm = async () => true) => {
    const write = process.stdout.write;
    process.stdout.write = (() => true) as typeof write;
    try {
      return await upCommand(["local", "--plan", approved, "--yes", ...argv], testProject(), { pulumi, confirm });
    } catch (error) {
      return (error as Error).message;
    } finally {
      process.stdout.write = write;
    }
  };
  const step = (op: string) => ({ op, urn: "urn:pulumi:local::tierstack::a:b:C::x", oldState: { custom: true } });
  const upOnly = ["stack export --stack local", "preview --stack local --json --non-interactive"];

  it("previews, and hands over, with the exit code of pulumi up", async () => {
    const { asked, pulumi } = fake({ steps: [step("create")], upCode: 255 });
    expect(await up(pulumi)).to.equal(255);
    expect(asked).to.deep.equal([...upOnly, "stack export --stack local", "up --stack local --yes --skip-preview"]);
  });

  it("refuses what a plan alone does not show, and what the base does not give", async () => {
    const replaced = fake({ steps: [step("replace")] });
    expect(await up(replaced.pulumi)).to.match(/a:b:C::x: now replace, which a plan alone does not show\n.*--base/);
    const created = fake({ steps: [step("create")] });
    expect(await up(created.pulumi, ["--base", approved])).to.equal(
      "local: a:b:C::x: approved no change, now create\n" +
        "local: the engine's preview is not the approved move; nothing was touched",
    );
    for (const { asked } of [replaced, created]) expect(asked).to.deep.equal(upOnly);
  });

  it("resumes: fewer steps than the move has, but no other", async () => {
    const base = join(folder, "base.json");
    const plan = JSON.parse(readFileSync(approved, "utf8"));
    const [first, second] = plan.resources.filter(({ type, custom }: { type: string; custom: boolean }) => {
      return custom && type === "kubernetes:core/v1:ConfigMap";
    });
    writeFileSync(
      base,
      JSON.stringify({ ...plan, resources: plan.resources.filter((one: object) => one !== first && one !== second) }),
    );
    const created = (op: string, name: string) => ({
      ...step(op),
      urn: `urn:pulumi:local::tierstack::${end(plan.resources, name)}`,
    });
    const half = fake({ steps: [created("create", first.path)] });
    expect(await up(half.pulumi, ["--base", base])).to.contain("approved create, now no change");
    expect(await up(half.pulumi, ["--base", base, "--resume"])).to.equal(0);
    const other = fake({ steps: [created("create", first.path), step("delete")] });
    expect(await up(other.pulumi, ["--base", base, "--resume"])).to.match(
      /^local: a:b:C::x: approved no change, now delete\n/,
    );
    const deleted = fake({ steps: [created("delete", first.path)] });
    expect(await up(deleted.pulumi, ["--base", base, "--resume"])).to.contain("approved create, now delete");
    expect(other.asked).to.deep.equal(upOnly);
    expect(await up(half.pulumi, ["--resume"])).to.contain("--resume: given no --base;");
  });

  it("refuses a plan that breaks a policy, and asks Pulumi nothing", async () => {
    const project = join(folder, "project");
    cpSync(testProject(), project, { recursive: true, verbatimSymlinks: true });
    const stackFile = join(project, "Pulumi.mvp.yaml");
    writeFileSync(stackFile, readFileSync(stackFile, "utf8").replace("config:", "config:\n  tierstack:budgetUsd: 1"));
    const broken = join(folder, "broken.json");
    expect((await runCliAt(project, "plan", "mvp", "--out", broken)).code).to.equal(1);
    const { asked, pulumi } = fake();
    const refused = await upCommand(["mvp", "--plan", broken, "--yes"], project, { pulumi }).catch(String);
    expect(refused).to.contain("(policy monthly-budget)");
    expect(asked).to.deep.equal([]);
  });

  it("refuses a preview with errors, and a state that changes after it", async () => {
    const failing = fake({ diagnostics: [{ severity: "error", message: "boom\n  here" }], code: 255 });
    expect(await up(failing.pulumi)).to.equal(
      "local: boom here\nlocal: pulumi preview failed with exit code 255; nothing was touched",
    );
    const moving = fake({ states: ["one", "two"] });
    expect(await up(moving.pulumi)).to.contain("the state changed after the preview; nothing was touched");
    expect(moving.asked.at(-1)).to.equal("stack export --stack local");
  });

  it("refuses a plan that is no longer the stack's, and asks Pulumi nothing", async () => {
    const plan = JSON.parse(readFileSync(approved, "utf8"));
    const [first, second, ...others] = plan.resources.filter(
      ({ inputs }: { inputs: object }) => Object.keys(inputs).length > 0,
    );
    const changed = { ...plan, tier: "scale", resources: [{ ...second, inputs: { more: 1 } }, ...others] };
    const file = join(folder, "changed.json");
    writeFileSync(file, JSON.stringify(changed));
    const { asked, pulumi } = fake();
    const message = await up(pulumi, ["--plan", file]);
    expect(message).to.contain(`local: ${first.path}: not in the approved plan\n`);
    expect(message).to.match(new RegExp(`local: ${second.path}: another inputs\\.`));
    expect(message).to.contain("local: tier: another value\n");
    expect(message).to.contain("the plan made now is not the approved one; nothing was touched");
    expect(asked).to.deep.equal([]);
  });

  it("refuses files that are no plan of the stack, and a command line without a plan", async () => {
    const bad = join(folder, "bad.json");
    const cases: [string, string][] = [
      ["{", "a file that is not JSON"],
      ['{"version":2,"resources":[]}', "a plan of version 2"],
      ['{"version":"1","resources":[]}', 'a plan of version "1"'],
      ['{"version":1,"resources":[]}', "a plan with parts missing: project, stack, tier, cost"],
      ["[]", "JSON that is not a plan"],
    ];
    for (const [text, given] of cases) {
      writeFileSync(bad, text);
      const { code, stderr } = await runCli("up", "local", "--plan", bad, "--yes");
      expect({ code, stderr }).to.deep.equal({
        code: 2,
        stderr: `--plan ${bad}: given ${given}; allowed: a plan of version 1 as JSON; fix: write one: npm run plan -- local --out PLAN.json\n`,
      });
    }
    const other = await runCli("up", "mvp", "--plan", approved, "--yes");
    expect(other.code).to.equal(2);
    expect(other.stderr).to.match(/given a plan of .*, stack local; allowed: a plan of .*, stack mvp;/);
    const plan = JSON.parse(readFileSync(approved, "utf8"));
    const damaged: [spoilt: object, given: string][] = [
      [{ project: "shop" }, "a plan of shop, stack local; allowed: a plan of tierstack, stack local; fix: "],
      [{ tier: "huge" }, 'a plan of the tier "huge"; '],
      [{ cost: undefined }, "a plan with parts missing: cost; "],
      [{ resources: [...plan.resources, plan.resources[0]] }, `${plan.resources[0].path} twice; `],
    ];
    for (const [spoilt, given] of damaged) {
      writeFileSync(bad, JSON.stringify({ ...plan, ...spoilt }));
      for (const flags of [
        ["--plan", bad],
        ["--plan", approved, "--base", bad],
      ]) {
        const { code, stderr } = await runCli("up", "local", ...flags, "--yes");
        expect(code).to.equal(2);
        expect(stderr).to.contain(`${flags.at(-2)} ${bad}: given ${given}`);
      }
    }
    writeFileSync(bad, "[]");
    // The plan is read before anybody is asked.
    const unread = await runCli("up", "local", "--plan", bad);
    expect(unread.stderr).to.contain(`--plan ${bad}: given JSON that is not a plan`);
    const none = await runCli("up", "local", "--yes=no");
    expect(none.code).to.equal(2);
    expect(none.stderr).to.contain("--yes: given no; allowed: no value; fix: write --yes\n");
    expect((await runCli("up", "local", "--yes")).stderr).to.contain(
      "--plan: given nothing; allowed: the approved plan",
    );
  });
});
