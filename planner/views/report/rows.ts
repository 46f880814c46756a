/** The rows of a drawing that is no wider than a phone. What a box needs stands below it, whatever else is beside it. */
import type { Topology } from "../topology";

/** Boxes beside each other. */
const mostInRow = 2;

type Neighbours = Map<string, string[]>;

/** How many boxes the longest way onward from each has. */
function distances(paths: string[], next: Neighbours): Map<string, number> {
  const found = new Map<string, number>();
  const distanceOf = (path: string): number => {
    const known = found.get(path);
    if (known !== undefined) return known;
    // Boxes in a circle: the way ends where it began.
    found.set(path, 0);
    const distance = Math.max(0, ...(next.get(path) ?? []).map((to) => 1 + distanceOf(to)));
    found.set(path, distance);
    return distance;
  };
  for (const path of paths) distanceOf(path);
  return found;
}

/** Rows in which each box comes before those of `next`: of the boxes whose turn it is, the one with most to follow. */
function inOrder(paths: string[], next: Neighbours, previous: Neighbours): string[][] {
  const distance = distances(paths, next);
  const isAlone = (path: string) => (next.has(path) || previous.has(path) ? 0 : 1);
  const open = [...paths].sort(
    (a, b) => isAlone(a) - isAlone(b) || (distance.get(b) as number) - (distance.get(a) as number) || (a < b ? -1 : 1),
  );
  const done = new Set<string>();
  const rows: string[][] = [];
  while (open.length > 0) {
    const free = open.filter((path) => (previous.get(path) ?? []).every((one) => done.has(one)));
    // In a circle each waits for the other: the first begins.
    const row = free.length > 0 ? free.slice(0, mostInRow) : open.slice(0, 1);
    for (const path of row) {
      done.add(path);
      open.splice(open.indexOf(path), 1);
    }
    rows.push(row);
  }
  return rows;
}

/** Two ways to put boxes into rows, each as paths by row: filled from the top, and from the bottom. */
export function rowsOf({ boxes, edges }: Topology): string[][][] {
  const needs: Neighbours = new Map();
  const neededBy: Neighbours = new Map();
  for (const { from, to } of edges) {
    needs.set(from, [...(needs.get(from) ?? []), to]);
    neededBy.set(to, [...(neededBy.get(to) ?? []), from]);
  }
  const paths = boxes.map(({ path }) => path);
  return [inOrder(paths, needs, neededBy), inOrder(paths, neededBy, needs).reverse()];
}
