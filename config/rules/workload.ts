import { portProblem } from "../../components/app/port";
import { providedVariables } from "../../components/app/variables";
import type { Rule } from "./rule";

const duplicates = (words: readonly string[]) => [...new Set(words.filter((word, at) => words.indexOf(word) !== at))];

const uniqueNames: Rule = ({ settings }) => [
  ...duplicates(settings.queues.map((queue) => queue.name)).map((name) => ({
    where: "queues",
    given: `two queues named ${name}`,
    allowed: "queues of different names",
    fix: "rename one of them",
  })),
  ...(["environment", "secrets"] as const).flatMap((key) =>
    Object.keys(settings.app[key]).map(
      (name) =>
        (providedVariables as readonly string[]).includes(name) && {
          where: `app.${key}.${name}`,
          given: "a variable that the stack provides",
          allowed: `any name but ${providedVariables.join(", ")}`,
          fix: "remove it: the stack sets it",
        },
    ),
  ),
  ...Object.keys(settings.app.secrets).map(
    (name) =>
      name in settings.app.environment && {
        where: `app.environment.${name}`,
        given: "a name that app.secrets has too",
        allowed: "a variable in one of the two",
        fix: "remove it from app.environment",
      },
  ),
];

const port: Rule = ({ settings }) => [portProblem(settings.app.port)];

/** Rules of what the user runs: names, variables and ports. */
export const workload: Rule[] = [uniqueNames, port];
