import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { pricesCheckCommand } from "../../../planner/cli/prices-check";
import { cataloguePrices } from "../../../planner/cost/prices";
import { runCli } from "./support";

const day = 24 * 60 * 60 * 1000;

describe("npm run prices:check", () => {
  let folder: string;
  let out: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-prices-"));
    out = join(folder, "out.txt");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("is fine on a fresh clone, whatever the year, and lists what is older than a year", async () => {
    const { code, stdout, stderr } = await runCli("prices:check");
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(stdout).to.match(new RegExp(`^${cataloguePrices.size} prices, from `));
    await pricesCheckCommand(["--out", out], new Date("2040-01-01"));
  });

  it("refuses prices of a file that are of the future", async () => {
    const file = join(folder, "prices.json");
    const at = async (asOf: string) => {
      writeFileSync(file, JSON.stringify([{ id: "vpc.nat.hour", unit: "hour", usd: 1, asOf }]));
      return pricesCheckCommand(["--prices", file, "--out", out], new Date("2026-11-29")).then(
        () => "",
        (error: Error) => error.message.replace(`${folder}/`, ""),
      );
    };
    expect(await at("2026-11-30")).to.equal("");
    expect(await at("2030-01-01")).to.equal(
      'prices.json: vpc.nat.hour.asOf: given "2030-01-01"; allowed: a date that is not in the future; fix: correct the date',
    );
  });

  it("fails by --max-age, and names the prices that are older", async () => {
    const dates = [...cataloguePrices.values()].map(({ asOf }) => Date.parse(asOf as string));
    const oldest = Math.min(...dates);
    const messageAt = (days: number) =>
      pricesCheckCommand(["--max-age", "10", "--out", out], new Date(oldest + days * day)).then(
        () => "",
        (error: Error) => error.message,
      );
    expect(await messageAt(10)).to.equal("");
    const count = dates.filter((date) => date === oldest).length;
    expect(await messageAt(11)).to.equal(
      `prices: ${count} of ${cataloguePrices.size} have no date or are older than 10 days; fix: look them up, and correct ` +
        "planner/catalogues/aws-prices.json",
    );
  });

  it("counts a price of a file without a date as old", async () => {
    const file = join(folder, "prices.json");
    writeFileSync(file, JSON.stringify([{ id: "kms.key", unit: "key-month", usd: 1 }]));
    const { code, stdout, stderr } = await runCli("prices:check", "--prices", file, "--max-age", "99999");
    expect(code).to.equal(1);
    expect(stdout).to.contain("kms.key  1 per key-month  no date");
    expect(stderr).to.contain(`prices: 1 of ${cataloguePrices.size} have no date`).and.to.contain(`correct ${file}`);
  });

  it("refuses a stack and an age that is no number of days", async () => {
    const days = "allowed: whole days from 0 to 99999; fix: write --max-age 180\n";
    expect(await runCli("prices:check", "growth", "--max-age", "a year")).to.deep.equal({
      code: 2,
      stdout: "",
      stderr: `--max-age: given a year; ${days}command line: given growth; allowed: flags only; fix: remove it\n`,
    });
    expect((await runCli("prices:check", "--max-age=-1")).stderr).to.equal(`--max-age: given -1; ${days}`);
  });
});
