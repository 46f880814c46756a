import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

interface Instruction {
  word: string;
  rest: string;
}

/** What the last stage says of its container. */
export interface ImageConfig {
  env: Record<string, string>;
  user?: string;
  command: string[];
  /** Folder of the container's working directory. */
  folder: string;
}

/**
 * An image built without an engine: each stage is a folder, and each `RUN` a command in it, with this machine's programs.
 * Knows the instructions that the project's Dockerfiles use, and refuses others.
 */
export class BuiltImage {
  readonly folder = mkdtempSync(join(tmpdir(), "tierstack-image-"));
  /** Values of `FROM`, without the platform. */
  readonly bases: string[] = [];
  private readonly context = join(this.folder, "context");
  private stage = "";
  private workdir = "/";
  private env: Record<string, string> = {};
  private readonly config: Omit<ImageConfig, "env" | "folder"> = { command: [] };

  constructor(
    private readonly root: string,
    file: string,
  ) {
    this.fillContext();
    for (const instruction of instructionsOf(readFileSync(join(root, file), "utf8"))) this.run(instruction);
  }

  get image(): ImageConfig {
    return { ...this.config, env: this.env, folder: this.path(".") };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The files of the repository that .dockerignore lets through: those that git knows. */
  private fillContext(): void {
    const allowed = readFileSync(join(this.root, ".dockerignore"), "utf8")
      .split("\n")
      .flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : []));
    const options = { cwd: this.root, encoding: "utf8" } as const;
    const known = ["ls-files", "--cached", "--others", "--exclude-standard", "--", ...allowed];
    for (const file of execFileSync("git", known, options).trim().split("\n"))
      if (existsSync(join(this.root, file))) cpSync(join(this.root, file), join(this.context, file));
  }

  private path(path: string, stage = this.stage): string {
    return join(this.folder, stage, path.startsWith("/") ? path : join(this.workdir, path));
  }

  private run({ word, rest }: Instruction): void {
    const steps: Record<string, () => void> = {
      ARG: () => {},
      FROM: () => this.from(rest),
      WORKDIR: () => {
        this.workdir = rest;
        mkdirSync(this.path("."), { recursive: true });
      },
      ENV: () => Object.assign(this.env, Object.fromEntries([rest.split("=")])),
      USER: () => Object.assign(this.config, { user: rest }),
      CMD: () => Object.assign(this.config, { command: JSON.parse(rest) }),
      COPY: () => this.copy(rest.split(" ")),
      RUN: () => this.command(rest),
    };
    const step = steps[word];
    if (!step) throw new Error(`Dockerfile: ${word} is not known here`);
    step();
  }

  private from(rest: string): void {
    const [, base = "", name = "last"] = /^(?:--platform=\S+ )?(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
    this.bases.push(base);
    this.stage = name;
    this.env = {};
    const earlier = join(this.folder, base);
    if (existsSync(earlier)) cpSync(earlier, join(this.folder, name), { recursive: true, verbatimSymlinks: true });
    else this.workdir = "/";
  }

  private copy(words: string[]): void {
    const from = /^--from=(\S+)$/.exec(words[0] ?? "")?.[1];
    const sources = words.slice(from ? 1 : 0, -1);
    const target = words.at(-1) as string;
    for (const source of sources) {
      const path = from ? join(this.folder, from, source) : join(this.context, source);
      const into = target.endsWith("/") && statSync(path).isFile();
      const to = into ? join(this.path(target), basename(source)) : this.path(target);
      cpSync(path, to, { recursive: true, verbatimSymlinks: true });
    }
  }

  private command(command: string): void {
    const own = Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_/.test(name));
    const env = { ...Object.fromEntries(own), ...this.env };
    const { status, stdout, stderr } = spawnSync("sh", ["-c", command], { cwd: this.path("."), env, encoding: "utf8" });
    if (status !== 0) throw new Error(`RUN ${command}: ${status}\n${stdout}${stderr}`);
  }
}

function instructionsOf(text: string): Instruction[] {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => {
    const [word = "", ...rest] = line.split(" ");
    return { word, rest: rest.join(" ") };
  });
}
