import { connectionRules } from "./connections";
import { dataRules } from "./data";
import { encryptionRules } from "./encryption";
import { networkRules } from "./network";
import { podRules } from "./pods";
import { type PolicyContext, type PolicyResource, type Rule, told } from "./rule";
import { tagRules } from "./tags";

/** Every rule. `npm run plan`, `npm run diff` and the policy pack check these. */
export const rules: Rule[] = [
  ...dataRules,
  ...networkRules,
  ...encryptionRules,
  ...podRules,
  ...tagRules,
  ...connectionRules,
];

/** What breaks a rule, a line each, in the order of the rules. */
export function violations(resources: PolicyResource[], context: PolicyContext): string[] {
  return rules.flatMap((rule) =>
    "check" in rule
      ? resources.flatMap((resource) => rule.check(resource, context).map((finding) => told(rule, finding, resource)))
      : rule.checkStack(resources).map((finding) => told(rule, finding)),
  );
}
