import type { Runbook } from "../runbooks/pages";

/** Something that is not well. */
export interface Finding {
  what: string;
  /** Since when, in milliseconds since 1970; undefined where nothing says. */
  sinceMs?: number | undefined;
  /** What helps: words of a command of `npm run ops`, or a page or another program's command. */
  help: { ops: string } | string;
}

/** Pages of docs/runbooks by what they are about. */
export const page = (name: Runbook["name"]) => `docs/runbooks/${name}.md`;

/** Milliseconds of a time that the API server gives; undefined where it gives none. */
export const msOf = (time: string | undefined): number | undefined =>
  time === undefined ? undefined : Date.parse(time);
