/** The table of docs/moving.md. */
import { interruptions, lastsText } from "../../platform/downtime";
import { table } from "../markdown";
import { linked } from "./linked";

export function downtimeTable(): string {
  return table(
    ["change", "what happens", "lasts", "source"],
    ["---", "---", "---", "---"],
    interruptions.map((one) => [one.change, one.effect, lastsText(one), linked(one.source)]),
  );
}
