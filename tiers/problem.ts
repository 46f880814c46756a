/** A problem with the input. Every layer reports its problems in this form. */
export interface Problem {
  /** The key or file, such as `postgres.storageGiB`. */
  where: string;
  /** The value given, as the user wrote it. Never a secret. */
  given: string;
  /** The values allowed. */
  allowed: string;
  /** How to fix it. */
  fix: string;
}

/** Formats a problem as one line. */
export function formatProblem({ where, given, allowed, fix }: Problem): string {
  return `${where}: given ${given}; allowed: ${allowed}; fix: ${fix}`;
}
