import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { stackFile } from "../../planner/stacks";
import { tierNames } from "../../tiers";

const root = join(__dirname, "..", "..");

/** Name of the project in the tests. */
const projectName = "tierstack";

/** The text of a project or stack file, under the name that the tests know. */
export function underTestName(text: string, name: string): string {
  return text.replace(`name: ${name}\n`, `name: ${projectName}\n`).replaceAll(`  ${name}:`, `  ${projectName}:`);
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tierstack-project-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const { name } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8"));
  for (const file of ["Pulumi.yaml", ...["local", ...tierNames].map(stackFile)])
    writeFileSync(join(folder, file), underTestName(readFileSync(join(root, file), "utf8"), name));
  symlinkSync(join(root, "index.ts"), join(folder, "index.ts"));
  return folder;
}

let folder: string | undefined;

/**
 * Returns the folder of the project that the tests plan: this project's program and stacks, under the name that the tests
 * know. So a product may rename its project and add stacks, and all tests still hold.
 */
export function testProject(): string {
  folder ??= makeFolder();
  return folder;
}
