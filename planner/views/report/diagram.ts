/** The drawing of a topology: dagre places the boxes, and each leads to its component on the page. */
import { Graph, layout } from "@dagrejs/dagre";
import { visible } from "../text";
import type { Box, Topology } from "../topology";
import { escaped } from "./html";
import { rowsOf } from "./rows";

/** What a box says below its title, and how it is marked. */
export interface BoxNote {
  text: string;
  mark?: "changed" | "replaced";
}

/** Size of a box, in pixels, and the characters that fit its lines. Two beside each other fit a phone. */
const size = { width: 118, height: 60 };
const margin = 3;
const fits = { title: 13, note: 18 };

const shortened = (text: string, length: number) => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

/** Rounded, so that no digit depends on the machine. */
const at = (value: number) => Math.round(value * 10) / 10;

interface Point {
  x: number;
  y: number;
}

/** A smooth line through points: curves from middle to middle. */
function pathThrough(points: Point[]): string {
  const [first, ...rest] = points as [Point, ...Point[]];
  const last = rest.pop() ?? first;
  const curves = rest.map((point, index) => {
    const next = rest[index + 1] ?? last;
    const end = index === rest.length - 1 ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${at(point.x)} ${at(point.y)} ${at(end.x)} ${at(end.y)}`;
  });
  return `M${at(first.x)} ${at(first.y)}${curves.join("") || `L${at(last.x)} ${at(last.y)}`}`;
}

/** Id of a component's part of the page. */
export const idOf = (index: number): string => `component-${index}`;

/** Where everything is: boxes by index, lines, where the whole begins, and its size. */
interface Drawing {
  left: number;
  width: number;
  height: number;
  boxes: Point[];
  lines: Point[][];
}

/** Places boxes that are in rows, and the lines between them. */
function placed({ boxes, edges }: Topology, rows: string[][]): Drawing {
  const rowOf = new Map(rows.flatMap((paths, row) => paths.map((path) => [path, row] as const)));
  const rowAt = (path: string) => rowOf.get(path) as number;
  const graph = new Graph({ multigraph: true });
  /** Dagre calls it with its own boxes beside ours, and counts twice, to have room for texts on lines. */
  const ranker = (ranked: Graph) => {
    for (const id of ranked.nodes()) ranked.node(id).rank = 2 * (rowOf.get(id) ?? -1);
  };
  const space = { nodesep: 12, edgesep: 6, ranksep: 30, marginy: margin };
  // Dagre's types know only the names of its own rankers.
  graph.setGraph({ rankdir: "TB", ...space, ranker: ranker as never });
  for (const { path } of boxes) graph.setNode(path, { ...size });
  // A line upward, in a circle, is laid downward.
  const isUp = ({ from, to }: Topology["edges"][number]) => rowAt(from) > rowAt(to);
  for (const edge of edges)
    if (isUp(edge)) graph.setEdge(edge.to, edge.from, {}, "up");
    else graph.setEdge(edge.from, edge.to, {});
  layout(graph);
  const drawn = {
    boxes: boxes.map(({ path }) => graph.node(path) as Point),
    lines: edges.map((edge) =>
      isUp(edge)
        ? [...graph.edge(edge.to, edge.from, "up").points].reverse()
        : [...graph.edge(edge.from, edge.to).points],
    ),
  };
  // Dagre's own size leaves out lines beside all boxes.
  const sides = drawn.boxes.flatMap(({ x }) => [x - size.width / 2, x + size.width / 2]);
  const all = [...sides, ...drawn.lines.flat().map(({ x }) => x)];
  const left = Math.min(...all);
  return {
    ...drawn,
    left: left - margin,
    width: Math.max(...all) - left + 2 * margin,
    height: (graph.graph() as { height?: number }).height ?? 0,
  };
}

/** A title in a line, or where it is too long for one, in two that are as short as they get. */
function titleLines(title: string): string[] {
  const shown = visible(title);
  if (shown.length <= fits.title) return [shown];
  const ways = [...shown.matchAll(/[/-](?=.)/g)].map(({ index }) => [
    shown.slice(0, index + 1),
    shown.slice(index + 1),
  ]);
  const longest = (lines: string[]) => Math.max(...lines.map((line) => line.length));
  const lines = ways.reduce((best, way) => (longest(way) < longest(best) ? way : best), [shown]);
  return lines.map((line) => shortened(line, fits.title));
}

/** A box with its texts. It is a link, so it works with the keyboard and without a script. */
function drawnBox(box: Box, index: number, { x, y }: Point, note: BoxNote): string {
  const data = box.resources.some(({ options }) => options.protect);
  const lines = [...titleLines(box.title), shortened(visible(note.text), fits.note) + (data ? " (!)" : "")];
  const texts = lines.map((line, row) => {
    const kind = row === lines.length - 1 ? ' class="note"' : "";
    return `<text${kind} x="${at(x)}" y="${at(y + 5 + (row - (lines.length - 1) / 2) * 17)}">${escaped(line)}</text>`;
  });
  return (
    `<a class="box${note.mark ? ` ${note.mark}` : ""}${data ? " data" : ""}" href="#${idOf(index)}">` +
    `<rect x="${at(x - size.width / 2)}" y="${at(y - size.height / 2)}" width="${size.width}" height="${size.height}" rx="8"/>` +
    `${texts.join(" ")}</a>`
  );
}

/** The topology as inline SVG, as narrow as it gets. */
export function diagram(topology: Topology, noteOf: (box: Box) => BoxNote): string {
  const { left, width, height, boxes, lines } = rowsOf(topology)
    .map((rows) => placed(topology, rows))
    .reduce((best, other) => (other.width < best.width ? other : best));
  const paths = lines.map((points) => `<path d="${pathThrough(points)}" marker-end="url(#arrow)"/>`);
  const drawn = topology.boxes.map((box, index) => drawnBox(box, index, boxes[index] as Point, noteOf(box)));
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  return `<svg class="topology" width="${w}" height="${h}" viewBox="${at(left)} 0 ${w} ${h}" role="group" aria-label="Components; an arrow leads to what a component needs">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
<g class="edges">${paths.join("\n")}</g>
${drawn.join("\n")}
</svg>`;
}
