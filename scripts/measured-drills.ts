import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RestoreWork } from "../ops/drills/expectations";

/** A restore that was measured, on servers of the tests. */
export interface MeasuredRestore extends RestoreWork {
  copySeconds: number;
  restoreSeconds: number;
  /** Where it was seen: date, machine and versions. */
  measured: string;
}

/** What the tests recorded of drills (TIERSTACK_RECORD=true). */
export const measuredDrills = (): { restore: MeasuredRestore } =>
  JSON.parse(readFileSync(join(__dirname, "..", "docs", "measured", "drills.json"), "utf8"));
