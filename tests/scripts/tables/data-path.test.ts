import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { dataFaultTable } from "../../../scripts/tables/data-path";
import { faults } from "../../data/support/faults";

const root = join(__dirname, "..", "..", "..");

describe("the table of faults", () => {
  const recorded = JSON.parse(readFileSync(join(root, "docs", "measured", "faults.json"), "utf8"));

  it("has a row for each fault that the data suite names, in order, and no other", () => {
    const rows = dataFaultTable()
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .slice(2);
    expect(rows.map((row) => row.split(" | ")[0])).to.deep.equal(Object.values(faults).map((name) => `| ${name}`));
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
