import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Clusters, missingForClusters } from "./clusters";
import { StandIn } from "./provider";

const root = join(__dirname, "..", "..");
/** The Pulumi CLI. PULUMI_COMMAND overrides the one of the package, which downloads the real CLI on first use. */
const cli = process.env.PULUMI_COMMAND ?? "pulumi";
const available = spawnSync(cli, ["version"]).status === 0;

const say = (line: string) => process.stdout.write(`      ${line}\n`);

/** A step in the engine's event log: `same`, `create`, `update`, `delete`, `replace`, … */
export interface Step {
  op: string;
  urn: string;
  /** Whether the resource only leaves the state and is not deleted. */
  retained: boolean;
}

/** Parses the steps of an event log with one event per line. */
function stepsIn(log: string): Step[] {
  const events = log
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return events.flatMap(({ resourcePreEvent }) => {
    if (!resourcePreEvent) return [];
    const { op, urn, old } = resourcePreEvent.metadata;
    return [{ op, urn, retained: old?.retainOnDelete === true }];
  });
}

/** Result of a CLI run. */
export interface Run {
  code: number;
  /** Standard output and error. */
  output: string;
}

/** The real engine on a copy of the project in a temporary folder with its own state, and fakes for all providers. */
export class Engine {
  /** API servers for Kubernetes objects; undefined, with a message, if none can be started now. */
  readonly clusters: Clusters | undefined;
  readonly standIn: StandIn;
  readonly folder: string;
  private readonly state: string;
  private running: ChildProcess | undefined;

  private constructor(withClusters: boolean) {
    const missing = withClusters ? missingForClusters() : [];
    if (missing.length > 0) {
      const remedy = "`npm run test:cluster` builds it, or reports what to install";
      say(`no API server for Kubernetes objects, missing: ${missing.join(", ")} (${remedy})`);
    }
    this.clusters = withClusters && missing.length === 0 ? new Clusters() : undefined;
    this.standIn = new StandIn(this.clusters);
    const home = mkdtempSync(join(tmpdir(), "tierstack-engine-"));
    [this.folder, this.state] = [join(home, "project"), join(home, "state")];
    for (const folder of [this.folder, this.state]) mkdirSync(folder);
    symlinkSync(join(root, "node_modules"), join(this.folder, "node_modules"));
  }

  /**
   * Starts for a suite, which is skipped with a message if there is no CLI: on a copy of this project, or on the given
   * files. Without clusters, it accepts every Kubernetes object.
   */
  static async start(
    suite: Mocha.Context,
    { files, clusters = true }: { files?: Record<string, string>; clusters?: boolean } = {},
  ): Promise<Engine> {
    if (!available) {
      say("skipped: no Pulumi CLI found, and the download failed");
      suite.skip();
    }
    const engine = new Engine(clusters);
    for (const [name, content] of Object.entries(files ?? {})) writeFileSync(join(engine.folder, name), content);
    const left = ["node_modules", "out", "tests"];
    const copied = files ? [] : readdirSync(root).filter((name) => !left.includes(name) && !name.startsWith("."));
    for (const name of copied) cpSync(join(root, name), join(engine.folder, name), { recursive: true });
    await engine.standIn.start();
    return engine;
  }

  async stop(): Promise<void> {
    // Left over from a test that timed out.
    this.running?.kill();
    this.standIn.stop();
    await this.clusters?.stopAll();
    rmSync(join(this.folder, ".."), { recursive: true, force: true });
  }

  /** Runs the CLI. */
  run(...args: string[]): Promise<Run> {
    return this.started(cli, [...args, "--non-interactive"]);
  }

  /** Runs a command of the planner in the project's folder, such as `up`. */
  planner(...args: string[]): Promise<Run> {
    return this.started("node", ["--import", "tsx", join("planner", "cli", "main.ts"), ...args]);
  }

  /** Runs a program with the engine's environment. Asynchronous, because the fake provider serves it from this process. */
  private started(program: string, args: string[]): Promise<Run> {
    const env = {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${this.state}`,
      PULUMI_HOME: join(this.state, "home"),
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // Needed for --event-log, among others.
      PULUMI_DEBUG_COMMANDS: "true",
      PULUMI_DEBUG_PROVIDERS: this.standIn.attach,
    };
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd: this.folder, env, stdio: ["ignore", "pipe", "pipe"] });
      this.running = child;
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (data) => {
          output += data;
        });
      child.on("error", reject);
      child.on("close", (code) => resolve({ code: code ?? 1, output }));
    });
  }

  /** Runs the CLI and returns the steps from its event log. */
  async logged(...args: string[]): Promise<Run & { steps: Step[] }> {
    const file = join(this.state, "events.jsonl");
    rmSync(file, { force: true });
    const run = await this.run(...args, "--event-log", file);
    return { ...run, steps: existsSync(file) ? stepsIn(readFileSync(file, "utf8")) : [] };
  }

  /** Runs the CLI and expects it to succeed. */
  async succeed(...args: string[]): Promise<void> {
    const { code, output } = await this.run(...args);
    expect(code, output.slice(-3000)).to.equal(0);
  }

  /** Edits the text of a stack file. */
  edit(stack: string, change: (text: string) => string): void {
    const file = join(this.folder, `Pulumi.${stack}.yaml`);
    writeFileSync(file, change(readFileSync(file, "utf8")));
  }
}
