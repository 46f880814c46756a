/** Curves as SVG, drawn for a phone's width: on a wider screen several stand beside each other. */
import { escaped } from "./html";

export interface Line {
  name: string;
  /** How it is drawn: the colour alone would not tell lines apart. */
  kind: "first" | "second" | "third" | "limit";
  /** Null where there is no value: the line has a gap. */
  values: (number | null)[];
}

export interface Chart {
  title: string;
  /** Positions of the values, rising. */
  at: number[];
  /** What the positions are, such as `s`. */
  axis: string;
  lines: Line[];
  /** How a value is written. */
  text: (value: number) => string;
}

const width = 360;
const height = 180;
const left = 60;
const right = 8;
const top = 8;
const bottom = 24;

/** Values on an axis. */
const ticks = 4;

/** The least of 1, 2, 2.5 and 5 times a power of ten that `ticks` steps of reach a value. They reach 1 where all values are 0. */
function stepFor(most: number): number {
  const least = (most === 0 ? 1 : Math.max(most, 1e-9)) / ticks;
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= least * (1 - 1e-9)) ?? least;
}

const short = (value: number) => `${Number(value.toFixed(1))}`;

/** A path through values, with gaps. A value on its own is a dot. */
export function pathOf(points: ([x: number, y: number] | null)[]): string {
  let path = "";
  points.forEach((point, at) => {
    if (!point) return;
    const isFirst = !points[at - 1];
    path += `${isFirst ? "M" : "L"}${short(point[0])} ${short(point[1])}`;
    if (isFirst && !points[at + 1]) path += "h0.1";
  });
  return path;
}

const legend = ({ lines }: Chart): string =>
  lines
    .map(
      ({ name, kind }) =>
        `<span class="key"><svg aria-hidden="true" viewBox="0 0 24 8"><path class="line ${kind}" d="M0 4h24"/></svg>${escaped(name)}</span>`,
    )
    .join(" ");

/** A line in words: its least and its most. */
function inWords({ name, values }: Line, text: Chart["text"]): string {
  const some = values.filter((value) => value !== null);
  if (some.length === 0) return `${name} nothing`;
  const [least, most] = [Math.min(...some), Math.max(...some)];
  return least === most ? `${name} ${text(most)}` : `${name} ${text(least)} to ${text(most)}`;
}

/** A chart with its legend. Its values in words are for those who do not see it. */
export function chart(own: Chart): string {
  const { title, at, axis, lines, text } = own;
  const step = stepFor(Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const [first, last] = [at[0] ?? 0, at.at(-1) ?? 0];
  const x = (position: number) => left + ((width - left - right) * (position - first)) / Math.max(last - first, 1e-9);
  const y = (value: number) => top + (height - top - bottom) * (1 - value / (step * ticks));
  const grid = Array.from({ length: ticks + 1 }, (_, tick) => {
    const value = Number((tick * step).toPrecision(6));
    return (
      `<path class="grid" d="M${left} ${short(y(value))}H${width - right}"/>` +
      `<text x="${left - 6}" y="${short(y(value) + 4)}" text-anchor="end">${escaped(text(value))}</text>`
    );
  });
  const ends = [first, last].map(
    (position, end) =>
      `<text x="${short(x(position))}" y="${height - 6}" text-anchor="${end === 0 ? "start" : "end"}">${short(position)} ${escaped(axis)}</text>`,
  );
  const paths = lines.map(({ kind, values }) => {
    const points = at.map((position, index): [number, number] | null => {
      const value = values[index] ?? null;
      return value === null ? null : [x(position), y(value)];
    });
    return `<path class="line ${kind}" d="${pathOf(points)}"/>`;
  });
  const words = `${title}: ${lines.map((line) => inWords(line, text)).join("; ")}`;
  return (
    `<figure class="chart"><figcaption>${escaped(title)}</figcaption>` +
    `<svg role="img" aria-label="${escaped(words)}" viewBox="0 0 ${width} ${height}">${grid.join("")}${ends.join("")}${paths.join("")}</svg>` +
    `<div>${legend(own)}</div></figure>`
  );
}

/** Charts beside each other, as many as there is room for. */
export const charts = (all: Chart[]): string => `<div class="charts">${all.map(chart).join("\n")}</div>`;
