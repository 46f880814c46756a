import { join } from "node:path";
import type { SettingsInput } from "../config/schema";
import { type Planned, planStack } from "../planner/plan";
import { guardSdk } from "../planner/record/sdk/classes";
import { asConfig, onAws } from "../tests/support/settings";
import type { Tier } from "../tiers";

/** Its name and defaults are fixed, so that what is generated is the same in a renamed project. */
const project = { folder: join(__dirname, ".."), name: "tierstack", main: "index.ts", defaults: {} };

/**
 * Plans a stack of a tier on AWS with the least settings, whatever stacks the project has.
 * @param stack  its name. @default the tier
 */
export function planTier(tier: Tier, settings: Partial<SettingsInput> = {}, stack: string = tier): Promise<Planned> {
  guardSdk();
  const config = asConfig({ ...onAws, tier, queues: [{ name: "default" }], ...settings });
  return planStack(project, { stack, config, secretKeys: [] }, require("../index"));
}
