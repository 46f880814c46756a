import { formatProblem, type Problem } from "../tiers/problem";

/**
 * What keeps a command from its end although the command line is right: a cluster that does not answer, or nobody who
 * agrees. Exit code 1, one problem a line.
 */
export class Failure extends Error {
  constructor(...problems: (Problem | string)[]) {
    super(problems.map((problem) => (typeof problem === "string" ? problem : formatProblem(problem))).join("\n"));
  }
}
