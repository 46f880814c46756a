/**
 * Fills generated tables into hand-written pages. Markers in a page place a table:
 *
 *     <!-- table: NAME -->
 *     <!-- end table -->
 */

/** Functions that return each table as Markdown, by name. */
export type Tables = Record<string, () => string>;

const startMarker = /^<!-- table: (.+) -->$/;
const endMarker = "<!-- end table -->";

interface Filled {
  text: string;
  /** Names of the tables on the page. */
  shown: string[];
  problems: string[];
}

function fillPage(file: string, text: string, tables: Tables): Filled {
  const filled: string[] = [];
  const shown: string[] = [];
  const problems: string[] = [];
  let open: { name: string; at: string } | undefined;
  const missingEnd = () =>
    open && problems.push(`${open.at}: table ${open.name} has no end; fix: add ${endMarker} on a line of its own`);
  const start = (name: string, at: string) => {
    missingEnd();
    open = { name, at };
    shown.push(name);
    const content = tables[name];
    if (content) filled.push("", content(), "");
    else problems.push(`${at}: given table ${name}; allowed: ${Object.keys(tables).join(", ")}; fix: correct the name`);
  };
  for (const [index, line] of text.split("\n").entries()) {
    const at = `${file}:${index + 1}`;
    const name = startMarker.exec(line)?.[1];
    const isEnd = line === endMarker;
    if (isEnd && !open) problems.push(`${at}: ${endMarker} ends no table; fix: remove it, or add <!-- table: NAME -->`);
    if (isEnd) open = undefined;
    if (!open || name) filled.push(line);
    if (name) start(name, at);
  }
  missingEnd();
  return { text: filled.join("\n"), shown, problems };
}

/**
 * Returns the pages with their tables filled in, by file, and the problems with their markers. A table that no page
 * shows is also a problem, because its marker was lost.
 */
export function fillTables(
  pages: Record<string, string>,
  tables: Tables,
): { pages: Record<string, string>; problems: string[] } {
  const filled = Object.entries(pages).map(([file, text]) => ({ file, ...fillPage(file, text, tables) }));
  const shown = new Set(filled.flatMap((page) => page.shown));
  const unused = Object.keys(tables).filter((name) => !shown.has(name));
  return {
    pages: Object.fromEntries(filled.map(({ file, text }) => [file, text])),
    problems: [
      ...filled.flatMap(({ problems }) => problems),
      ...unused.map(
        (name) => `no page shows table ${name}; fix: add <!-- table: ${name} --> to a page, or remove its generator`,
      ),
    ],
  };
}
