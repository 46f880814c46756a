import { spawn } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { folderOf, pinnedVersion, requireGo, type Tools } from "./go";

const cache = join(__dirname, "..", "..", "..", ".cache", "cluster");

/** Interval of the progress messages of a build. */
const reportEvery = 15_000;

const builds = {
  "control-plane": {
    what: "the control plane",
    takes: " (minutes without a cache, seconds after)",
    packages: "tool",
    flags: () => {
      const version = pinnedVersion("control-plane", "k8s.io/kubernetes");
      const [major, minor] = version.split(".");
      const stamp = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor };
      return Object.entries(stamp).map(([field, value]) => `-X k8s.io/component-base/version.${field}=${value}`);
    },
  },
  /** Simulated nodes only, for an existing cluster. */
  nodes: { what: "kwok", takes: "", packages: "sigs.k8s.io/kwok/cmd/kwok", flags: () => [] },
  manifests: { what: "the manifest checkers", takes: "", packages: "tool", flags: () => [] },
} as const;

/** Returns the module whose go.mod pins the programs of a build. */
const moduleOf = (name: keyof typeof builds): Tools => (name === "nodes" ? "control-plane" : name);

/** Returns the folder of a build's programs. */
export const programsOf = (name: keyof typeof builds): string => join(cache, name);

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** Removes the leftovers of killed builds. */
function removeLeftovers(): void {
  for (const name of readdirSync(cache)) {
    const pid = /\.building-(\d+)-/.exec(name)?.[1];
    if (pid && !alive(Number(pid))) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

/** Runs a build. Throws with the compiler's output if it fails. */
function goBuild(name: keyof typeof builds, folder: string): Promise<void> {
  const { packages } = builds[name];
  const flags = ["-s", "-w", ...builds[name].flags()].join(" ");
  // Does not stamp the commit: it would relink every program after every commit.
  const build = spawn(
    "go",
    ["build", "-trimpath", "-buildvcs=false", "-ldflags", flags, "-o", `${folder}/`, packages],
    {
      cwd: folderOf(moduleOf(name)),
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let said = "";
  build.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    build.on("error", reject);
    build.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`building ${builds[name].what} failed:\n${said.trim()}`));
    });
  });
}

/**
 * Builds the tools of a module into the cache, unless they are up to date. Several processes can build at once: each
 * builds in its own folder and moves every finished program into place atomically, so a running program is never
 * overwritten.
 * @param onProgress  receives a line every 15 seconds during the build
 * @returns the folder of the programs
 */
export async function buildTools(
  name: keyof typeof builds,
  onProgress: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<string> {
  const { what, takes } = builds[name];
  requireGo(moduleOf(name), `build ${what}`);
  const folder = programsOf(name);
  mkdirSync(folder, { recursive: true });
  removeLeftovers();
  const building = mkdtempSync(`${folder}.building-${process.pid}-`);
  // Go keeps up-to-date programs and replaces the others, so it never modifies a hard-linked file.
  for (const program of readdirSync(folder)) linkSync(join(folder, program), join(building, program));
  const started = Date.now();
  const report = setInterval(
    () => onProgress(`building ${what}${takes}: ${Math.round((Date.now() - started) / 1000)} s`),
    reportEvery,
  );
  try {
    await goBuild(name, building);
    for (const program of readdirSync(building)) renameSync(join(building, program), join(folder, program));
  } finally {
    clearInterval(report);
    rmSync(building, { recursive: true });
  }
  return folder;
}
