import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { preview } from "../../../scripts/preview/preview";
import { checkoutOf, type StackAnswers } from "../../support/checkout";

const plan = (resources: number, monthlyUsd?: number) => ({
  resources: Array.from({ length: resources }, () => ({})),
  cost: monthlyUsd === undefined ? null : { monthlyUsd },
});

const diff = (actions: string[], markdown: string, exit = 0, message = "") => ({
  exit,
  message,
  json: { changes: actions.map((action) => ({ action })) },
  markdown,
});

/** `npm run` of a checkout without npm, whose start costs half a second a command. */
const npm = `#!/bin/sh
[ "$1 $2 $4" = "run --silent --" ] || exit 64
command=$3
shift 4
exec node cli.cjs "$command" "$@"
`;

describe("preview of a pull request", () => {
  const path = process.env.PATH;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-preview-"));
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin", "npm"), npm, { mode: 0o755 });
    process.env.PATH = `${join(folder, "bin")}:${path}`;
  });

  afterEach(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });

  function pageOf(base: Record<string, StackAnswers>, head: Record<string, StackAnswers>): string {
    const out = join(folder, "page.md");
    const folders = [checkoutOf(join(folder, "base"), base), checkoutOf(join(folder, "head"), head)];
    expect(preview([...folders, out])).to.deep.equal({ code: 0, problem: "" });
    return readFileSync(out, "utf8");
  }

  it("leaves nothing in the temporary folder, also where it fails", () => {
    const temporary = process.env.TMPDIR;
    process.env.TMPDIR = join(folder, "temporary");
    mkdirSync(process.env.TMPDIR);
    try {
      pageOf({ same: { plan: plan(1) } }, { same: { plan: plan(1) } });
      expect(preview([join(folder, "none"), join(folder, "none"), join(folder, "none", "page.md")]).code).to.equal(2);
      expect(readdirSync(process.env.TMPDIR)).to.deep.equal([]);
    } finally {
      if (temporary === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = temporary;
    }
  });

  /** The rows of the table, by stack, without their padding. */
  const rowsOf = (page: string) => page.split("\n").filter((line) => line.startsWith("| `"));

  it("says for each stack what happens to it, and shows the diff of those that change", () => {
    const page = pageOf(
      { same: { plan: plan(1) }, gone: { plan: plan(1) }, changed: { plan: plan(2, 10) } },
      {
        same: { plan: plan(1) },
        fresh: { plan: plan(3, 5) },
        changed: { plan: plan(3, 12.5), diff: diff(["create", "update", "update", "none"], "**What changes**") },
      },
    );
    expect(rowsOf(page)).to.deep.equal([
      "| `changed` | changed | 1 | 2 |  |  | 10.00 → 12.50 |",
      "| `fresh` | new stack, 3 resources |  |  |  |  | 5.00 |",
      "| `same` | no change |  |  |  |  |  |",
      "| `gone` | **stack removed**: what it deployed stays until it is destroyed |  |  |  |  |  |",
    ]);
    expect(page.match(/<details>/g)).to.have.length(1);
    expect(page).to.contain("<details><summary>changed: the diff</summary>\n\n**What changes**\n\n</details>");
  });

  it("shows a change that the planner refuses with its reason and its diff", () => {
    const refused = diff(["replace"], "the diff", 1, "changed: postgres holds data, and the move would replace it");
    const page = pageOf({ changed: { plan: plan(1) } }, { changed: { plan: plan(2), diff: refused } });
    expect(rowsOf(page)).to.deep.equal(["| `changed` | **refused** |  |  | 1 |  |  |"]);
    expect(page).to.contain("```text\nchanged: postgres holds data, and the move would replace it\n```\n\nthe diff");
  });

  it("tells a plan with other figures from one with other resources", () => {
    const page = pageOf(
      { figures: { plan: plan(1, 10) }, retained: { plan: plan(1) } },
      {
        figures: { plan: plan(1, 11), diff: diff([], "nothing") },
        retained: { plan: plan(2), diff: diff(["retained"], "one") },
      },
    );
    expect(rowsOf(page)).to.deep.equal([
      "| `figures` | no resource changes |  |  |  |  | 10.00 → 11.00 |",
      "| `retained` | changed |  |  |  |  |  |",
    ]);
  });

  it("tells a head that cannot be planned from a base, and from plans that cannot be compared", () => {
    const page = pageOf(
      {
        head: { plan: plan(1) },
        base: { plan: { exit: 2, message: "base: an unknown key" } },
        version: { plan: plan(1) },
        garbled: { plan: plan(1) },
      },
      {
        head: { plan: { exit: 1, message: "head: a ``` fence\n</details> @octocat" } },
        base: { plan: plan(1) },
        version: { plan: plan(2), diff: diff([], "", 2, "--base: given a plan of version 0") },
        garbled: { plan: plan(2), diff: { ...diff([], ""), json: ["no changes"] } },
      },
    );
    expect(rowsOf(page)).to.deep.equal([
      "| `base` | planned; its base cannot be planned, so nothing is compared |  |  |  |  |  |",
      "| `garbled` | **cannot be compared with its base** |  |  |  |  |  |",
      "| `head` | **cannot be planned** |  |  |  |  |  |",
      "| `version` | **cannot be compared with its base** |  |  |  |  |  |",
    ]);
    // Hostile text cannot leave its fence.
    expect(page).to.contain("````text\nhead: a ``` fence\n</details> @octocat\n````");
    expect(page).to.contain("--base: given a plan of version 0");
    expect(page).to.contain("npm run diff exited with 0 and no message");
  });

  it("plans the head of a base without stacks, and reports a head without", () => {
    const base = join(folder, "empty");
    const head = checkoutOf(join(folder, "head"), { only: { plan: plan(1) } });
    const out = join(folder, "page.md");
    rmSync(join(checkoutOf(base, {}), "Pulumi.yaml"));
    expect(preview([base, head, out]).code).to.equal(0);
    const page = readFileSync(out, "utf8");
    expect(rowsOf(page)).to.deep.equal(["| `only` | new stack, 1 resource |  |  |  |  |  |"]);
    expect(page).to.contain(
      "The base has no stacks that this version reads:\n\n```text\nPulumi.yaml: given a file that",
    );
    const { code, problem } = preview([head, base, out]);
    expect([code, problem.split(";")[0]]).to.deep.equal([2, "Pulumi.yaml: given a file that cannot be read (ENOENT)"]);
  });

  it("runs no part of a stack's name", () => {
    // With npm itself, which takes options of its own from the command line.
    process.env.PATH = path;
    const name = "--out";
    const page = pageOf({ [name]: { plan: plan(1) } }, { [name]: { plan: plan(2), diff: diff(["create"], "one") } });
    expect(rowsOf(page)).to.deep.equal(["| `--out` | changed | 1 |  |  |  |  |"]);
  });

  it("stays below the limit of a comment: a diff is whole, or there is a note how to read it", () => {
    const names = Array.from({ length: 6 }, (_, at) => `s${at}`);
    const long = (length: number): StackAnswers => ({ plan: plan(2), diff: diff(["update"], "x".repeat(length)) });
    const base = Object.fromEntries(names.map((name) => [name, { plan: plan(1) }]));
    const lengths = [30_000, 40_000, 30_000, 65_000, 10, 20];
    const page = pageOf(base, Object.fromEntries(names.map((name, at) => [name, long(lengths[at] as number)])));
    expect(page.length).to.be.within(60_000, 64_000);
    expect(rowsOf(page)).to.have.length(6);
    const whole = names.filter((name) => page.includes(`<summary>${name}: the diff</summary>`));
    expect(whole).to.deep.equal(["s0", "s2", "s4", "s5"]);
    for (const name of ["s1", "s3"]) expect(page).to.contain(`The diff of \`${name}\` does not fit a comment.`);
  });

  it("asks for two checkouts and a file", () =>
    expect(preview(["base", "head"])).to.deep.equal({
      code: 2,
      problem: "command line: given 2 arguments; allowed: BASE HEAD PAGE.md; fix: name two checkouts and a file",
    }));
});
