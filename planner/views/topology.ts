/** The components of a stack and what each needs of the others, from the graph of its resources. */
import type { PlannedResource } from "../record/planned";

/** A component with its own resources. */
export interface Box {
  /** Path of the component; the project's name for resources outside any. */
  path: string;
  title: string;
  resources: PlannedResource[];
}

/** One component needs another. */
export interface Edge {
  from: string;
  to: string;
}

export interface Topology {
  boxes: Box[];
  edges: Edge[];
}

/** With more components, those inside another are drawn as a part of it. */
const mostNested = 40;

/** Components around a resource, outermost first, without the root. */
function componentsAround(resource: PlannedResource, byPath: Map<string, PlannedResource>): PlannedResource[] {
  const chain: PlannedResource[] = [];
  for (let one = byPath.get(resource.parent ?? ""); one; one = byPath.get(one.parent ?? "")) chain.unshift(one);
  return chain.filter(({ custom }) => !custom).slice(1);
}

/** Edges without those that a longer way says already. What reaches what stays the same. */
function reduced(edges: Edge[]): Edge[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of edges) next.set(from, (next.get(from) ?? new Set()).add(to));
  const reaches = (start: string, goal: string): boolean => {
    const seen = new Set([start]);
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (const to of next.get(at) ?? [])
        if (to === goal) return true;
        else if (!seen.has(to)) {
          seen.add(to);
          open.push(to);
        }
    return false;
  };
  return edges.filter(({ from, to }) => {
    next.get(from)?.delete(to);
    if (reaches(from, to)) return false;
    next.get(from)?.add(to);
    return true;
  });
}

/** The components inside others that need the one around them, and that it needs. */
const entangled = (edges: Map<string, Edge>): Set<string> =>
  new Set(
    [...edges.values()]
      .filter(({ from, to }) => to.startsWith(`${from}/`) && edges.has(JSON.stringify([to, from])))
      .map(({ to }) => to),
  );

/**
 * Boxes of the components down to a depth.
 * @param parts  paths of components that are drawn as a part of the one around them
 */
function boxedAt(resources: PlannedResource[], depth: number, parts = new Set<string>()): Topology {
  const byPath = new Map(resources.map((resource) => [resource.path, resource]));
  const root = resources.find(({ custom, parent }) => !custom && parent === null)?.path ?? "program";
  const boxOf = new Map<string, string>();
  const boxes = new Map<string, Box>();
  for (const resource of resources) {
    const around = componentsAround(resource, byPath);
    const own = (resource.custom || resource.path === root ? around : [...around, resource]).filter(
      (component) => !parts.has(component.path),
    );
    const path = own[Math.min(depth, own.length) - 1]?.path ?? root;
    boxOf.set(resource.path, path);
    if (!resource.custom) continue;
    const title = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
    const box = boxes.get(path) ?? { path, title, resources: [] };
    box.resources.push(resource);
    boxes.set(path, box);
  }
  const edges = new Map<string, Edge>();
  for (const { path, dependsOn, provider } of resources)
    for (const needed of [...dependsOn, ...(provider === null ? [] : [provider])]) {
      const [from, to] = [boxOf.get(path), boxOf.get(needed)];
      if (!from || !to || from === to || !boxes.has(from) || !boxes.has(to) || to === root) continue;
      edges.set(JSON.stringify([from, to]), { from, to });
    }
  const together = entangled(edges);
  if (together.size > 0) return boxedAt(resources, depth, new Set([...parts, ...together]));
  const sorted = [...edges.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge);
  return { boxes: [...boxes.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), edges: reduced(sorted) };
}

/**
 * The components of a stack as boxes, and an edge where one needs another. Resources never make a box of their own, so
 * the drawing of a stack with a hundred queues is that of a stack with one.
 */
export function topologyOf(resources: PlannedResource[]): Topology {
  const nested = boxedAt(resources, 2);
  return nested.boxes.length > mostNested ? boxedAt(resources, 1) : nested;
}
