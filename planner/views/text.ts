import { stripVTControlCharacters, styleText } from "node:util";

/** Widest line a view prints. */
export const lineWidth = 100;

type Style = Parameters<typeof styleText>[0];

/** Colours a text on a terminal; elsewhere, and where NO_COLOR is set, it stays as it is. */
export function painter(stream: NodeJS.WriteStream): (style: Style, text: string) => string {
  const colour = stream.isTTY === true && !process.env.NO_COLOR;
  return colour ? (style, text) => styleText(style, text) : (_, text) => text;
}

/** `1 shard`, `2 shards`. */
export const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** Cuts a text to a width, with an ellipsis where something is gone. */
export function cut(text: string, width: number): string {
  if (width < 1) return "";
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Pads a text, colours not counted. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stripVTControlCharacters(text).length));
}

/** Breaks a text at spaces into lines of a width, each after an indent. */
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

/** Rows in columns as wide as their widest cell. */
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
