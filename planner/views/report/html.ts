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

/** What a reader may want to see, below its summary. */
export const fold = (summary: string, body: string): string =>
  `<details class="fold"><summary>${summary}</summary>\n${body}</details>`;

/** A list of what is HTML already. */
export const list = (items: string[], kind = "plain"): string =>
  `<ul class="${kind}">${items.map((item) => `<li>${item}</li>`).join("\n")}</ul>`;

/** Figures with their names, to read first. */
export const keyFigures = (figures: [name: string, figure: string, more: string][]): string =>
  `<dl class="figures">${figures
    .map(([name, figure, more]) => `<div><dt>${name}</dt><dd><b>${escaped(figure)}</b> ${escaped(more)}</dd></div>`)
    .join("")}</dl>`;

/** A region that scrolls sideways where the screen is narrow, with the keyboard too. */
export const scrolling = (label: string, body: string): string =>
  `<div class="scroll" role="group" tabindex="0" aria-label="${escaped(label)}">${body}</div>`;

/**
 * A table of figures; the cells are HTML already. The first of a row is its heading.
 * @param kind  `small` fits a phone; `wide` scrolls there
 */
export function table(heads: string[], rows: string[][], kind: "small" | "wide" = "small"): string {
  const line = (cells: string[]) => cells.map((cell) => `<td>${cell}</td>`).join("");
  const body = rows.map(([first = "", ...cells]) => `<tr><th scope="row">${first}</th>${line(cells)}</tr>`);
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join("");
  return `<table class="${kind}"><thead><tr><td></td>${head}</tr></thead>\n<tbody>${body.join("\n")}</tbody></table>`;
}

/** A share as a percentage from 0 to 100. */
export const percent = (share: number): string => `${Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10}%`;

/**
 * A bar with its figure beside it. A share over 1 fills the bar and is marked.
 * @param from  share of the length at which the bar begins. @default 0
 */
export function bar(label: string, share: number, figure: string, from = 0): string {
  const over = share > 1 ? " over" : "";
  return (
    `<li class="bar${over}"><span>${escaped(label)}</span><svg aria-hidden="true" height="10" width="100%">` +
    `<rect class="track" width="100%" height="10" rx="5"/>` +
    `<rect class="fill" width="${percent(share)}" x="${percent(from)}" height="10" rx="5"/></svg>` +
    `<span class="figure">${escaped(figure)}${over ? ": too much" : ""}</span></li>`
  );
}

/** Bars below each other. */
export const bars = (all: string[]): string => `<ul class="bars">${all.join("\n")}</ul>`;
