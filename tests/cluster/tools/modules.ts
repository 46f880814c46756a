import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Returns the folder of a Go module that a tool module requires. Downloads it if needed; throws if that fails. */
export function moduleFolder(tools: string, module: string): string {
  const { stdout, stderr, error } = spawnSync("go", ["mod", "download", "-json", module], {
    cwd: join(__dirname, tools),
    encoding: "utf8",
  });
  if (error) throw error;
  const { Dir, Error: problem } = stdout ? JSON.parse(stdout) : { Error: stderr };
  if (problem) throw new Error(`go mod download ${module}: ${problem}`);
  return Dir;
}
