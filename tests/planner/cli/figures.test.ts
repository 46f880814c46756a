import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Pulumi } from "../../../planner/binding/pulumi";
import { figureFlags } from "../../../planner/cli/figures";
import { commands } from "../../../planner/cli/run";
import { upCommand } from "../../../planner/cli/up";
import { testProject } from "../../support/project";
import { runCli } from "./support";

/** Commands that plan a stack for its cost and its capacity. */
const planning = ["plan", "diff", "up"] as const;

describe("figures of the command line", () => {
  let folder: string;
  let given: string[];
  const file = (name: string, content: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-figures-"));
    const coefficients = JSON.parse(readFileSync("planner/capacity/coefficients.json", "utf8"));
    coefficients.coefficients.applicationCpuMs.expected = 1.5;
    given = [
      "--prices",
      file("prices.json", [{ id: "vpc.ipv4.inuse", unit: "address-hour", usd: 0.004 }]),
      "--assumptions",
      file("use.json", [{ id: "spot.pricePercent", unit: "% of the on-demand price", values: 40 }]),
      "--coefficients",
      file("coefficients.json", coefficients),
    ];
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("have one definition, in the help of every command that plans", () => {
    for (const name of planning)
      for (const flag of figureFlags) {
        const lines = commands[name].help.options.filter(([option]) => option.startsWith(`--${flag} `));
        expect(lines, `${name} --${flag}`).to.have.length(1);
        expect(lines[0]).to.equal(commands.plan.help.options.find(([option]) => option === lines[0]?.[0]));
      }
  });

  it("move the figures of plan, diff and plan --to alike, on both sides", async () => {
    const planOf = async (...argv: string[]) =>
      JSON.parse((await runCli("plan", "mvp", "--format", "json", ...argv)).stdout);
    const own = await planOf();
    const other = await planOf(...given);
    // A tenth of an on-demand t4g.small, and a tenth of a cent an hour of an address.
    expect(own.cost.monthlyUsd - other.cost.monthlyUsd).to.be.closeTo(730 * (0.00168 + 0.001), 0.011);
    expect(other.capacity.requestsPerMinute).to.be.above(own.capacity.requestsPerMinute);
    const move = async (...argv: string[]) => JSON.parse((await runCli(...argv, "--format", "json", ...given)).stdout);
    for (const { cost, load } of [
      await move("diff", "mvp", "startup"),
      await move("plan", "mvp", "--to", "startup"),
      // The saved plan was priced without the files.
      await move("diff", "--base", file("base.json", { ...other, cost: own.cost }), "startup"),
    ]) {
      expect(cost.monthlyUsdBefore).to.equal(other.cost.monthlyUsd);
      expect(load.requestsPerMinuteBefore).to.equal(other.capacity.requestsPerMinute);
    }
  });

  it("are those that a plan was approved with, for npm run up", async () => {
    const approved = join(folder, "approved.json");
    expect((await runCli("plan", "mvp", "--out", approved, ...given)).code).to.equal(0);
    const asked: string[] = [];
    const pulumi: Pulumi = async (args) => {
      asked.push(args[0] ?? "");
      return { code: 0, output: args[0] === "preview" ? '{"steps":[]}' : "" };
    };
    const up = (...argv: string[]) =>
      upCommand(["mvp", "--plan", approved, "--yes", ...argv], testProject(), { pulumi }).catch(
        (error: Error) => error.message,
      );
    const write = process.stdout.write;
    process.stdout.write = (() => true) as typeof write;
    try {
      expect(await up())
        .to.match(/^mvp: capacity\.\S+: another value\n/)
        .and.to.contain("cost.monthlyUsd");
      expect(asked).to.deep.equal([]);
      expect(await up(...given)).to.equal(0);
      expect(asked.at(-1)).to.equal("up");
    } finally {
      process.stdout.write = write;
    }
  });

  it("are refused before anything is planned, with the problems of every file", async () => {
    const bad = file("bad.json", {});
    const files = figureFlags.flatMap((flag) => [`--${flag}`, bad]);
    const commandLines = [["plan"], ["plan", "mvp", "--to", "startup"], ["diff", "mvp", "nothing"]];
    for (const argv of [...commandLines, ["up", "mvp", "--plan", "nothing.json", "--yes"]]) {
      const { code, stdout, stderr } = await runCli(...argv, ...files);
      expect({ code, stdout }, argv.join(" ")).to.deep.equal({ code: 2, stdout: "" });
      expect(
        stderr
          .split("\n")
          .slice(0, 3)
          .map((line) => line.split(":")[0]),
      ).to.deep.equal([`--prices ${bad}`, `--assumptions ${bad}`, bad]);
    }
  });

  it("cannot move the price of a saved plan without a basis", async () => {
    const base = join(folder, "base.json");
    await runCli("plan", "mvp", "--out", base);
    const { cost, ...plan } = JSON.parse(readFileSync(base, "utf8"));
    const { basis: _, ...old } = cost;
    file("base.json", { ...plan, cost: old });
    const usd = cost.monthlyUsd.toFixed(2);
    expect((await runCli("diff", "--base", base, "mvp")).stdout).to.contain(`Cost: ${usd} -> ${usd} USD a month`);
    expect(await runCli("diff", "--base", base, "mvp", ...given)).to.deep.equal({
      code: 2,
      stdout: "",
      stderr:
        `--base ${base}: given a plan that cannot be priced anew, beside --prices or --assumptions; allowed: a plan whose ` +
        "cost has a basis; fix: write it anew: npm run plan -- STACK --out PLAN.json\n",
    });
  });
});
