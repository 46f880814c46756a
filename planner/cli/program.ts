import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { SettingsError } from "../../config/problems";
import type { Program } from "../../platform/program";
import { readProject } from "../stacks";

const sdk = "@pulumi/pulumi";

/** The file that a folder's modules get for a name; undefined where they get none. */
function resolvedFrom(folder: string, name: string): string | undefined {
  try {
    return realpathSync(require.resolve(name, { paths: [folder] }));
  } catch {
    return undefined;
  }
}

/**
 * Loads the program that Pulumi.yaml of a folder names. Throws a SettingsError where there is none to plan: no file, not
 * a program of tierstack, or a second copy of the Pulumi SDK, whose resources the planner would not see.
 */
export function loadProgram(folder: string): Program {
  const { main } = readProject(folder);
  const file = resolve(folder, main);
  const where = "Pulumi.yaml: main";
  if (!existsSync(file))
    throw new SettingsError([
      { where, given: `${main}, which does not exist`, allowed: "the file of the program", fix: "correct main" },
    ]);
  const theirs = resolvedFrom(folder, sdk);
  const ours = resolvedFrom(__dirname, sdk);
  if (theirs !== undefined && theirs !== ours)
    throw new SettingsError([
      {
        where: sdk,
        given: `two copies: ${theirs} and ${ours}`,
        allowed: "one copy, which the program and tierstack share",
        fix: "use the version that tierstack asks for, then run npm dedupe",
      },
    ]);
  const program = loaded(file, main);
  if (typeof program === "function") return program as Program;
  throw new SettingsError([notAProgram(where, `${main}, which exports no function`)]);
}

const notAProgram = (where: string, given: string) => ({
  where,
  given,
  allowed: "a module that exports the program of tierstack, and reads no configuration while it loads",
  fix: "write `export = program(resources)`, and read configuration inside the function",
});

/** What a module exports. The configuration is there once the program runs, so a module that reads it while it loads
 * fails. */
function loaded(file: string, main: string): unknown {
  try {
    return require(file);
  } catch (error) {
    const [first] = String((error as Error).message).split("\n");
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND")
      throw new SettingsError([
        {
          where: "Pulumi.yaml: main",
          given: `${main}: ${first}`,
          allowed: "a program whose modules are there",
          fix: "run npm ci, or correct the import",
        },
      ]);
    if (!pulumi.RunError.isInstance(error) || error instanceof SettingsError) throw error;
    throw new SettingsError([notAProgram("Pulumi.yaml: main", `${main}: ${first}`)]);
  }
}
