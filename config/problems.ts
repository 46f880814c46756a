import * as pulumi from "@pulumi/pulumi";
import { distance } from "fastest-levenshtein";

/** One thing wrong with the input. */
export interface Problem {
  /** The key or file concerned, such as `tierstack:postgres.storageGiB`. */
  where: string;
  /** What was given, as the user would recognise it; never a secret. */
  given: string;
  /** What is allowed. */
  allowed: string;
  /** How to fix it. */
  fix: string;
}

/** A problem on one line. */
export function formatProblem(problem: Problem): string {
  const { where, given, allowed, fix } = problem;
  return `${where}: given ${given}; allowed: ${allowed}; fix: ${fix}`;
}

/** Bad input: all its problems at once. A RunError, so that the Pulumi CLI shows the message and no stack trace. */
export class SettingsError extends pulumi.RunError {
  constructor(readonly problems: Problem[]) {
    super(problems.map(formatProblem).join("\n"));
  }
}

/** The candidate most like the word given, if any is near enough to be what was meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best && best.far <= Math.max(2, Math.floor(word.length / 2)) ? best.candidate : undefined;
}
