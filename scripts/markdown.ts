export const row = (cells: string[]) => `| ${cells.join(" | ")} |`;

/** Returns a Markdown table. `align` has one of `---`, `---:` and `:-:` per column. */
export const table = (head: string[], align: string[], rows: string[][]) => [head, align, ...rows].map(row).join("\n");

/** Formats text as inline code. */
export const code = (text: string) => `\`${text}\``;
