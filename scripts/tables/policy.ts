/** The tables of docs/policy.md. */
import { rules } from "../../policy/rules";
import { table } from "../markdown";

export function policyTable(): string {
  return table(
    ["policy", "demands"],
    ["---", "---"],
    rules.map(({ name, demands }) => [`\`${name}\``, demands]),
  );
}

/** A type as the SDK names it: `aws.rds.Instance` for `aws:rds/instance:Instance`. */
const classOf = (type: string) => type.replace(/\/[^/:]+:/, ".").replaceAll(":", ".");

/** Every type that a policy judges, with the policies that do. */
export function policyTypeTable(): string {
  const ofTypes = rules.flatMap((rule) =>
    "check" in rule ? rule.types.map((type) => ({ type, name: rule.name })) : [],
  );
  const types = [...new Set(ofTypes.map(({ type }) => type))].sort();
  const judging = (type: string) => ofTypes.filter((one) => one.type === type).map(({ name }) => `\`${name}\``);
  return table(
    ["type", "policies"],
    ["---", "---"],
    types.map((type) => [`\`${classOf(type)}\``, judging(type).join(", ")]),
  );
}
