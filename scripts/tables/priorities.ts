/** The table of docs/application.md. */
import { priorityClasses, priorityClassName, roles } from "../../components/priorities/classes";
import { code, table } from "../markdown";

export function prioritiesTable(): string {
  return table(
    ["class", "value", "pods", "takes the place of lower classes"],
    ["---", "---:", "---", "---"],
    roles.map((role) => {
      const { value, description, preemptionPolicy } = priorityClasses[role];
      return [code(priorityClassName(role)), String(value), description, preemptionPolicy === "Never" ? "no" : "yes"];
    }),
  );
}
