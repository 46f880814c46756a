import { spawn } from "node:child_process";

/** Runs a program on this machine. Returns what it writes. @throws Error with the reason for a failure, in a line */
export function runLocally(program: string, words: readonly string[], env = process.env): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (part) => (stdout += part));
    child.stderr.on("data", (part) => (stderr += part));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(stdout) : reject(new Error(stderr.trim().split("\n").at(-1) || `exit code ${code}`)),
    );
  });
}
