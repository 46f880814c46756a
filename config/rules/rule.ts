import type { TierSpec } from "../../tiers";
import type { Problem } from "../../tiers/problem";
import type { Settings } from "../schema";

/** Input of the rules: the settings, and the sizes they resolve to. */
export interface Facts {
  settings: Settings;
  spec: TierSpec;
}

/** A rule between fields. Returns the problems it finds, with `where` as a key without the project's prefix. */
export type Rule = (facts: Facts) => (Problem | false | undefined)[];

/** A rule has asked for a value that the schema refuses, so it cannot be checked yet (config/known.ts). */
export class UnknownValue extends Error {}
