/** Whether this runs as the built package, not from the sources in its repository. */
export const packaged = __filename.endsWith(".js");

/** A text with the commands of this repository as the package spells them: `npx tierstack plan` for `npm run plan`. */
export function asPackaged(text: string): string {
  return text
    .replaceAll(/npm run (plan|diff|preflight|up|capacity:fit|prices:check) \[-- (.*)\]/g, "npx tierstack $1 $2")
    .replaceAll(/npm run (plan|diff|preflight|up|capacity:fit|prices:check) -- /g, "npx tierstack $1 ")
    .replaceAll(/npm run (plan|diff|preflight|up|capacity:fit|prices:check)/g, "npx tierstack $1");
}

/** A text for the user, with the commands that they have. */
export const toldText = (text: string): string => (packaged ? asPackaged(text) : text);
