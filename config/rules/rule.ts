import type { TierSpec } from "../../tiers";
import type { Problem } from "../../tiers/problem";
import type { Settings } from "../schema";

/** What the rules look at: the settings as given, and the sizes they resolve to. */
export interface Facts {
  settings: Settings;
  spec: TierSpec;
}

/** A rule between fields: the problems it finds, each without the project's prefix in `where`. */
export type Rule = (facts: Facts) => (Problem | false | undefined)[];
