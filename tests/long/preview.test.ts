import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { stackFile } from "../../planner/stacks";
import { preview } from "../../scripts/preview/preview";
import { testProject } from "../support/project";

const root = join(__dirname, "..", "..");

/** A checkout with the real commands and the stacks of the tests. */
function checkoutIn(folder: string): string {
  cpSync(testProject(), folder, { recursive: true, verbatimSymlinks: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const main = join(root, "planner", "cli", "main.ts");
  const command = (name: string) => `node --import tsx ${main} ${name}`;
  const scripts = { plan: command("plan"), diff: command("diff") };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "tierstack", private: true, scripts }));
  return folder;
}

describe("preview of a pull request, with the real commands", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-preview-"));
  });

  after(() => rmSync(folder, { recursive: true }));

  it("shows a setting that changes, a move, a broken stack, a new one and one that is gone", function () {
    this.timeout(300_000);
    const base = checkoutIn(join(folder, "base"));
    const head = checkoutIn(join(folder, "head"));
    const change = (stack: string, edit: (text: string) => string) => {
      const file = join(head, stackFile(stack));
      writeFileSync(file, edit(readFileSync(file, "utf8")));
    };
    change("startup", (text) => text.replace("port: 9898", "port: 8081"));
    change("growth", (text) => text.replace(/tier: \w+/, "tier: startup"));
    change("scale", (text) => text.replace(/tier: \w+/, "tier: huge"));
    writeFileSync(join(head, stackFile("staging")), readFileSync(join(head, stackFile("mvp"))));
    rmSync(join(head, stackFile("local")));
    const page = join(folder, "page.md");
    expect(preview([base, head, page])).to.deep.equal({ code: 0, problem: "" });
    const text = readFileSync(page, "utf8");
    const verdicts = Object.fromEntries(
      [...text.matchAll(/^\| `(\w+)` \| ([^|]*) \|/gm)].map(([, stack = "", verdict = ""]) => [stack, verdict]),
    );
    expect(verdicts).to.include({
      mvp: "no change",
      scale: "**cannot be planned**",
      local: "**stack removed**: what it deployed stays until it is destroyed",
    });
    expect(verdicts).to.include({ startup: "changed", growth: "changed" });
    expect(verdicts.staging).to.match(/^new stack, \d{2,} resources$/);
    expect(text).to.contain('tierstack:tier: given "huge"');
    // Created, updated, replaced, deleted.
    const countsOf = (stack: string) =>
      new RegExp(`^\\| \`${stack}\` \\| changed \\| (\\d*) \\| (\\d*) \\| (\\d*) \\| (\\d*) `, "m")
        .exec(text)
        ?.slice(1)
        .map(Number);
    expect(countsOf("startup")?.slice(2)).to.deep.equal([0, 0]);
    expect(countsOf("startup")?.[1]).to.be.above(0);
    for (const number of [countsOf("growth")?.[0], countsOf("growth")?.[3]]) expect(number).to.be.above(20);
    expect(text).to.contain("<details><summary>growth: the diff</summary>");
    expect(text.length).to.be.below(65_536);
  });
});
