/** One thing that is wrong with the input. Rules in every layer report problems in this form. */
export interface Problem {
  /** The key or file concerned, such as `postgres.storageGiB`. */
  where: string;
  /** What was given, as the user would recognise it; never a secret. */
  given: string;
  /** What is allowed. */
  allowed: string;
  /** How to fix it. */
  fix: string;
}

/** A problem on one line. */
export function formatProblem({ where, given, allowed, fix }: Problem): string {
  return `${where}: given ${given}; allowed: ${allowed}; fix: ${fix}`;
}
