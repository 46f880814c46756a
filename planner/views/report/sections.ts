/** Sections of a plan's report. */
import { tierNames } from "../../../tiers";
import type { PoolCapacity } from "../../../tiers/capacity";
import type { Plan } from "../../plan";
import type { PlannedResource } from "../../record/planned";
import { sorted } from "../../record/values";
import { limitText, loadFigures, sourceText } from "../capacity";
import { costByComponent, usd } from "../cost";
import { detailOf, shortType } from "../details";
import { durationText } from "../duration";
import { belowRoot, count } from "../text";
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

/** What the sizes carry in each case of the estimate, and what the tier must carry. */
function loadTable({ capacity }: Plan): string {
  const { low, high, required } = capacity;
  const rows = loadFigures.map(([label, figure]) => {
    const cells = [low[figure], capacity[figure], high[figure], required[figure] ?? "-"];
    return `<tr><th scope="row">${label}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  const heads = ["low", "expected", "high", "required"].map((head) => `<th scope="col">${head}</th>`);
  return scrolling(
    "Load",
    `<table class="small"><thead><tr><td></td>${heads.join("")}</tr></thead>\n<tbody>${rows.join("\n")}</tbody></table>`,
  );
}

/** What the sizes carry, what limits them, and what is used of their limits. */
export function capacitySection(plan: Plan, nodes: PoolCapacity[]): string {
  const { clientConnections, serverConnections, maxConnections } = plan.capacity;
  const pools = nodes.flatMap((pool) => {
    const { cpuMillicores: cpu, memoryMiB: memory } = pool;
    const name = pool.pool === "node" ? "node" : `${pool.pool} nodes`;
    const share = ({ requested, allocatable }: typeof cpu) => requested / allocatable;
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
    `${loadTable(plan)}\n<p>The estimate is ${escaped(sourceText(plan.capacity))}; ${escaped(limitText(plan.capacity))}.</p>` +
      `<p>${clientConnections} clients share the database connections.</p><ul class="bars">${connections}</ul>` +
      (pools.length > 0 ? `${note}<ul class="bars">${pools.join("")}</ul>` : ""),
  );
}

/** Dollars with cents. */
const dollars = (amount: number) => `$${usd(amount)}`;

/** What each component costs a month, and the sum against the limit. */
export function costSection({ cost }: Plan): string {
  const bars = costByComponent(cost).map(({ component, monthlyUsd }) =>
    bar(component, monthlyUsd / cost.monthlyUsd, dollars(monthlyUsd)),
  );
  const limit = bar(
    "all, of the limit",
    cost.monthlyUsd / cost.budgetUsd,
    `${dollars(cost.monthlyUsd)} of ${dollars(cost.budgetUsd)}`,
  );
  const accepted =
    cost.accepted && cost.monthlyUsd > cost.budgetUsd
      ? `<p>Accepted up to ${dollars(cost.accepted.upToUsd)}: ${escaped(cost.accepted.reason)}.</p>`
      : "";
  const left = cost.notCounted.map((text) => `<li>${escaped(text)}</li>`);
  return section(
    "cost",
    "Cost a month",
    `<p>Expected ${dollars(cost.monthlyUsd)} a month; ${dollars(cost.low)} at the least use, ${dollars(cost.high)} at the most.</p>` +
      `${accepted}<ul class="bars">${limit}${bars.join("")}</ul>` +
      (left.length > 0 ? `<details><summary>Not counted</summary><ul>${left.join("")}</ul></details>` : ""),
  );
}

/** How long the first deployment takes, and the resources that decide it. */
export function durationSection({ duration }: Plan): string {
  const { minutes, path } = duration;
  const bars = path.map((step) => bar(belowRoot(step.path), step.minutes / minutes, `${step.minutes} min`));
  return section(
    "duration",
    "First deployment",
    `<p>Expected to take ${escaped(durationText(duration))}. These resources wait for each other.</p><ul class="bars">${bars.join("")}</ul>`,
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
