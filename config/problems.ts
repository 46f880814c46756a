import * as pulumi from "@pulumi/pulumi";
import { distance } from "fastest-levenshtein";
import { formatProblem, type Problem } from "../tiers/problem";

/** Every problem of a bad input. It is a RunError, so the Pulumi CLI shows the message without a stack trace. */
export class SettingsError extends pulumi.RunError {
  constructor(readonly problems: Problem[]) {
    super(problems.map(formatProblem).join("\n"));
  }
}

/** Reads something; undefined where it is bad input, whose problems join the others. Throws every other error. */
export function attempt<T>(read: () => T, problems: Problem[]): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

/** The candidate most similar to the word; undefined where none is similar enough for a typing error. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, far: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best && best.far <= Math.max(2, Math.floor(word.length / 2)) ? best.candidate : undefined;
}
