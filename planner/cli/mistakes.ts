import * as pulumi from "@pulumi/pulumi";
import { SettingsError } from "../../config/problems";
import { formatProblem } from "../../tiers/problem";
import { atTier, RefusedPlan } from "../plan";
import { type Project, stackFile } from "../stacks";

/** What is wrong with several stacks. */
export class BadStacks extends Error {
  constructor(
    lines: string[],
    readonly exitCode: 1 | 2,
  ) {
    super(lines.join("\n"));
  }
}

/**
 * Exit code for a user's mistake, which the Pulumi CLI, too, shows without a stack trace: 1 for a plan that is refused
 * or a check that is not fine, 2 for bad settings and arguments. Undefined for a defect.
 */
export function exitCodeOf(error: unknown): 1 | 2 | undefined {
  if (error instanceof BadStacks) return error.exitCode;
  if (error instanceof RefusedPlan) return 1;
  return pulumi.RunError.isInstance(error) || pulumi.ResourceError.isInstance(error) ? 2 : undefined;
}

/** Collects the mistakes in several stacks, each with the stack's file, so that one run reports all of them. */
export class Mistakes {
  private readonly lines = new Set<string>();
  private exitCode: 1 | 2 = 1;

  constructor(private readonly project: Project) {}

  /**
   * Does a stack's work; undefined where a mistake of the user's prevents it. Throws defects.
   * @param tier  that the stack is planned at in place of its own
   */
  async attempt<T>(stack: string, work: () => Promise<T>, tier?: string): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const exitCode = exitCodeOf(error);
      if (exitCode === undefined) throw error;
      if (exitCode === 2) this.exitCode = 2;
      for (const line of this.linesOf(stack, error as Error, tier)) this.lines.add(line);
      return undefined;
    }
  }

  /** Throws a BadStacks if there was a mistake. */
  throwIfAny(): void {
    if (this.lines.size > 0) throw new BadStacks([...this.lines], this.exitCode);
  }

  /** A refused plan names its stack. Other problems are the file's, except those of the project and the command line. */
  private linesOf(stack: string, error: Error, tier: string | undefined): string[] {
    if (error instanceof RefusedPlan) return error.message.split("\n");
    const file = `${stackFile(stack)}${atTier(tier)}: `;
    if (!(error instanceof SettingsError)) return error.message.split("\n").map((line) => file + line);
    return error.problems.map((problem) => {
      const isSetting = problem.where.startsWith(`${this.project.name}:`);
      return `${isSetting ? file : ""}${formatProblem(problem)}`;
    });
  }
}
