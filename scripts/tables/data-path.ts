/** The tables of docs/data-path.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "../../bench/data/case";
import { faults as named, recordedFaults } from "../../tests/data/support/faults";
import { table } from "../markdown";

/** Returns what the faults of the data suite did. Each row has the number of its measurement in the list below the table. */
export function dataFaultTable(): string {
  const faults = recordedFaults();
  const places = [...new Set(faults.map(({ measured }) => measured))];
  const rows = Object.values(named).map((name) => {
    const result = faults.find(({ fault }) => fault === name);
    if (!result) return [name, "not measured yet", "", "", "", ""];
    const { saw, recoveredSeconds, acknowledged, lost, measured } = result;
    const again = recoveredSeconds === undefined ? "" : `${recoveredSeconds} s`;
    return [name, saw, again, `${acknowledged}`, `${lost}`, `${places.indexOf(measured) + 1}`];
  });
  const head = ["fault", "what callers saw", "recovered after", "acknowledged", "lost", "measured"];
  const list = places.map((place, index) => `${index + 1}. ${place}`);
  return [table(head, ["---", "---", "---:", "---:", "---:", "---:"], rows), "", "Measured:", "", ...list].join("\n");
}

/** `0.80`, with a word where it is missed. */
const wantedText = (ratio: number, wanted?: number) =>
  wanted === undefined ? "" : `${wanted.toFixed(2)}${ratio < wanted ? ", missed" : ""}`;

const benchFile = join(__dirname, "../../docs/measured/bench-data.json");

/** Returns the ratios of a run of `npm run bench:data`, and under it where it ran. */
export function dataBenchTable(): string {
  const { measured, results } = JSON.parse(readFileSync(benchFile, "utf8")) as { measured: string; results: Result[] };
  const rows = results.map(({ what, ratio, wanted, detail }) => [
    what,
    ratio.toFixed(2),
    wantedText(ratio, wanted),
    detail,
  ]);
  const head = ["compared", "ratio", "wanted", "medians"];
  return [table(head, ["---", "---:", "---:", "---"], rows), "", `Measured ${measured}.`].join("\n");
}
