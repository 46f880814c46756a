/** A report in one HTML file, which loads nothing. */
import { createHash } from "node:crypto";
import type { PoolCapacity } from "../../../tiers/capacity";
import type { Move, Phase } from "../../move/change";
import type { Plan } from "../../plan";
import { sourceText } from "../capacity";
import { changesByBox, comesFirst, countsOf, firstTitle, joinedTopology } from "../changed";
import { costText } from "../cost";
import { factsOf, verdict } from "../diff";
import { timeText } from "../duration";
import { count } from "../text";
import { type Box, topologyOf } from "../topology";
import { costSection, dollars, movedCostSection } from "./bill";
import { changeGroups, changeList } from "./change-list";
import type { BoxNote } from "./diagram";
import { escaped, keyFigures, section } from "./html";
import { capacitySection, grouped, movedCapacitySection } from "./load";
import { script } from "./script";
import { durationSection, tierSection, topologySection } from "./sections";
import { styles } from "./styles";

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Nothing is loaded, and nothing runs but the script and the style of this file. */
const policy = `default-src 'none'; style-src ${hashOf(styles)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;

/** A page of sections, with links to them. */
export function page(title: string, intro: string, sections: string[]): string {
  const body = sections.join("\n");
  const found = [...body.matchAll(/<h2 id="(\w+)-title">(.*)<\/h2>/g)];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${styles}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
${intro}
<nav aria-label="Sections"><ul>${found.map(([, id, name]) => `<li><a href="#${id}">${name}</a></li>`).join("")}</ul></nav>
</header>
<main>
${body}
</main>
<script>${script}</script>
</body>
</html>
`;
}

/** What a reader of a plan wants to know first. */
function planFigures({ cost, capacity, duration, resources }: Plan): string {
  const custom = resources.filter((resource) => resource.custom);
  const kept = custom.filter(({ options }) => options.protect).length;
  const { requestsPerMinute, required } = capacity;
  const needed = required.requestsPerMinute;
  return keyFigures([
    [
      "Cost a month",
      cost.items.length > 0 ? dollars(cost.monthlyUsd) : costText(cost),
      `${cost.monthlyUsd > cost.budgetUsd ? "over the budget" : "of a budget"} of ${dollars(cost.budgetUsd)}`,
    ],
    [
      "Requests a minute",
      grouped(requestsPerMinute),
      needed === undefined ? sourceText(capacity) : `for ${grouped(needed)} required; ${sourceText(capacity)}`,
    ],
    ["First deployment", timeText(duration), ""],
    ["Resources", `${custom.length}`, `${kept} of them protected (!)`],
  ]);
}

/** The report of a plan. */
export function planReport(plan: Plan, nodes: PoolCapacity[]): string {
  const intro = `<p>Project ${escaped(plan.project)}, tier ${escaped(plan.tier)}.</p>\n${planFigures(plan)}`;
  return page(`Plan of ${plan.stack}`, intro, [
    topologySection(topologyOf(plan.resources), ({ resources }) => ({ text: count(resources.length, "resource") })),
    ...(plan.cost.items.length > 0 ? [costSection(plan)] : []),
    capacitySection(plan.capacity, nodes),
    durationSection("First deployment", plan.duration),
    tierSection({ [plan.tier]: "this plan" }),
  ]);
}

const phasePart = ({ title, commands, check }: Phase) =>
  `<li><strong>${escaped(title)}</strong><pre>${commands.map(escaped).join("\n")}</pre><p>Check: ${escaped(check)}</p></li>`;

/** The report of a move: the verdict, what is replaced, the steps, then every change where its component is. */
export function moveReport(move: Move, before: Plan, after: Plan): string {
  const { from, to, changes, phases, duration } = move;
  const topology = joinedTopology({ before: before.resources, after: after.resources });
  const byBox = changesByBox(topology, changes);
  const noteOf = ({ path }: Box): BoxNote => {
    const own = byBox.get(path) ?? [];
    if (own.length === 0) return { text: "no change" };
    return { text: count(own.length, "change"), mark: own.some(comesFirst) ? "replaced" : "changed" };
  };
  const changesOf = (path: string) => {
    const own = byBox.get(path) ?? [];
    return own.length === 0 ? "" : `<p>${countsOf(own)}</p>${changeList(own)}`;
  };
  const first = changes.filter(comesFirst);
  const stops = first.some(({ action, data }) => action === "refused" || data);
  const facts = [`${countsOf(changes) || "no change"}.`, ...factsOf(move)];
  const intro =
    `<p class="verdict${stops ? " stop" : ""}">${escaped(verdict(changes))}</p>\n` +
    facts.map((text) => `<p>${escaped(text)}</p>`).join("\n");
  return page(`${from} → ${to}`, intro, [
    ...(first.length > 0 ? [section("replaced", firstTitle, changeGroups(first))] : []),
    ...(phases.length > 0 ? [section("phases", "Phases", `<ol>${phases.map(phasePart).join("\n")}</ol>`)] : []),
    topologySection(topology, noteOf, ({ path }) => changesOf(path)),
    // A plan of an older version has no figures.
    ...(move.cost ? [movedCostSection(before.cost, after.cost)] : []),
    ...(before.capacity ? [movedCapacitySection(before.capacity, after.capacity)] : []),
    ...(duration ? [durationSection("Time of the change", duration)] : []),
    tierSection(before.tier === after.tier ? { [after.tier]: "both" } : { [before.tier]: "from", [after.tier]: "to" }),
  ]);
}
