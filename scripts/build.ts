/** `npm run build` writes the npm package's code to dist/: CommonJS, type declarations, and the scripts beside them. */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(__dirname, "..");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
// A component reads its shell scripts from its own folder.
const files = readdirSync(join(root, "components"), { recursive: true, encoding: "utf8" });
for (const file of files.filter((name) => name.endsWith(".sh"))) {
  const target = join(dist, "components", file);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(root, "components", file), target);
}
// The policy pack: Pulumi runs its JavaScript as it is.
const pack = join(root, "policy");
const described = JSON.parse(readFileSync(join(pack, "package.json"), "utf8"));
cpSync(join(pack, "PulumiPolicy.yaml"), join(dist, "policy", "PulumiPolicy.yaml"));
writeFileSync(join(dist, "policy", "package.json"), `${JSON.stringify({ ...described, main: "pack.js" }, null, 2)}\n`);
for (const program of ["planner/cli/main.js", "ops/main.js", "ops/drills/main.js"])
  chmodSync(join(dist, program), 0o755);
