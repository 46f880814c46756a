/** Where two values differ, line by line, so that nothing of them need be cut. */
import { isMapping, sorted } from "../record/values";

/** A line that only one of two values has. */
export interface DifferingLine {
  sign: "-" | "+";
  text: string;
}

/** A text that is base64 of another one, such as user data. Shorter ones may be names. */
const base64 = /^[A-Za-z0-9+/]{64,}={0,2}$/;

function decoded(text: string): string | undefined {
  if (!base64.test(text)) return undefined;
  const plain = Buffer.from(text, "base64").toString("utf8");
  return plain.includes("\n") && !/[\ufffd\0]/.test(plain) ? plain : undefined;
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = /^[[{]/.test(text) ? JSON.parse(text) : undefined;
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Values in a mapping each have a line with their path, items of a list one without. */
function structureLines(value: unknown, path: string): string[] {
  const at = (text: string) => [path === "" ? text : `${path}: ${text}`];
  if (Array.isArray(value) && value.length > 0) return value.flatMap((item) => at(JSON.stringify(sorted(item))));
  if (!isMapping(value) || Object.keys(value).length === 0) return at(JSON.stringify(value));
  return Object.entries(value).flatMap(([name, inner]) =>
    structureLines(inner, path === "" ? name : `${path}.${name}`),
  );
}

/** The lines of a value: of a text its own, also where it is base64; of a structure, or JSON of one, its parts. */
export function linesOf(value: unknown): string[] {
  if (value === undefined) return [];
  if (typeof value !== "string") return structureLines(sorted(value), "");
  const text = decoded(value) ?? value;
  const structure = parsed(text);
  return structure ? structureLines(sorted(structure), "") : text.replace(/\n$/, "").split("\n");
}

/** More pairs of lines than this are not compared: all lines of one side go, and all of the other come. */
const mostPairs = 4_000_000;

/** The lengths of the longest common subsequences of the ends of two lists, by their beginnings. */
function commonLengths(before: string[], after: string[]): Uint32Array[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--) {
      const [row, below] = [lengths[i] as Uint32Array, lengths[i + 1] as Uint32Array];
      row[j] =
        before[i] === after[j] ? (below[j + 1] as number) + 1 : Math.max(below[j] as number, row[j + 1] as number);
    }
  return lengths;
}

/** The lines that two lists do not have in common, in order; what goes before what comes in its place. */
export function differingLines(before: string[], after: string[]): DifferingLine[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const [old, next] = [before, after].map((lines) => lines.slice(start, lines.length - end)) as [string[], string[]];
  const gone = (text: string): DifferingLine => ({ sign: "-", text });
  const come = (text: string): DifferingLine => ({ sign: "+", text });
  if (old.length * next.length > mostPairs) return [...old.map(gone), ...next.map(come)];
  const lengths = commonLengths(old, next);
  const lengthAt = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  const found: DifferingLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < next.length)
    if (i < old.length && j < next.length && old[i] === next[j]) [i, j] = [i + 1, j + 1];
    else if (i < old.length && lengthAt(i + 1, j) >= lengthAt(i, j + 1)) found.push(gone(old[i++] as string));
    else if (j < next.length) found.push(come(next[j++] as string));
    else found.push(gone(old[i++] as string));
  return found;
}
