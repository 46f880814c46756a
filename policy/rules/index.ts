import { budgetRules } from "./budget";
import { connectionRules } from "./connections";
import { dataRules } from "./data";
import { encryptionRules } from "./encryption";
import { networkRules } from "./network";
import { podRules } from "./pods";
import { type PolicyContext, type PolicyCost, type PolicyResource, type Rule, told } from "./rule";
import { tagRules } from "./tags";

/** Every rule. `npm run plan`, `npm run diff` and the policy pack check these. */
export const rules: Rule[] = [
  ...dataRules,
  ...networkRules,
  ...encryptionRules,
  ...podRules,
  ...tagRules,
  ...connectionRules,
  ...budgetRules,
];

/** What one rule finds, a line each. */
function broken(rule: Rule, resources: PolicyResource[], context: PolicyContext, cost?: PolicyCost): string[] {
  if ("check" in rule)
    return resources.flatMap((one) => rule.check(one, context).map((finding) => told(rule, finding, one)));
  const findings = "checkStack" in rule ? rule.checkStack(resources) : cost ? rule.checkCost(cost) : [];
  return findings.map((finding) => told(rule, finding));
}

/** What breaks a rule, a line each, in the order of the rules. Without a cost, the rules on cost are left out. */
export const violations = (resources: PolicyResource[], context: PolicyContext, cost?: PolicyCost): string[] =>
  rules.flatMap((rule) => broken(rule, resources, context, cost));
