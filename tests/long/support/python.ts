import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** A program of PyPI. */
interface PythonPackage {
  name: string;
  version: string;
  /** What pip installs, without the version. */
  requirement: string;
  program: string;
}

/** Installs a program into the cache folder, once. Returns its path, or undefined without Python. */
export function pythonProgram({ name, version, requirement, program }: PythonPackage): string | undefined {
  const folder = join(__dirname, "..", "..", "..", ".cache", `${name}-${version}`);
  const path = join(folder, "bin", program);
  if (existsSync(path)) return path;
  try {
    execFileSync("python3", ["-m", "venv", folder], { stdio: "pipe" });
    execFileSync(join(folder, "bin", "pip"), ["install", "--quiet", `${requirement}==${version}`], { stdio: "pipe" });
    return path;
  } catch {
    return undefined;
  }
}
