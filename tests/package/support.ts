import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";

export const root = join(__dirname, "..", "..");
const fixtures = join(__dirname, "fixtures");
const template = join(root, "template");

/** Everything of this suite; gone when the process ends. */
const workFolder = mkdtempSync(join(tmpdir(), "tierstack-package-"));
// By rm: Node takes a minute for the thousands of files in node_modules.
process.once("exit", () => spawnSync("rm", ["-rf", workFolder]));

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command in a folder, as a user would: nothing of this repository's environment of npm and Node reaches it. */
export function run(folder: string, command: string, ...args: string[]): Run {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_OPTIONS$/.test(name)));
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    env,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return { code: status, stdout, stderr };
}

/** Runs a command that has to succeed. Returns what it prints. */
export function succeed(folder: string, command: string, ...args: string[]): string {
  const { code, stdout, stderr } = run(folder, command, ...args);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

export function emptyFolder(name: string): string {
  const folder = join(workFolder, name);
  mkdirSync(folder);
  return folder;
}

export const npmInstall = ["install", "--prefer-offline", "--no-audit", "--no-fund"];

/** Packs a folder as npm would publish it. Returns the tarball. */
export function pack(folder: string, ...flags: string[]): string {
  const listed = succeed(folder, "npm", "pack", "--json", "--silent", "--pack-destination", workFolder, ...flags);
  const [{ filename }] = JSON.parse(listed.slice(listed.indexOf("[\n"))) as [{ filename: string }];
  return join(workFolder, filename);
}

/** Copies the template as `pulumi new` does: placeholders replaced, the section for `pulumi new` removed. */
export function newProject(folder: string, name: string, description: string): void {
  cpSync(template, folder, { recursive: true });
  for (const file of ["Pulumi.yaml", "package.json"]) {
    const text = readFileSync(join(folder, file), "utf8");
    const asYaml = (value: string) => (file.endsWith(".yaml") ? JSON.stringify(value) : value);
    writeFileSync(
      join(folder, file),
      text.replaceAll("${PROJECT}", asYaml(name)).replaceAll("${DESCRIPTION}", asYaml(description)),
    );
  }
  const { template: _, ...project } = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8"));
  writeFileSync(join(folder, "Pulumi.yaml"), stringify(project));
}

/** The tarball, and a project of the template that it is installed in: made once, for all files of this suite. */
let made: { tarball: string; project: string } | undefined;
export function packed() {
  if (made) return made;
  const tarball = pack(root);
  const project = emptyFolder("template");
  newProject(project, "shop", 'My shop: a "test"');
  succeed(project, "npm", ...npmInstall, tarball);
  made = { tarball, project };
  return made;
}

/** A folder with the files of a fixture, and the packages of the template's project. */
export function fixture(name: string): string {
  const { project } = packed();
  const folder = emptyFolder(name);
  cpSync(join(fixtures, name), folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true }));
  cpSync(join(template, "tsconfig.json"), join(folder, "tsconfig.json"));
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  return folder;
}
