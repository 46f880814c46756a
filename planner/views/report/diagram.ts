/** The drawing of a topology: dagre places the boxes, and each leads to its component on the page. */
import { Graph, layout } from "@dagrejs/dagre";
import { visible } from "../text";
import type { Box, Topology } from "../topology";
import { escaped } from "./html";

/** What a box says below its title, and whether it is marked. */
export interface BoxNote {
  text: string;
  marked: boolean;
}

/** Size of a box, in pixels, and the characters that fit its lines. */
const size = { width: 184, height: 52 };
const fits = { title: 22, note: 29 };

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

/** The topology as inline SVG. Boxes are links, so they work with the keyboard and without a script. */
export function diagram({ boxes, edges }: Topology, noteOf: (box: Box) => BoxNote): string {
  const graph = new Graph();
  graph.setGraph({ rankdir: "TB", nodesep: 18, edgesep: 12, ranksep: 34, marginx: 6, marginy: 6 });
  graph.setDefaultEdgeLabel(() => ({}));
  const ids = new Map(boxes.map(({ path }, index) => [path, idOf(index)]));
  for (const id of ids.values()) graph.setNode(id, { ...size });
  for (const { from, to } of edges) graph.setEdge(ids.get(from) as string, ids.get(to) as string);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const lines = graph.edges().map((edge: { v: string; w: string }) => {
    const { points } = graph.edge(edge) as { points: Point[] };
    return `<path d="${pathThrough(points)}" marker-end="url(#arrow)"/>`;
  });
  const drawn = boxes.map((box, index) => {
    const { x, y } = graph.node(idOf(index)) as Point;
    const note = noteOf(box);
    const data = box.resources.some(({ options }) => options.protect);
    return (
      `<a class="box${note.marked ? " marked" : ""}${data ? " data" : ""}" href="#${idOf(index)}">` +
      `<rect x="${at(x - size.width / 2)}" y="${at(y - size.height / 2)}" width="${size.width}" height="${size.height}" rx="8"/>` +
      `<text x="${at(x)}" y="${at(y - 4)}">${escaped(shortened(visible(box.title), fits.title))}</text>` +
      `<text class="note" x="${at(x)}" y="${at(y + 15)}">${escaped(shortened(visible(note.text), fits.note))}${data ? " (!)" : ""}</text></a>`
    );
  });
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  return `<svg class="topology" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="group" aria-label="Components; an arrow leads to what a component needs">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
<g class="edges">${lines.join("\n")}</g>
${drawn.join("\n")}
</svg>`;
}
