import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SettingsError } from "../../../config/problems";
import { readScenario, scenarioSchema, scenarios } from "../../../planner/load/scenario";
import { formatProblem } from "../../../tiers/problem";

const good = {
  name: "one",
  what: "one request",
  phases: [{ share: 1, from: 1, to: 1 }],
  steps: [{ name: "get", path: "/" }],
};

describe("scenarios", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-scenario-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  function problems(content: unknown): string[] {
    const file = join(folder, "scenario.json");
    writeFileSync(file, JSON.stringify(content));
    try {
      readScenario(file);
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      return error.problems.map((problem) => formatProblem(problem).replaceAll(`${folder}/`, ""));
    }
    return [];
  }

  it("of the planner are the four of the guides, none with more than what the tier must carry", () => {
    expect(scenarios.map(({ name }) => name)).to.deep.equal([
      "user-sessions",
      "webhook-bursts",
      "bulk-sending",
      "subscription-spikes",
    ]);
    for (const { phases, source } of scenarios) {
      expect(Math.max(...phases.flatMap(({ from, to }) => [from, to]))).to.equal(1);
      expect(source).to.match(/^guides: /);
    }
  });

  it("of docs/load.md is one", () => {
    const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "load.md"), "utf8");
    const [, example = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    expect(scenarioSchema.safeParse(JSON.parse(example)).error).to.equal(undefined);
  });

  it("have defaults", () => {
    writeFileSync(join(folder, "good.json"), JSON.stringify(good));
    expect(readScenario(join(folder, "good.json")).steps).to.deep.equal([
      { name: "get", method: "GET", path: "/", headers: {}, capture: {}, once: false },
    ]);
  });

  it("say every mistake at once, each with its place", () => {
    const fix = "fix: correct it (docs/load.md)";
    const steps = [
      { name: "Get", path: "items", method: "HEAD" },
      { name: "send", path: "/a b", expect: [99], typo: 1 },
    ];
    expect(problems({ ...good, phases: [{ share: 0, from: -1, to: 1 }], steps })).to.deep.equal([
      `scenario.json: phases[0].share: given 0; allowed: above 0; ${fix}`,
      `scenario.json: phases[0].from: given -1; allowed: at least 0; ${fix}`,
      `scenario.json: steps[0].name: given "Get"; allowed: a name such as user-sessions; ${fix}`,
      `scenario.json: steps[0].method: given "HEAD"; allowed: GET, POST, PUT, PATCH, DELETE; ${fix}`,
      `scenario.json: steps[0].path: given "items"; allowed: a path that begins with /, without spaces or #; ${fix}`,
      `scenario.json: steps[1].path: given "/a b"; allowed: a path that begins with /, without spaces or #; ${fix}`,
      `scenario.json: steps[1].expect[0]: given 99; allowed: at least 200; ${fix}`,
      'scenario.json: steps[1]: given the unknown key "typo"; allowed: the keys in docs/load.md; fix: remove it',
    ]);
  });

  it("refuse placeholders that nothing gives, and what could never be sent", () => {
    const allowed =
      "allowed: {user}, {uuid}, {number:FROM-TO}, or a variable that a step before it captures; fix: correct the placeholder, or capture it";
    const steps = [
      { name: "a", path: "/{job}", capture: { job: "id" } },
      { name: "b", path: "/{job}", headers: { x: "{nobody}" }, body: { n: ["{number:9-1}"] } },
    ];
    expect(problems({ ...good, steps })).to.deep.equal([
      `scenario.json: steps[0].path: given {job}; ${allowed}`,
      `scenario.json: steps[1].headers: given {nobody}; ${allowed}`,
      `scenario.json: steps[1].body: given {number:9-1}; ${allowed}`,
    ]);
    expect(
      problems({ ...good, phases: [{ share: 1, from: 0, to: 0 }], steps: [{ name: "a", path: "/", once: true }] }),
    ).to.deep.equal([
      "scenario.json: phases: given phases without load; allowed: a phase whose from or to is above 0; fix: raise one",
      "scenario.json: steps: given steps that are all sent once; allowed: a step without once; fix: add one",
      "scenario.json: steps[0].once: given true without capture; allowed: capture beside it; fix: capture a variable, or remove once",
    ]);
  });
});
