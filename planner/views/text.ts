import { stripVTControlCharacters, styleText } from "node:util";

/** Maximum line width of a view. */
export const lineWidth = 100;

type Style = Parameters<typeof styleText>[0];

/** Returns a function that colours text, or leaves it unchanged if the stream is no terminal or NO_COLOR is set. */
export function painter(stream: NodeJS.WriteStream): (style: Style, text: string) => string {
  const colour = stream.isTTY === true && !process.env.NO_COLOR;
  return colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
}

/** `1 shard`, `2 shards`. */
export const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** Truncates text to a width, with an ellipsis. */
export function cut(text: string, width: number): string {
  if (width < 1) return "";
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Pads text to a width, ignoring colour codes. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stripVTControlCharacters(text).length));
}

/** Wraps text at spaces to `lineWidth`, and indents every line. */
export function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && indent.length + last.length + 1 + word.length <= lineWidth)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => indent + line);
}

/** Aligns rows into columns. */
export function columns(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => stripVTControlCharacters(row[at] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : pad(cell, widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
