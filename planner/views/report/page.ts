/** A report in one HTML file, which loads nothing. */
import { createHash } from "node:crypto";
import type { PoolCapacity } from "../../../tiers/capacity";
import type { Change, Move, Phase } from "../../move/change";
import type { Plan } from "../../plan";
import {
  causeOf,
  changesByBox,
  comesFirst,
  countsOf,
  firstTitle,
  joinedTopology,
  moreText,
  propertiesOf,
  type ShownProperty,
} from "../changed";
import { shortType } from "../details";
import { factsOf, verdict } from "../diff";
import { count } from "../text";
import { topologyOf } from "../topology";
import { escaped, section } from "./html";
import { script } from "./script";
import { capacitySection, costSection, durationSection, tierSection, topologySection } from "./sections";
import { styles } from "./styles";

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Nothing is loaded, and nothing runs but the script and the style of this file. */
const policy = `default-src 'none'; style-src ${hashOf(styles)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;

function page(title: string, intro: string, sections: string[]): string {
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

/** The report of a plan. */
export function planReport(plan: Plan, nodes: PoolCapacity[]): string {
  const custom = plan.resources.filter(({ custom }) => custom);
  const kept = custom.filter(({ options }) => options.protect).length;
  const intro = `<p>Project ${escaped(plan.project)}, tier ${escaped(plan.tier)}: ${count(custom.length, "resource")}, ${kept} of them protected (!).</p>`;
  const topology = topologyOf(plan.resources);
  return page(`Plan of ${plan.stack}`, intro, [
    topologySection(topology, ({ resources }) => ({
      text: count(resources.length, "resource"),
      marked: false,
    })),
    ...(plan.cost.items.length > 0 ? [costSection(plan)] : []),
    capacitySection(plan, nodes),
    durationSection(plan),
    tierSection({ [plan.tier]: "this plan" }),
  ]);
}

/** A property with its values, as `changed.ts` has them. */
function propertyPart({ property, before = "none", after = "none", lines, more, replaces }: ShownProperty): string {
  const marked = (tag: "del" | "ins", text: string) => `<${tag}><code>${escaped(text)}</code></${tag}>`;
  const name = `<code>${escaped(property)}</code>`;
  const force = replaces ? " (replaces)" : "";
  if (!lines) return `<li>${name}: ${marked("del", before)} → ${marked("ins", after)}${force}</li>`;
  const differing = lines.map(({ sign, text }) => marked(sign === "-" ? "del" : "ins", `${sign} ${text}`));
  return `<li>${name}:${force}<br>${[...differing, ...(more === undefined ? [] : [escaped(moreText(more))])].join("<br>")}</li>`;
}

const phasePart = ({ title, commands, check }: Phase) =>
  `<li><strong>${escaped(title)}</strong><pre>${commands.map(escaped).join("\n")}</pre><p>Check: ${escaped(check)}</p></li>`;

/** The report of a move. Every change is told where its component is, replacements before all. */
export function moveReport(move: Move, before: Plan, after: Plan): string {
  const { from, to, changes, phases } = move;
  const sides = { before: before.resources, after: after.resources };
  const topology = joinedTopology(sides);
  const byBox = changesByBox(topology, changes);
  const changePart = (change: Change) => {
    const { path, type, action, data, reason, note = reason, downtime } = change;
    const facts = [note, ...causeOf(change), downtime && `interrupts the product: ${downtime}`].flatMap(
      (text) => text ?? [],
    );
    const lines = [...facts.map((text) => `<li>${escaped(text)}</li>`), ...propertiesOf(change).map(propertyPart)];
    return (
      `<li><span class="tag">${action}</span> <code>${escaped(path)}</code> <span class="soft">${escaped(shortType(type))}` +
      `${data ? ", holds data" : ""}</span>${lines.length > 0 ? `<ul>${lines.join("")}</ul>` : ""}</li>`
    );
  };
  const list = (some: Change[]) =>
    some.length === 0 ? "" : `<ul class="changes">${some.map(changePart).join("\n")}</ul>\n`;
  const first = changes.filter(comesFirst);
  const stops = first.some(({ action, data }) => action === "refused" || data);
  const intro =
    `<p class="verdict${stops ? " stop" : ""}">${escaped(verdict(changes))}</p>` +
    `<p>${escaped(countsOf(changes) || "no change")}.</p>${factsOf(move)
      .map((text) => `<p>${escaped(text)}</p>`)
      .join("")}`;
  return page(`${from} → ${to}`, intro, [
    ...(first.length > 0 ? [section("replaced", firstTitle, list(first))] : []),
    ...(phases.length > 0 ? [section("phases", "Phases", `<ol>${phases.map(phasePart).join("\n")}</ol>`)] : []),
    topologySection(
      topology,
      ({ path }) => ({ text: countsOf(byBox.get(path) ?? []) || "no change", marked: byBox.has(path) }),
      ({ path }) => list(byBox.get(path) ?? []),
    ),
    tierSection(before.tier === after.tier ? { [after.tier]: "both" } : { [before.tier]: "from", [after.tier]: "to" }),
  ]);
}
