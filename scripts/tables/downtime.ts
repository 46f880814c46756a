/** The table of docs/moving.md. */
import { interruptions } from "../../platform/downtime";
import { table } from "../markdown";

/** A source as a link if it is a page, else as it is. */
const linked = (source: string) => (source.startsWith("https:") ? `[${new URL(source).hostname}](${source})` : source);

export function downtimeTable(): string {
  return table(
    ["change", "what happens", "lasts", "source"],
    ["---", "---", "---", "---"],
    interruptions.map(({ change, effect, lasts, source }) => [change, effect, lasts, linked(source)]),
  );
}
