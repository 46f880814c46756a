/** Both values of a property, line by line: whole, with the lines that differ marked. */
import { sorted } from "../../record/values";

/** A line of the value before (`-`), of the one after (`+`), or of both. */
export interface ValueLine {
  sign: "-" | "+" | " ";
  text: string;
}

/** With more pairs of lines to compare, everything between the first and the last difference is marked. */
const mostPairs = 1_000_000;

/** A text with its own lines, anything else as JSON over several. */
export function linesOf(value: unknown): string[] {
  if (value === undefined) return [];
  const text = typeof value === "string" && value.includes("\n") ? value : JSON.stringify(sorted(value), null, 2);
  return text.split("\n");
}

const marked = (sign: ValueLine["sign"], lines: string[]) => lines.map((text) => ({ sign, text }));

/** Length of the longest common sequence of what follows each pair of places. */
function commonAfter(old: string[], next: string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(next.length + 1).fill(0));
  const at = (row: number, column: number) => lengths[row]?.[column] as number;
  for (let row = old.length - 1; row >= 0; row--)
    for (let column = next.length - 1; column >= 0; column--)
      (lengths[row] as number[])[column] =
        old[row] === next[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
  return lengths;
}

function between(old: string[], next: string[]): ValueLine[] {
  if (old.length * next.length > mostPairs) return [...marked("-", old), ...marked("+", next)];
  const common = commonAfter(old, next);
  const lines: ValueLine[] = [];
  let [row, column] = [0, 0];
  while (row < old.length && column < next.length)
    if (old[row] === next[column]) {
      lines.push({ sign: " ", text: old[row++] as string });
      column += 1;
    } else if ((common[row + 1]?.[column] as number) >= (common[row]?.[column + 1] as number))
      lines.push({ sign: "-", text: old[row++] as string });
    else lines.push({ sign: "+", text: next[column++] as string });
  return [...lines, ...marked("-", old.slice(row)), ...marked("+", next.slice(column))];
}

/** The lines of both values in one text. */
export function joinedLines(before: unknown, after: unknown): ValueLine[] {
  const [old, next] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < next.length && old[start] === next[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, next.length) - start && old.at(-1 - end) === next.at(-1 - end)) end += 1;
  return [
    ...marked(" ", old.slice(0, start)),
    ...between(old.slice(start, old.length - end), next.slice(start, next.length - end)),
    ...marked(" ", old.slice(old.length - end)),
  ];
}
