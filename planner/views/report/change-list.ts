/** Changes of a move as lists. No value is shortened: of a long one, the lines that differ are marked. */
import type { Change, PropertyChange } from "../../move/change";
import { byAction, notesOf } from "../changed";
import { shortType } from "../details";
import { count, visible } from "../text";
import { escaped } from "./html";
import { joinedLines, linesOf } from "./value-lines";

/** Longest value beside its property, in characters. */
const longestBeside = 120;

/** Longer texts begin folded, in lines. */
const mostOpen = 24;

const textOf = (value: unknown) =>
  value === undefined
    ? "none"
    : visible(
        linesOf(value)
          .map((line) => line.trim())
          .join(" "),
      );

const elements = { "-": "del", "+": "ins" } as const;

/** A property with both values. */
function propertyPart({ property, before, after, replaces }: PropertyChange): string {
  const name = `<code>${escaped(property)}</code>${replaces ? ' <span class="soft">(replaces)</span>' : ""}`;
  const [old, next] = [textOf(before), textOf(after)];
  if (Math.max(old.length, next.length) <= longestBeside)
    return `<li>${name}: <del><code>${escaped(old)}</code></del> → <ins><code>${escaped(next)}</code></ins></li>`;
  const lines = joinedLines(before, after);
  const shown = lines.map(({ sign, text }) => {
    const line = `${sign} ${escaped(text)}`;
    return sign === " " ? line : `<${elements[sign]}>${line}</${elements[sign]}>`;
  });
  const number = (wanted: string) => lines.filter(({ sign }) => sign === wanted).length;
  return (
    `<li><details${lines.length <= mostOpen ? " open" : ""}><summary>${name}: ` +
    `<span class="soft">${count(number("-"), "line")} removed, ${number("+")} added</span></summary>` +
    `<pre class="lines">${shown.join("\n")}</pre></details></li>`
  );
}

const changePart = (change: Change) => {
  const { path, type, action, data, properties, downtime } = change;
  const about = [shortType(type), ...notesOf(change)].map(escaped).join("; ");
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
