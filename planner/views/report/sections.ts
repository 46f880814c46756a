/** Sections of a report: components, tiers, time. */
import { tierNames } from "../../../tiers";
import type { Duration } from "../../duration/duration";
import type { PlannedResource } from "../../record/planned";
import { sorted } from "../../record/values";
import { detailOf, mainDetailOf, shortType } from "../details";
import { durationText } from "../duration";
import { belowRoot } from "../text";
import { tierRows } from "../tier-rows";
import type { Box, Topology } from "../topology";
import { type BoxNote, diagram, idOf } from "./diagram";
import { bar, bars, escaped, escapedLines, scrolling, section } from "./html";

/** The tiers side by side, with those of the plans marked by what they are. */
export function tierSection(marks: Record<string, string>): string {
  const mark = (tier: string) => (Object.hasOwn(marks, tier) ? ' class="current"' : "");
  const heads = tierNames.map(
    (tier) => `<th scope="col"${mark(tier)}>${tier}${Object.hasOwn(marks, tier) ? ` (${marks[tier]})` : ""}</th>`,
  );
  const rows = tierRows().map(
    ([label = "", ...cells]) =>
      `<tr><th scope="row">${escaped(label)}</th>${cells
        .map((cell, at) => `<td${mark(tierNames[at] ?? "")}>${escaped(cell)}</td>`)
        .join("")}</tr>`,
  );
  const table = `<table><thead><tr><td></td>${heads.join("")}</tr></thead>\n<tbody>${rows.join("\n")}</tbody></table>`;
  return section("tiers", "Tiers side by side", scrolling("Tiers side by side", table));
}

/** How long a deployment takes, and the resources that decide it, one after the other. */
export function durationSection(title: string, duration: Duration): string {
  const { minutes, path } = duration;
  let from = 0;
  const steps = path.map((step) => {
    const drawn = bar(belowRoot(step.path), step.minutes / minutes, `${step.minutes} min`, from / minutes);
    from += step.minutes;
    return drawn;
  });
  return section(
    "duration",
    title,
    `<p>Expected to take ${escaped(durationText(duration))}. These resources wait for each other.</p>${bars(steps)}`,
  );
}

function resourcePart(resource: PlannedResource): string {
  const { path, type, inputs, dependsOn, options } = resource;
  const detail = detailOf(resource);
  const tags = options.protect ? ' <span class="tag">protected</span>' : "";
  const needs = dependsOn.length === 0 ? "" : `<p class="soft">Needs ${dependsOn.map(escaped).join(", ")}</p>`;
  return (
    `<details><summary><code>${escaped(path.slice(path.lastIndexOf("/") + 1))}</code> ` +
    `<span class="soft">${escaped(shortType(type))}${detail ? `, ${escaped(detail)}` : ""}</span>${tags}</summary>\n` +
    `${needs}<pre>${escapedLines(JSON.stringify(sorted(inputs), null, 2))}</pre></details>`
  );
}

/** More resources of one type than this in a component are in a fold of their own. */
const mostAlike = 12;

/** The resources of a component: one by one, and those of a type of which there are many together. */
function resourceParts(resources: PlannedResource[]): string {
  const byType = new Map<string, PlannedResource[]>();
  for (const resource of resources) {
    const alike = byType.get(resource.type);
    if (alike) alike.push(resource);
    else byType.set(resource.type, [resource]);
  }
  const isMany = ({ type }: PlannedResource) => (byType.get(type) as PlannedResource[]).length > mostAlike;
  const groups = [...byType.values()].filter(([first]) => first !== undefined && isMany(first));
  return [
    ...resources.filter((resource) => !isMany(resource)).map(resourcePart),
    ...groups.map(
      (group) =>
        `<details><summary>${group.length} x ${escaped(shortType(group[0]?.type ?? ""))}</summary>\n` +
        `${group.map(resourcePart).join("\n")}</details>`,
    ),
  ].join("\n");
}

/** Links to components. */
const linksTo = (label: string, boxes: Box[], ids: Map<string, string>) =>
  boxes.length === 0
    ? ""
    : `<p>${label} ${boxes.map(({ path, title }) => `<a href="#${ids.get(path)}">${escaped(title)}</a>`).join(", ")}</p>`;

/** A component with what it needs, its resources and their settings. */
function componentPart(
  { boxes, edges }: Topology,
  box: Box,
  ids: Map<string, string>,
  note: string,
  first: string,
): string {
  const of = (paths: string[]) => boxes.filter(({ path }) => paths.includes(path));
  const needs = of(edges.filter(({ from }) => from === box.path).map(({ to }) => to));
  const neededBy = of(edges.filter(({ to }) => to === box.path).map(({ from }) => from));
  const detail = mainDetailOf(box.resources);
  return (
    `<details id="${ids.get(box.path)}"><summary><h3>${escaped(box.title)}</h3> ` +
    `<span class="soft">${[note, detail].filter(Boolean).map(escaped).join("; ")}</span></summary>\n` +
    `${linksTo("Needs", needs, ids)}${linksTo("Needed by", neededBy, ids)}` +
    `${first}${resourceParts(box.resources)}</details>`
  );
}

/** The topology beside the list of its components. */
export function topologySection(
  topology: Topology,
  noteOf: (box: Box) => BoxNote,
  firstOf: (box: Box) => string = () => "",
): string {
  const drawing = section("topology", "Topology", diagram(topology, noteOf));
  const ids = new Map(topology.boxes.map(({ path }, index) => [path, idOf(index)]));
  const parts = topology.boxes.map((box) => componentPart(topology, box, ids, noteOf(box).text, firstOf(box)));
  return `<div class="split">${drawing}\n${section("components", "Components", parts.join("\n"))}</div>`;
}
