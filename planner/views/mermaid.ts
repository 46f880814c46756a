/** Components of a stack, or what a move does to them, as a flowchart of Mermaid. */
import type { Move } from "../move/change";
import type { Plan } from "../plan";
import { changesByBox, countsOf, joinedTopology, type Sides } from "./changed";
import { count, visible } from "./text";
import { type Box, type Topology, topologyOf } from "./topology";

/** Text inside quotes. Whatever may have a meaning in Mermaid, Markdown or HTML is a character code. */
export const mermaidText = (text: string): string =>
  visible(text).replace(/[^\p{L}\p{N} .,/-]/gu, (character) => `#${character.codePointAt(0)};`);

function flowchart({ boxes, edges }: Topology, labelOf: (box: Box) => string, marked: (box: Box) => boolean): string {
  const ids = new Map(boxes.map(({ path }, at) => [path, `c${at}`]));
  const changed = boxes.filter(marked).map(({ path }) => ids.get(path));
  return `${[
    "flowchart TD",
    ...boxes.map((box) => `  ${ids.get(box.path)}["${mermaidText(box.title)}<br/>${mermaidText(labelOf(box))}"]`),
    ...edges.map(({ from, to }) => `  ${ids.get(from)} --> ${ids.get(to)}`),
    ...(changed.length > 0 ? ["  classDef changed stroke-width:3px", `  class ${changed.join(",")} changed`] : []),
  ].join("\n")}\n`;
}

/** The components of a stack. An arrow leads to what a component needs. */
export function mermaidView({ resources }: Plan): string {
  return flowchart(
    topologyOf(resources),
    (box) => count(box.resources.length, "resource"),
    () => false,
  );
}

/** The components of both sides of a move, the changed ones with thick borders. */
export function mermaidDiff({ changes }: Move, sides: Sides): string {
  const topology = joinedTopology(sides);
  const byBox = changesByBox(topology, changes);
  return flowchart(
    topology,
    ({ path }) => countsOf(byBox.get(path) ?? []) || "no change",
    ({ path }) => byBox.has(path),
  );
}
