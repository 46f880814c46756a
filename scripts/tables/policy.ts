/** The table of docs/policy.md. */
import { rules } from "../../policy/rules";
import { table } from "../markdown";

export function policyTable(): string {
  return table(
    ["policy", "demands"],
    ["---", "---"],
    rules.map(({ name, demands }) => [`\`${name}\``, demands]),
  );
}
