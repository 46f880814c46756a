/** The tables of docs/data-path.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "../../bench/data/case";
import { faults as named, recordedFaults } from "../../tests/data/support/faults";
import { table } from "../markdown";

/** Returns what the faults of the data suite did, and under it where that was measured. */
export function dataFaultTable(): string {
  const faults = recordedFaults();
  const rows = Object.values(named).map((name) => {
    const result = faults.find(({ fault }) => fault === name);
    if (!result) return [name, "not measured yet", "", "", ""];
    const { saw, recoveredSeconds, acknowledged, lost } = result;
    const again = recoveredSeconds === undefined ? "" : `${recoveredSeconds} s`;
    return [name, saw, again, String(acknowledged), String(lost)];
  });
  const head = ["fault", "what callers saw", "recovered after", "acknowledged", "lost"];
  const measured = [...new Set(faults.map((fault) => fault.measured))].map((where) => `Measured ${where}.`);
  return [table(head, ["---", "---", "---:", "---:", "---:"], rows), "", ...measured].join("\n");
}

const benchFile = join(__dirname, "../../docs/measured/bench-data.json");

/** Returns the ratios of a run of `npm run bench:data`, and under it where it ran. */
export function dataBenchTable(): string {
  const { measured, results } = JSON.parse(readFileSync(benchFile, "utf8")) as { measured: string; results: Result[] };
  const rows = results.map(({ what, ratio, wanted, detail }) => [
    what,
    ratio.toFixed(2),
    wanted === undefined ? "" : wanted.toFixed(2),
    detail,
  ]);
  const head = ["compared", "ratio", "wanted", "medians"];
  return [table(head, ["---", "---:", "---:", "---"], rows), "", `Measured ${measured}.`].join("\n");
}
