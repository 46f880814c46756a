/** The tables of docs/handover.md. */
import measured from "../../docs/measured/handover.json";
import { type Phase, phases } from "../../handover/decide";
import { code, table } from "../markdown";

/** What happens in each phase of a handover, and what the user does. */
const about: Record<Phase, [happens: string, step: string]> = {
  new: ["The engine looks at both servers", "wait; if `problem` names something, fix it"],
  prepared: ["Both servers are accepted; the schema is copied", "wait"],
  copying: ["The rows are copied", "wait"],
  following: ["All rows are there; writes follow, and both databases are compared", "wait"],
  ready: ["Both databases are equal", "[switch](#switch)"],
  switched: ["Clients use the new database; the old one follows it", "[finish](#finish), or [back](#back)"],
  back: [
    "Clients use the old database again; the new one follows it",
    "switch again, or [finish](#finish) and set the tier back",
  ],
  aborted: ["The replication and the copy are removed", "remove the key, and set the tier back"],
  finished: [
    "Nothing is replicated; the engine still keeps PgBouncer on the database in use",
    "remove the key, and run `npx pulumi up`",
  ],
};

/** Returns the table of the phases, in their order. */
export function phaseTable(): string {
  return table(
    ["phase", "what happens", "your step"],
    ["---", "---", "---"],
    phases.map((phase) => [code(phase), ...about[phase]]),
  );
}

const count = (number: number) => number.toLocaleString("en-US");

/** Returns what clients waited in runs of tests/data/handover/switch.test.ts, and under it where that was measured. */
export function pauseTable(): string {
  const rows = measured.runs.map(({ rows, switches, writes, writerMs: { p50, p99, max }, lost, doubled, errors }) =>
    [rows, switches, writes, p50, p99, max, lost, doubled, errors].map(count),
  );
  const head = ["rows", "switches", "writes", "p50 ms", "p99 ms", "most ms", "lost", "doubled", "errors"];
  return [
    table(
      head,
      head.map(() => "---:"),
      rows,
    ),
    "",
    `Measured ${measured.measured}.`,
  ].join("\n");
}
