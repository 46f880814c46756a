import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { dataBenchTable, dataFaultTable } from "../../../scripts/tables/data-path";
import { faults } from "../../data/support/faults";

const root = join(__dirname, "..", "..", "..");

const read = (file: string) => JSON.parse(readFileSync(join(root, "docs", "measured", file), "utf8"));

/** The cells of a table's rows, without its head. */
const cellsOf = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) => line.slice(2, -2).split(" | "));

describe("the table of faults", () => {
  const recorded = read("faults.json");

  it("has a row for each fault that the data suite names, in order, and no other", () => {
    expect(cellsOf(dataFaultTable()).map(([name]) => name)).to.deep.equal(Object.values(faults));
    const names = recorded.map(({ fault }: { fault: string }) => fault);
    expect(Object.values(faults)).to.include.members(names);
  });

  it("says of each what was lost, and where it was measured", () => {
    for (const { fault, acknowledged, lost, measured } of recorded) {
      expect([fault, lost]).to.deep.equal([fault, 0]);
      expect(acknowledged, fault).to.be.above(0);
      expect(measured, fault).to.match(/^\d{4}-\d\d-\d\d; \d+ cores, \d+ GiB; /);
    }
  });

  it("has in each row the number of its measurement", () => {
    const text = dataFaultTable();
    for (const cells of cellsOf(text)) {
      const [name, measured] = [cells[0], cells.at(-1)];
      const result = recorded.find(({ fault }: { fault: string }) => fault === name);
      if (result) expect(text.split("\n"), name).to.include(`${measured}. ${result.measured}`);
      else expect(measured, name).to.equal("");
    }
  });

  it("has no fault that no test records", () => {
    const folder = join(root, "tests", "data");
    const tests = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".test.ts"),
    );
    const text = tests.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
    const missing = Object.keys(faults).filter((key) => !new RegExp(`\\bfaults\\.${key}\\b`).test(text));
    expect(missing).to.deep.equal([]);
  });
});

describe("the table of the bench", () => {
  it("says of each ratio that is wanted whether it is missed", () => {
    const { results } = read("bench-data.json") as { results: { what: string; ratio: number; wanted?: number }[] };
    for (const [index, [what, ratio, wanted]] of cellsOf(dataBenchTable()).entries()) {
      const result = results[index];
      expect([what, ratio]).to.deep.equal([result?.what, result?.ratio.toFixed(2)]);
      const isMissed = result?.wanted !== undefined && result.ratio < result.wanted;
      expect(wanted?.endsWith(", missed"), what).to.equal(isMissed);
      expect(Number.parseFloat(wanted ?? ""), what).to.deep.equal(result?.wanted ?? Number.NaN);
    }
  });
});
