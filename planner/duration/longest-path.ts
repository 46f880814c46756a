/** The longest path through a graph of weighted resources. */

export interface Step {
  path: string;
  minutes: number;
}

/** A resource in the graph: what it takes, and what it waits for. */
export interface Node extends Step {
  after: string[];
}

/** Minutes have one decimal. Sums of decimals do not, without this. */
const rounded = (minutes: number): number => Math.round(minutes * 10) / 10;

/** When a node ends, and the node before it on its longest path. */
interface End {
  minutes: number;
  last: Node;
  before: End | undefined;
}

/**
 * Returns the steps that take time on the longest path, first step first. Of paths that are equally long, it is the one
 * that comes first in the order of `nodes`. What a node waits for and is not in the graph counts as there already, and so
 * does what waits for the node itself: no program makes a cycle, but a file may have one.
 */
export function longestPath(nodes: Node[]): Step[] {
  const byPath = new Map(nodes.map((node) => [node.path, node]));
  const ends = new Map<string, End>();
  const begun = new Set<string>();
  const later = (a: End | undefined, b: End | undefined) => (b && b.minutes > (a?.minutes ?? 0) ? b : a);
  // With a stack of its own: a chain of thousands of resources would exhaust the program's.
  for (const start of nodes) {
    const open = [start];
    while (open.length > 0) {
      const node = open[open.length - 1] as Node;
      begun.add(node.path);
      const waits = ends.has(node.path) ? [] : missing(node, byPath, begun);
      if (waits.length > 0) {
        open.push(...waits);
        continue;
      }
      open.pop();
      if (ends.has(node.path)) continue;
      const before = node.after.map((path) => ends.get(path)).reduce<End | undefined>(later, undefined);
      ends.set(node.path, { minutes: (before?.minutes ?? 0) + node.minutes, last: node, before });
    }
  }
  const steps: Step[] = [];
  const last = nodes.map(({ path }) => ends.get(path)).reduce<End | undefined>(later, undefined);
  for (let end = last; end; end = end.before)
    if (end.last.minutes > 0) steps.unshift({ path: end.last.path, minutes: end.last.minutes });
  return steps;
}

function missing({ after }: Node, byPath: Map<string, Node>, begun: Set<string>): Node[] {
  return after.flatMap((path) => (begun.has(path) ? [] : (byPath.get(path) ?? [])));
}

export const totalOf = (steps: Step[]): number => rounded(steps.reduce((sum, { minutes }) => sum + minutes, 0));
