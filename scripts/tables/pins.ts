/** The table of docs/adr/0003-versions.md. */
import { images, versions } from "../../versions";
import { code, table } from "../markdown";
import { type Pin, provenance } from "../provenance";

/** Abbreviates a checksum. */
const short = (text: string) => text.replace(/^([0-9a-f]{6})[0-9a-f]{54}([0-9a-f]{4})$/, "$1...$2");

type Value = string | Record<string, string | number>;

function formatValue(value: Value): string {
  if (typeof value === "string") return code(short(value));
  // An image's user and group are properties of the image, not pins.
  if ("image" in value) return code(`${value.image}`);
  return Object.values(value)
    .map((part) => code(`${part}`))
    .join(", ");
}

export function pinTable(): string {
  const pins: Record<Pin, Value> = { ...versions, ...images };
  const rows = (Object.keys(provenance) as Pin[]).map((pin) => {
    const { what, seen } = provenance[pin];
    return [what, formatValue(pins[pin]), seen];
  });
  return table(["component", "pin", "source"], ["---", "---", "---"], rows);
}
