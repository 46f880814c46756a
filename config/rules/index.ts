import type { TierSpec } from "../../tiers";
import type { Problem } from "../../tiers/problem";
import type { Settings } from "../schema";
import { access } from "./access";
import { capacities } from "./capacity";
import { effects } from "./effects";
import { egress } from "./egress";
import { environment } from "./environment";
import { generations } from "./generations";
import { handovers } from "./handover";
import { identity } from "./identity";
import { mails } from "./mail";
import { queues } from "./queues";
import { type Facts, type Rule, UnknownValue } from "./rule";
import { sizing } from "./sizing";
import { workload } from "./workload";

const rules: Rule[] = [
  ...access,
  ...egress,
  ...sizing,
  ...effects,
  ...capacities,
  ...workload,
  ...environment,
  ...queues,
  ...identity,
  ...generations,
  ...handovers,
  ...mails,
];

/** What a rule finds; nothing where it depends on a value that is not known. */
function found(rule: Rule, facts: Facts): ReturnType<Rule> {
  try {
    return rule(facts);
  } catch (error) {
    if (error instanceof UnknownValue) return [];
    throw error;
  }
}

/** Every rule between fields that the settings break. */
export function brokenRules(project: string, settings: Settings, spec: TierSpec): Problem[] {
  return rules
    .flatMap((rule) => found(rule, { settings, spec }))
    .filter((problem): problem is Problem => !!problem)
    .map((problem) => ({ ...problem, where: `${project}:${problem.where}` }));
}
