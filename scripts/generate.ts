/**
 * `npm run generate` writes everything that is derived from code and data; `--check` (in CI) only compares and exits 1
 * where a file is stale.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { record } from "../planner/record/record";
import { classFiles, guardSdk } from "../planner/record/sdk/classes";
import { readProject, readStack, stackNames } from "../planner/stacks";
import { configurationPage } from "./configuration-page";
import { faultsPage } from "./faults-page";
import { networkPage } from "./network-page";
import { projectFile } from "./project-file";
import { sdkTypes } from "./sdk-types";
import { tiersPage } from "./tiers-page";

const root = join(__dirname, "..");

/** Every resource type that the stacks and their documented overrides use. */
async function usedTypes(): Promise<Map<string, string>> {
  guardSdk();
  const project = readProject(root);
  const program = require("../index") as () => unknown;
  for (const name of stackNames(project)) {
    const stack = readStack(project, name);
    // Nothing is checked here: the catalogue to check against is what is being made.
    await record(program, { project: project.name, stack: name, config: stack.config, secretKeys: stack.secretKeys });
  }
  return classFiles();
}

async function generated(): Promise<Record<string, string>> {
  return {
    "Pulumi.yaml": projectFile(),
    "docs/configuration.md": configurationPage(),
    "docs/faults.md": faultsPage(),
    "docs/network.md": networkPage(),
    "docs/tiers.md": tiersPage(),
    "planner/catalogues/sdk-types.generated.json": `${JSON.stringify(sdkTypes(await usedTypes()))}\n`,
  };
}

async function main(): Promise<void> {
  const check = process.argv.includes("--check");
  const stale: string[] = [];
  // Pulumi.yaml first: the stacks are read with its defaults.
  if (!check) writeFileSync(join(root, "Pulumi.yaml"), projectFile());
  for (const [file, content] of Object.entries(await generated())) {
    const path = join(root, file);
    if (existsSync(path) && readFileSync(path, "utf8") === content) continue;
    stale.push(file);
    if (check) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  for (const file of stale) process.stdout.write(`${check ? "stale" : "written"}: ${file}\n`);
  if (check && stale.length > 0) {
    process.stderr.write("run `npm run generate` and commit what it writes\n");
    process.exitCode = 1;
  }
}

void main();
