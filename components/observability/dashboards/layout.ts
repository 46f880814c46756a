import type { Panel } from "./types";

/** Width of Grafana's grid. */
export const full = 24;
/** Most panels beside each other, and their height on the grid. */
const sizes = { figure: { beside: 4, height: 4 }, lines: { beside: 2, height: 8 }, bars: { beside: 2, height: 8 } };

export interface Placed {
  panel: Panel;
  x: number;
  y: number;
  w: number;
  h: number;
}

/** Panels below each other, in lines that are full: a line with fewer panels has wider ones. */
export function placed(panels: readonly Panel[], top: number): { placed: Placed[]; bottom: number } {
  const all: Placed[] = [];
  let y = top;
  for (let at = 0; at < panels.length; ) {
    const { beside, height } = sizes[(panels[at] as Panel).kind];
    const near = panels.slice(at, at + beside);
    const other = near.findIndex(({ kind }) => sizes[kind].beside !== beside);
    const line = other === -1 ? near : near.slice(0, other);
    const w = full / line.length;
    all.push(...line.map((panel, index) => ({ panel, x: index * w, y, w, h: height })));
    at += line.length;
    y += height;
  }
  return { placed: all, bottom: y };
}
