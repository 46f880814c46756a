import { stripVTControlCharacters, styleText } from "node:util";

/** Width of a line where there is no terminal, in columns. */
export const defaultWidth = 100;

/** Narrower terminals get lines of this width, in columns. */
const leastWidth = 40;

type Style = Parameters<typeof styleText>[0];

/** Returns a function that colours text, or leaves it unchanged if the stream is no terminal or NO_COLOR is set. */
export function painter(stream: NodeJS.WriteStream): (style: Style, text: string) => string {
  const colour = stream.isTTY === true && !process.env.NO_COLOR;
  return colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
}

/** `1 shard`, `2 shards`. */
export const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** `postgres/primary` for `tierstack/postgres/primary`: a path without its root. */
export const belowRoot = (path: string) => path.replace(/^[^/]+\//, "");

/** Text on one line, with characters that are invisible or change the direction of text as escapes. */
export const visible = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (character) => `\\u${(character.codePointAt(0) as number).toString(16).padStart(4, "0")}`,
  );

/** How text is shown: its colours, and the width of a line in columns. */
export interface Screen {
  paint: (style: Style, text: string) => string;
  width: number;
}

/** The width of a stream's lines: that of the terminal, or what the variable COLUMNS says. */
export function widthOf({ isTTY, columns }: Pick<NodeJS.WriteStream, "isTTY" | "columns">): number {
  const asked = Number(process.env.COLUMNS);
  const width = Number.isInteger(asked) && asked > 0 ? asked : isTTY ? columns : 0;
  return width > 0 ? Math.max(leastWidth, width) : defaultWidth;
}

/** Pads text to a width, ignoring colour codes. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stripVTControlCharacters(text).length));
}

/** Parts of a word that are no longer than a line: split where a path or a name may be, or anywhere. */
function partsOf(word: string, room: number): string[] {
  if (word.length <= room) return [word];
  const start = word.slice(0, room);
  const at = Math.max(...["/", "-", ",", "=", "$"].map((sign) => start.lastIndexOf(sign))) + 1;
  const cut = at > room / 2 ? at : room;
  return [word.slice(0, cut), ...partsOf(word.slice(cut), room)];
}

/**
 * Wraps text at spaces to a width. No line is longer: a word that does not fit a line is split.
 * @param first  indent of the first line
 * @param rest   indent of the others @default that of the first line
 */
export function wrap(text: string, width: number, first = "", rest = first): string[] {
  const lines: string[] = [];
  for (const part of text.split(" ").flatMap((word) => partsOf(word, width - Math.max(first.length, rest.length)))) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + part.length <= width) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push((last === undefined ? first : rest) + part);
  }
  return lines.map((line) => (line.trim() === "" ? line : line.trimEnd()));
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

/** A table with a head: columns, or where these are too wide, a paragraph a row. */
export function table(head: string[], rows: string[][], { paint, width }: Screen): string[] {
  const [titles = "", ...lines] = columns([head, ...rows]);
  if ([titles, ...lines].every((line) => line.length <= width)) return [paint("bold", titles), ...lines];
  return rows.flatMap(([first = "", ...cells]) => {
    const facts = cells.map((cell, at) => `${head[at + 1]}: ${cell}`).join("; ");
    return [paint("bold", first), ...wrap(facts, width, "  ")];
  });
}
