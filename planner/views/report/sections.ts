/** Sections of a plan's report. */
import { tierNames } from "../../../tiers";
import { exceededOf, type PoolCapacity } from "../../../tiers/capacity";
import type { Plan } from "../../plan";
import type { PlannedResource } from "../../record/planned";
import { sorted } from "../../record/values";
import { detailOf, shortType } from "../details";
import { count } from "../text";
import { tierRows } from "../tier-rows";
import type { Box, Topology } from "../topology";
import { type BoxNote, diagram, idOf } from "./diagram";
import { bar, escaped, escapedLines, scrolling, section } from "./html";

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

/** What the sizes carry, against their limits. */
export function capacitySection({ capacity, tier }: Plan, nodes: PoolCapacity[]): string {
  const { requestsPerMinute, queriesPerSecond, concurrentUsers } = capacity;
  const { clientConnections, serverConnections, maxConnections } = capacity;
  const load =
    requestsPerMinute === null
      ? `Sizes are overridden, so the load of tier ${tier} does not apply.`
      : `Sized for ${requestsPerMinute} requests a minute, ${queriesPerSecond} queries a second and ${concurrentUsers} concurrent users. ${clientConnections} clients share the database connections.`;
  const pools = nodes.flatMap((pool) => {
    const { cpuMillicores: cpu, memoryMiB: memory } = pool;
    const name = pool.pool === "node" ? "node" : `${pool.pool} nodes`;
    const tooMuch = exceededOf(pool).length > 0;
    const share = (part: { requested: number; allocatable: number }) =>
      tooMuch && part.requested > part.allocatable ? 2 : part.requested / part.allocatable;
    return [
      bar(`CPU of ${name}`, share(cpu), `${cpu.requested}m of ${cpu.allocatable}m`),
      bar(`Memory of ${name}`, share(memory), `${memory.requested} of ${memory.allocatable} MiB`),
    ];
  });
  const connections = bar(
    "Database connections",
    serverConnections / maxConnections,
    `${serverConnections} of ${maxConnections}`,
  );
  const note = '<p class="soft">What pods request of the nodes, with every autoscaler at its maximum.</p>';
  return section(
    "capacity",
    "Capacity against load",
    `<p>${escaped(load)}</p>${pools.length > 0 ? note : ""}<ul class="bars">${connections}${pools.join("")}</ul>`,
  );
}

/** Dollars with cents. */
const usd = (amount: number) => `$${amount.toFixed(2)}`;

/** What each component costs a month, and the sum against the limit. */
export function costSection({ cost }: Plan, { boxes }: Topology): string {
  const boxOf = new Map(boxes.flatMap(({ title, resources }) => resources.map(({ path }) => [path, title] as const)));
  const sums = new Map<string, number>();
  for (const { path, monthlyUsd } of cost.items) {
    const title = boxOf.get(path) ?? path;
    sums.set(title, (sums.get(title) ?? 0) + monthlyUsd);
  }
  const sorted = [...sums].filter(([, sum]) => sum > 0).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const bars = sorted.map(([title, sum]) => bar(title, sum / cost.monthlyUsd, usd(sum)));
  const limit = bar(
    "all, of the limit",
    cost.monthlyUsd / cost.budgetUsd,
    `${usd(cost.monthlyUsd)} of ${usd(cost.budgetUsd)}`,
  );
  const left = cost.notCounted.map((text) => `<li>${escaped(text)}</li>`);
  return section(
    "cost",
    "Cost a month",
    `<p>Expected ${usd(cost.monthlyUsd)} a month; ${usd(cost.low)} at the least use, ${usd(cost.high)} at the most.</p>` +
      `<ul class="bars">${cost.budgetUsd > 0 ? limit : ""}${bars.join("")}</ul>` +
      (left.length > 0 ? `<details><summary>Not counted</summary><ul>${left.join("")}</ul></details>` : ""),
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

/** A component with its resources and their settings. */
const componentPart = (box: Box, index: number, first: string) =>
  `<details id="${idOf(index)}"><summary><h3>${escaped(box.title)}</h3> ` +
  `<span class="soft">${count(box.resources.length, "resource")}</span></summary>\n` +
  `${first}${box.resources.map(resourcePart).join("\n")}</details>`;

/** The topology beside the list of its components. */
export function topologySection(
  topology: Topology,
  noteOf: (box: Box) => BoxNote,
  firstOf: (box: Box) => string = () => "",
): string {
  const drawing = section("topology", "Topology", scrolling("Topology", diagram(topology, noteOf)));
  const parts = topology.boxes.map((box, index) => componentPart(box, index, firstOf(box)));
  return `<div class="split">${drawing}\n${section("components", "Components", parts.join("\n"))}</div>`;
}
