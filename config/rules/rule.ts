import type { TierSpec } from "../../tiers";
import type { Problem } from "../problems";
import type { Settings } from "../schema";

/** What the rules look at: the settings as given, and the sizes they resolve to. */
export interface Facts {
  settings: Settings;
  spec: TierSpec;
}

/** Networks that k3s makes on its node, by its defaults (k3s-io/k3s, `--cluster-cidr` and `--service-cidr`). */

/** A rule between fields: the problems it finds, each without the project's prefix in `where`. */
export type Rule = (facts: Facts) => (Problem | false | undefined)[];
