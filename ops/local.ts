import { type ChildProcess, spawn } from "node:child_process";

const running = new Set<ChildProcess>();

/** Runs a program on this machine. Returns what it writes. @throws Error with the reason for a failure, in a line */
export function runLocally(program: string, words: readonly string[], env = process.env): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (part) => (stdout += part));
    child.stderr.on("data", (part) => (stderr += part));
    child.on("error", reject);
    child.on("close", (code) => {
      running.delete(child);
      if (code === 0) resolve(stdout);
      else reject(new Error(stderr.trim().split("\n").at(-1) || `exit code ${code}`));
    });
  });
}

/** Ends the programs that are running. Whoever waits for one is told that it failed, once it has ended. */
export function endLocally(): void {
  for (const child of running) child.kill();
}
