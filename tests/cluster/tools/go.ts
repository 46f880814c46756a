import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Folders next to this file, each with its own go.mod. */
export type Tools = "control-plane" | "crds" | "manifests";

/** Returns the folder of a tool module. */
export const folderOf = (tools: Tools): string => join(__dirname, tools);

const goMod = (tools: Tools): string => readFileSync(join(folderOf(tools), "go.mod"), "utf8");

/** Returns the version of a Go module that a tool module requires, without the `v`. Throws if it is not required. */
export function pinnedVersion(tools: Tools, module: string): string {
  for (const line of goMod(tools).split("\n")) {
    const [path, version] = line
      .trim()
      .replace(/^require /, "")
      .split(" ");
    if (path === module && version?.startsWith("v")) return version.slice(1);
  }
  throw new Error(`${tools}/go.mod does not require ${module}`);
}

/** Whether a version such as `1.26.8` is at least another. */
function reaches(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) => text.split(".").map(Number)) as [number[], number[]];
  const at = want.findIndex((part, index) => part !== (have[index] ?? 0));
  return at === -1 || (have[at] ?? 0) > (want[at] as number);
}

/**
 * Throws, with what to install, unless Go is installed in a version that the module supports.
 * @param purpose  completes the error message "Go 1.26.0 is needed to …"
 */
export function requireGo(tools: Tools, purpose: string): void {
  const least = /^go (\S+)$/m.exec(goMod(tools))?.[1] as string;
  const { stdout, stderr, error } = spawnSync("go", ["env", "GOVERSION"], { cwd: folderOf(tools), encoding: "utf8" });
  const version = /^go([\d.]+)/.exec(stdout ?? "")?.[1];
  if (version && reaches(version, least)) return;
  const found = error ? "there is none" : version ? `this is ${version}` : stderr.trim();
  throw new Error(`Go ${least} is needed to ${purpose} (${found}): https://go.dev/dl`);
}
