/** Whether this runs as the built package, not from the sources in its repository. */
export const packaged = __filename.endsWith(".js");

/** The commands, by name. */
export const commandNames = [
  "plan",
  "diff",
  "preflight",
  "up",
  "advise",
  "load",
  "capacity:fit",
  "prices:check",
] as const;
export type CommandName = (typeof commandNames)[number];

const here = `npm run (${commandNames.join("|")})`;

/**
 * A text with the commands of this repository as the package spells them: `npx tierstack plan` for `npm run plan`, and
 * `npx tierstack-ops status` for `npm run ops -- status`, for `ops` and `drill` are programs of their own.
 */
export function asPackaged(text: string): string {
  return text
    .replaceAll(/npm run (ops|drill)(?: --(?= ))?/g, "npx tierstack-$1")
    .replaceAll(new RegExp(`${here} \\[-- (.*)\\]`, "g"), "npx tierstack $1 $2")
    .replaceAll(new RegExp(`${here}(?: --(?= ))?`, "g"), "npx tierstack $1");
}

/** A text for the user, with the commands that they have. */
export const toldText = (text: string): string => (packaged ? asPackaged(text) : text);
