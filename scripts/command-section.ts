import type { Command } from "../ops/command";
import { helpOf } from "../ops/help";
import type { Program } from "../ops/program";
import { code, table } from "./markdown";

/**
 * Renders the section of a command from what its help says.
 * @param linked  text with its documents as links from the page
 */
export function commandSection(program: Program, command: Command, linked: (text: string) => string): string {
  const { usage, about, options, examples } = helpOf(program, command);
  const own = [...command.options, ...(command.changes ? options.filter(([name]) => name === "--dry-run") : [])];
  const rows = own.map(([option, what]) => [code(option.replaceAll("|", "\\|")), what]);
  const parts = [
    `## ${command.name}`,
    ["```", ...usage, "```"].join("\n"),
    ...about.map(linked),
    ...(rows.length > 0 ? [table(["option", "effect"], ["---", "---"], rows)] : []),
    ["```bash", ...examples.map(([line, what]) => `${line}   # ${what}`), "```"].join("\n"),
  ];
  return parts.join("\n\n");
}
