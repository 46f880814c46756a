/** The tables of docs/data-path.md. */
import { recordedFaults } from "../../tests/data/support/faults";
import { table } from "../markdown";

/** Returns what the faults of the data suite did, and under it where that was measured. */
export function dataFaultTable(): string {
  const faults = recordedFaults();
  const rows = faults.map(({ fault, saw, recoveredSeconds, acknowledged, lost }) => [
    fault,
    saw,
    recoveredSeconds === undefined ? "" : `${recoveredSeconds} s`,
    String(acknowledged),
    String(lost),
  ]);
  const head = ["fault", "what callers saw", "recovered after", "acknowledged", "lost"];
  const measured = [...new Set(faults.map((fault) => fault.measured))].map((where) => `Measured ${where}.`);
  return [table(head, ["---", "---", "---:", "---:", "---:"], rows), "", ...measured].join("\n");
}
