export const row = (cells: string[]) => `| ${cells.join(" | ")} |`;

/** A table; `align` has one of `---`, `---:` and `:-:` a column. */
export const table = (head: string[], align: string[], rows: string[][]) => [head, align, ...rows].map(row).join("\n");

/** Text as code. */
export const code = (text: string) => `\`${text}\``;
