/** The table of docs/application.md: what the stack sets, from the schema that it sets it by. */
import { processVariables, workerVariables } from "../../contract/environment";
import { code, table } from "../markdown";

export const variableTable = (): string =>
  table(
    ["variable", "value"],
    ["---", "---"],
    [
      ...Object.entries(processVariables.shape).map(([name, { description = "" }]) => [code(name), description]),
      ...Object.entries(workerVariables.shape).map(([name, { description = "" }]) => [
        code(name),
        `Workers only: ${description}`,
      ]),
    ],
  );
