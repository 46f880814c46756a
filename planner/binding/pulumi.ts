/** The Pulumi CLI, as it answers in a project's folder with the user's environment. */
import { type SpawnOptions, spawn } from "node:child_process";

/** Result of a command. */
export interface Answer {
  code: number;
  output: string;
}

export type Pulumi = (args: string[], options: { show: boolean }) => Promise<Answer>;

/** Runs a program and returns what it prints on standard output; undefined where there is no such program. */
function started(program: string, args: string[], options: SpawnOptions): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, options);
    let output = "";
    child.stdout?.on("data", (data) => {
      output += data;
    });
    child.on("error", (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? resolve(undefined) : reject(error)));
    // Pulumi ends by itself when the terminal interrupts it, and cleans up first.
    const wait = () => {};
    process.on("SIGINT", wait);
    child.on("close", (code) => {
      process.off("SIGINT", wait);
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * The CLI of the environment: PULUMI_COMMAND, or `pulumi` on the PATH, or that of the npm package. With `show`, its
 * output goes to the terminal; otherwise it is returned. Its errors go to the terminal.
 */
export function pulumiIn(folder: string): Pulumi {
  return async (args, { show }) => {
    const { PULUMI_COMMAND: given, ...others } = process.env;
    const candidates = given ? [[given]] : [["pulumi"], ["npx", "pulumi"]];
    const env = { ...others, PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "false" };
    const options: SpawnOptions = { cwd: folder, env, stdio: ["inherit", show ? "inherit" : "pipe", "inherit"] };
    for (const [program = "", ...first] of candidates) {
      const answer = await started(program, [...first, ...args], options);
      if (answer) return answer;
    }
    return { code: 127, output: `${given ?? "pulumi"}: no such program` };
  };
}
