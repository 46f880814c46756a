/** The table of docs/moving.md. */
import { interruptions } from "../../platform/downtime";
import { table } from "../markdown";
import { linked } from "./linked";

export function downtimeTable(): string {
  return table(
    ["change", "what happens", "lasts", "source"],
    ["---", "---", "---", "---"],
    interruptions.map(({ change, effect, lasts, source }) => [change, effect, lasts, linked(source)]),
  );
}
