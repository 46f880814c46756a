import { formatProblem, type Problem } from "../tiers/problem";

/**
 * What keeps a command from its end although the command line is right: a cluster that does not answer, or nobody who
 * agrees. Exit code 1, one problem a line.
 */
export class Failure extends Error {
  /** What is wrong, without what is allowed and the fix. */
  readonly brief: string;

  constructor(problem: Problem | string) {
    super(typeof problem === "string" ? problem : formatProblem(problem));
    this.brief = typeof problem === "string" ? problem : `${problem.where}: given ${problem.given}`;
  }
}
