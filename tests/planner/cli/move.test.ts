import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { testProject } from "../../support/project";
import { runCli, runCliAt } from "./support";

const run = (...argv: string[]) => runCli("plan", ...argv);

describe("npm run plan -- STACK --to TIER", () => {
  it("shows the move of one stack, with its phases", async () => {
    const { code, stdout, stderr } = await run("mvp", "--to", "startup");
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    const lines = stdout.split("\n");
    expect(lines[0]).to.match(/^mvp -> startup {2}/);
    expect(lines).to.include("phases").and.to.include("  5. Move to startup");
    expect(lines).to.include("       npx pulumi up -s mvp");
    expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(100);
  });

  it("takes one tier at a time from mvp to scale, and exits 1 because the stores would be lost", async () => {
    const { code, stdout } = await run("mvp", "--to", "scale");
    expect(code).to.equal(1);
    for (const tier of ["startup", "growth", "scale"]) expect(stdout).to.contain(`Move to ${tier}`);
  });

  it("says how long the change takes: the longest path through what changes, and nothing where it is refused", async () => {
    const { changes, duration } = JSON.parse((await run("mvp", "--to", "startup", "--format", "json")).stdout);
    const acting = changes.map(({ path }: { path: string }) => path);
    const path: { path: string; minutes: number }[] = duration.path;
    expect(acting).to.include.members(path.map((step) => step.path));
    expect(duration.minutes).to.be.closeTo(
      path.reduce((sum, { minutes }) => sum + minutes, 0),
      1e-9,
    );
    // The cache takes longest of all that is new.
    expect(duration.longest.path).to.equal("tierstack/redis/cluster");
    expect(duration.minutes).to.be.at.least(duration.longest.minutes);
    const shown = /^The change takes (.*)\.$/m.exec((await run("mvp", "--to", "startup")).stdout)?.[1];
    expect(shown).to.equal("about 13 minutes, by redis/cluster -> app/deployment");
    const refused = JSON.parse((await run("startup", "--to", "mvp", "--format", "json")).stdout);
    expect(refused.changes.some(({ action }: { action: string }) => action === "refused")).to.equal(true);
    expect(refused).not.to.have.property("duration");
  });

  it("writes a file in the format of its name, as npm run diff does", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tierstack-move-"));
    try {
      const file = join(folder, "move.json");
      expect(await run("mvp", "--to", "startup", "--out", file)).to.deep.equal({ code: 0, stdout: "", stderr: "" });
      expect(JSON.parse(readFileSync(file, "utf8"))).to.include({ from: "mvp", to: "startup" });
      const page = join(folder, "move.md");
      expect((await runCli("diff", "mvp", "startup", "--out", page)).code).to.equal(0);
      expect(readFileSync(page, "utf8")).to.match(/^## `mvp` → `startup`\n/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("names the tier in what is wrong with the stack there, and in what breaks a policy there", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tierstack-move-"));
    try {
      cpSync(testProject(), folder, { recursive: true, verbatimSymlinks: true });
      const file = join(folder, "Pulumi.mvp.yaml");
      const own = readFileSync(file, "utf8");
      const at = (line: string) => writeFileSync(file, own.replace("config:", `config:\n  ${line}`));
      at("tierstack:maintenance: perhaps");
      const wrong = await runCliAt(folder, "plan", "mvp", "--to", "startup");
      expect(wrong.code).to.equal(2);
      expect(wrong.stderr).to.contain("Pulumi.mvp.yaml at tier startup: tierstack:maintenance: given ");
      at("tierstack:budgetUsd: 20");
      const dear = await runCliAt(folder, "plan", "mvp", "--to", "startup");
      expect(dear.code).to.equal(1);
      expect(dear.stderr).to.match(/^mvp at tier startup: cost\.monthlyUsd: .*\(policy monthly-budget\)\n$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("reports bad input on one line each", async () => {
    const { code, stderr } = await run("mvp", "--to", "huge", "--manifests", "folder");
    expect(code).to.equal(2);
    expect(stderr.trimEnd().split("\n")).to.deep.equal([
      "--to: given huge; allowed: mvp, startup, growth, scale; fix: choose one of them",
      "--manifests: given beside --to; allowed: one of them; fix: remove it",
    ]);
    expect((await run("--to", "scale")).stderr).to.contain("allowed: one stack beside --to");
  });
});
