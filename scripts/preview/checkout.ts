import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readProject, stackNames } from "../../planner/stacks";

/** Longest run of a command, in milliseconds. A plan takes seconds. */
const longestRun = 300_000;

/** Longest output that is read of a command, in bytes. */
const longestOutput = 64 * 1024 * 1024;

/** What a command of a checkout answered. */
interface Answer {
  /** Exit code of the planner: 0 fine, 1 refused, 2 bad input. 3 where the command did not run or did not end. */
  code: number;
  stdout: string;
  stderr: string;
}

/** A plan of a stack, in the file and as text, or why there is none. */
export type PlanAnswer = { file: string; text: string } | { problem: string };

/** The commands of one side of a pull request. Each side runs its own program with its own packages. */
export class Checkout {
  constructor(readonly folder: string) {}

  /** Names of its stacks; the reason where they cannot be read. */
  stacks(): string[] | { problem: string } {
    try {
      return stackNames(readProject(this.folder));
    } catch (error) {
      return { problem: (error as Error).message };
    }
  }

  /** Plans a stack into a file in a folder. */
  plan(stack: string, folder: string): PlanAnswer {
    const file = join(folder, `${stack}.json`);
    // A name may begin with a dash, so it is never an argument of its own.
    const { code, stderr } = this.run("plan", [`--stack=${stack}`, "--format=json", `--out=${file}`]);
    if (code !== 0) return { problem: stderr };
    return { file, text: readFileSync(file, "utf8") };
  }

  /** Compares a stack with a plan of another checkout. */
  diff(stack: string, base: string, format: "json" | "markdown"): Answer {
    return this.run("diff", [`--base=${base}`, `--stack=${stack}`, `--format=${format}`]);
  }

  private run(command: string, options: string[]): Answer {
    const { status, stdout, stderr, error } = spawnSync("npm", ["run", "--silent", command, "--", ...options], {
      cwd: this.folder,
      encoding: "utf8",
      timeout: longestRun,
      maxBuffer: longestOutput,
    });
    if (error || status === null) {
      const reason = (error as NodeJS.ErrnoException | undefined)?.code ?? "it was stopped";
      return { code: 3, stdout: "", stderr: `npm run ${command} did not end: ${reason}` };
    }
    return { code: status, stdout, stderr: stderr.trim() || `npm run ${command} exited with ${status} and no message` };
  }
}
