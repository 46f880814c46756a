import type { TierSpec } from "../../tiers";
import type { Problem } from "../../tiers/problem";
import type { Settings } from "../schema";
import { access } from "./access";
import { capacities } from "./capacity";
import { effects } from "./effects";
import { egress } from "./egress";
import { identity } from "./identity";
import { queues } from "./queues";
import type { Rule } from "./rule";
import { sizing } from "./sizing";
import { workload } from "./workload";

const rules: Rule[] = [...access, ...egress, ...sizing, ...effects, ...capacities, ...workload, ...queues, ...identity];

/** Every rule between fields that the settings break. */
export function brokenRules(project: string, settings: Settings, spec: TierSpec): Problem[] {
  return rules
    .flatMap((rule) => rule({ settings, spec }))
    .filter((problem): problem is Problem => !!problem)
    .map((problem) => ({ ...problem, where: `${project}:${problem.where}` }));
}
