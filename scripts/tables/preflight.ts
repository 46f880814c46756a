/** The table of docs/deploying.md. */
import { checks } from "../../planner/preflight/preflight";
import { table } from "../markdown";

export function preflightTable(): string {
  return table(
    ["check", "fails if", "needs AWS credentials"],
    ["---", "---", "---"],
    checks.map(({ name, fails, signedIn }) => [name, fails, signedIn ? "yes" : "no"]),
  );
}
