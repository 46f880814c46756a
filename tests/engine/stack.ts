import { expect } from "chai";
import { previewedSteps, type Steps } from "../../planner/binding/steps";
import type { Account } from "../support/account";
import { identityOf, type KubernetesObject } from "../support/objects";
import type { Cluster } from "./clusters";
import type { Engine, Run, Step } from "./engine";
import { Ledger, type Program, programOf } from "./program";
import type { Operation } from "./provider";

/** A stack with the real engine, and the clusters it runs on. */
export class Stack {
  readonly ledger = new Ledger();

  constructor(
    private readonly engine: Engine,
    readonly name: string,
  ) {}

  init(): Promise<void> {
    return this.engine.succeed("stack", "init", this.name);
  }

  /** Steps of the last successful command, from the engine's event log. */
  steps: Step[] = [];

  /** Runs a CLI command on the stack. */
  run(command: string, ...args: string[]): Promise<Run> {
    this.engine.standIn.done.length = 0;
    return this.engine.run(command, "--stack", this.name, ...args);
  }

  /** Runs `pulumi preview`, and reads what it answers; undefined where that is no answer. */
  async preview(): Promise<Run & { steps: Steps | undefined }> {
    const run = await this.run("preview", "--json");
    const { output } = run;
    return { ...run, steps: previewedSteps(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1)) };
  }

  /** Runs a CLI command and expects it to succeed. Returns the operations. */
  async succeed(command: string, ...args: string[]): Promise<Operation[]> {
    this.engine.standIn.done.length = 0;
    const { code, output, steps } = await this.engine.logged(command, "--stack", this.name, ...args);
    expect(code, output.slice(-3000)).to.equal(0);
    expect(steps.length, "steps in the engine's event log").to.be.greaterThan(0);
    this.steps = steps;
    return [...this.engine.standIn.done];
  }

  /** Runs `pulumi up`, and expects the right objects in the clusters. Returns the operations. */
  async up(): Promise<Operation[]> {
    const program = await programOf(this.engine.folder, this.name);
    this.engine.standIn.paths = program.paths;
    const done = await this.succeed("up", "--yes", "--skip-preview");
    this.ledger.up(program);
    await this.expectInStep(program);
    return done;
  }

  /** Runs `pulumi destroy`, and expects only retained objects in the clusters. Returns the operations. */
  async destroy(): Promise<Operation[]> {
    const done = await this.succeed("destroy", "--yes");
    this.ledger.destroyed();
    await this.expectInStep();
    return done;
  }

  /** Sets a configuration key of the stack file. */
  set(key: string, value: string): void {
    const line = `  tierstack:${key}: ${value}`;
    this.engine.edit(this.name, (text) => {
      const others = text.split("\n").filter((other) => !other.startsWith(`  tierstack:${key}:`));
      return others.join("\n").replace("config:", `config:\n${line}`);
    });
  }

  /** The AWS account of the stack. */
  get account(): Account {
    return this.engine.standIn.account(this.name);
  }

  /** Whether objects reach API servers. */
  get onClusters(): boolean {
    return this.engine.clusters !== undefined;
  }

  private async clusters(): Promise<Cluster[]> {
    return (await this.engine.clusters?.of(this.name)) ?? [];
  }

  /** Returns the objects of each cluster, by identity. */
  async held(): Promise<Record<string, KubernetesObject>[]> {
    const objects = await Promise.all((await this.clusters()).map((cluster) => cluster.objects()));
    return objects.map((inOne) => Object.fromEntries(inOne.map((object) => [identityOf(object), object])));
  }

  /**
   * Expects the clusters to contain exactly the objects that the programs so far have created and left there. Applying
   * any object of the program again must change nothing.
   */
  private async expectInStep(program?: Program): Promise<void> {
    if (!this.onClusters) return;
    const held = (await this.held()).map((objects) => Object.keys(objects).sort());
    expect(held, `objects of ${this.name}, cluster by cluster`).to.deep.equal(this.ledger.expected);
    if (!program) return;
    const cluster = (await this.clusters())[this.ledger.position(program)];
    const differing: string[] = [];
    // Objects with ignored changes keep their original values and may differ from the program.
    for (const { object, ignoreChanges } of program.objects)
      if (ignoreChanges.length === 0 && (await cluster?.wouldChange(object))) differing.push(identityOf(object));
    expect(differing, `objects of ${this.name} that differ from the program`).to.deep.equal([]);
  }

  /** Stops its clusters. */
  async stop(): Promise<void> {
    await this.engine.clusters?.stop(this.name);
  }
}
