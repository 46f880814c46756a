/** Changes of a move as lists. */
import type { Change } from "../../move/change";
import { byAction, moreText, notesOf, propertiesOf, type ShownProperty } from "../changed";
import { shortType } from "../details";
import { count } from "../text";
import { escaped } from "./html";

/** More lines than this begin folded. */
const mostOpen = 24;

/** A property with its values beside each other, or with the lines in which they differ. */
function propertyPart({ property, before = "none", after = "none", lines, more, replaces }: ShownProperty): string {
  const name = `<code>${escaped(property)}</code>${replaces ? ' <span class="soft">(replaces)</span>' : ""}`;
  if (!lines)
    return `<li>${name}: <del><code>${escaped(before)}</code></del> → <ins><code>${escaped(after)}</code></ins></li>`;
  const differing = lines.map(({ sign, text }) => {
    const tag = sign === "-" ? "del" : "ins";
    return `<${tag}>${sign} ${escaped(text)}</${tag}>`;
  });
  const left = more === undefined ? "" : `\n${escaped(moreText(more))}`;
  return (
    `<li><details${lines.length <= mostOpen ? " open" : ""}><summary>${name}: ` +
    `<span class="soft">${count(lines.length + (more ?? 0), "changed line")}</span></summary>` +
    `<pre class="lines">${differing.join("\n")}${left}</pre></details></li>`
  );
}

const changePart = (change: Change) => {
  const { path, type, action, data, effect, downtime } = change;
  const properties = propertiesOf(change);
  const about = [shortType(type), ...(effect === "online" ? [effect] : []), ...notesOf(change)].map(escaped).join("; ");
  return (
    `<li><span class="tag ${action}">${action}</span> <code>${escaped(path)}</code> <span class="soft">${about}</span>` +
    `${data ? ' <span class="tag">holds data</span>' : ""}` +
    `${downtime ? `<p class="warning">Interrupts the product: ${escaped(downtime)}</p>` : ""}` +
    `${properties.length > 0 ? `<ul>${properties.map(propertyPart).join("\n")}</ul>` : ""}</li>`
  );
};

/** Changes in one list, those that a reader wants to see first before the others. */
export const changeList = (changes: Change[]): string =>
  changes.length === 0
    ? ""
    : `<ul class="changes">${byAction(changes)
        .flatMap((group) => group.changes.map(changePart))
        .join("\n")}</ul>\n`;

/** The changes of each action under a heading of their number. */
export const changeGroups = (changes: Change[]): string =>
  byAction(changes)
    .map((group) => `<h3 class="group">${group.changes.length} ${group.action}</h3>\n${changeList(group.changes)}`)
    .join("");
