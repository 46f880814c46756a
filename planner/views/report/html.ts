/** Parts of HTML. Whatever is not ours passes through `escaped`. */
import { visible } from "../text";

const references: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text for an element or a quoted attribute. */
export const escaped = (text: string): string => visible(text).replace(/[&<>"']/g, (sign) => references[sign] ?? sign);

/** Text of several lines, which keep their breaks. */
export const escapedLines = (text: string): string => text.split("\n").map(escaped).join("\n");

/** A section of the page with its heading. */
export const section = (id: string, title: string, body: string): string =>
  `<section id="${id}" aria-labelledby="${id}-title">\n<h2 id="${id}-title">${title}</h2>\n${body}\n</section>`;

/** A region that scrolls sideways where the screen is narrow, with the keyboard too. */
export const scrolling = (label: string, body: string): string =>
  `<div class="scroll" role="group" tabindex="0" aria-label="${escaped(label)}">${body}</div>`;

/** A bar with its figure beside it. A share over 1 fills the bar and is marked. */
export function bar(label: string, share: number, figure: string): string {
  const width = Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10;
  const over = share > 1 ? " over" : "";
  return (
    `<li class="bar${over}"><span>${escaped(label)}</span><svg aria-hidden="true" height="10" width="100%">` +
    `<rect class="track" width="100%" height="10" rx="5"/><rect class="fill" width="${width}%" height="10" rx="5"/></svg>` +
    `<span class="figure">${escaped(figure)}${over ? ": too much" : ""}</span></li>`
  );
}
