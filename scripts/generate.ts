/**
 * `npm run generate` writes all files that are derived from code and data. `--check` (in CI) only compares them, and
 * exits 1 if a file is stale. A stack that cannot be planned is told in one line a problem.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { exitCodeOf } from "../planner/cli/mistakes";
import { record } from "../planner/record/record";
import { classFiles, guardSdk } from "../planner/record/sdk/classes";
import { readProject, readStack, stackNames } from "../planner/stacks";
import { alertsPage } from "./alerts-page";
import { configurationPage } from "./configuration-page";
import { dashboardsPage } from "./dashboards-page";
import { deployRoleFiles } from "./deploy-role/files";
import { drillsPage } from "./drills-page";
import { rdsClientFile, restorePodFile } from "./example-files";
import { faultsPage } from "./faults-page";
import { networkPage } from "./network-page";
import { planImage, planImageFile } from "./plan-image";
import { type ProjectIdentity, projectFile } from "./project-file";
import { runbookPages } from "./runbooks-page";
import { sdkTypes } from "./sdk-types";
import { tables } from "./tables";
import { costTablesOf } from "./tables/costs";
import { durationTablesOf, tierDurations } from "./tables/durations";
import { fillTables } from "./tables/fill";
import { flowchartTable } from "./tables/flowchart";
import { type TierCosts, tierCosts } from "./tables/tier-costs";
import { tiersPage } from "./tiers-page";

const root = join(__dirname, "..");

/** Returns the resource types that the stacks use, with the file of each type's class. */
async function usedTypes(): Promise<Map<string, string>> {
  guardSdk();
  const project = readProject(root);
  const program = require("../index") as () => unknown;
  for (const name of stackNames(project)) {
    const stack = readStack(project, name);
    // Records without checks: the catalogue they need is being generated.
    await record(program, { project: project.name, stack: name, config: stack.config, secretKeys: stack.secretKeys });
  }
  return classFiles();
}

/** A product keeps its own name. */
const identity = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as ProjectIdentity;

/** Returns the pages that can contain tables, by path. */
function pages(): Record<string, string> {
  const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
  const files = ["README.md", ...docs.filter((file) => file.endsWith(".md")).map((file) => `docs/${file}`)];
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
}

async function generated(filledPages: Record<string, string>, costs: TierCosts): Promise<Record<string, string>> {
  return {
    ...filledPages,
    "Pulumi.yaml": projectFile(identity),
    "docs/alerts.md": alertsPage(),
    "docs/configuration.md": configurationPage(),
    "docs/dashboards.md": dashboardsPage(),
    "docs/drills.md": await drillsPage(),
    "docs/faults.md": faultsPage(),
    "docs/examples/rds-client.yaml": rdsClientFile(),
    "docs/examples/restore-pod.yaml": restorePodFile(),
    "docs/network.md": networkPage(),
    ...runbookPages(),
    [planImageFile]: await planImage(),
    "docs/tiers.md": tiersPage(costs.costs),
    "planner/catalogues/sdk-types.generated.json": `${JSON.stringify(sdkTypes(await usedTypes()))}\n`,
    // Last: it plans more than the stacks use.
    ...(await deployRoleFiles()),
  };
}

async function main(): Promise<void> {
  const check = process.argv.includes("--check");
  const costs = await tierCosts();
  const filled = fillTables(pages(), {
    ...tables,
    ...costTablesOf(costs),
    ...durationTablesOf(await tierDurations()),
    ...(await flowchartTable()),
  });
  if (filled.problems.length > 0) {
    process.stderr.write(`${filled.problems.join("\n")}\n`);
    process.exitCode = 1;
    return;
  }
  const stale: string[] = [];
  // Pulumi.yaml first, because reading the stacks uses its defaults.
  if (!check) writeFileSync(join(root, "Pulumi.yaml"), projectFile(identity));
  for (const [file, content] of Object.entries(await generated(filled.pages, costs))) {
    const path = join(root, file);
    if (existsSync(path) && readFileSync(path, "utf8") === content) continue;
    stale.push(file);
    if (check) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  for (const file of stale) process.stdout.write(`${check ? "stale" : "written"}: ${file}\n`);
  if (check && stale.length > 0) {
    process.stderr.write("run `npm run generate` and commit the result\n");
    process.exitCode = 1;
  }
}

main().catch((error: Error) => {
  const exitCode = exitCodeOf(error);
  if (exitCode === undefined) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = exitCode;
});
