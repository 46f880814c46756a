import { expect } from "chai";
import { identityOf, type KubernetesObject } from "../support/objects";
import type { Cluster } from "./clusters";
import type { Engine, Run, Step } from "./engine";
import { Ledger, type Program, programOf } from "./program";
import type { Operation } from "./provider";

/** A stack under the real engine, with the clusters it runs on. */
export class Stack {
  readonly ledger = new Ledger();

  constructor(
    private readonly engine: Engine,
    readonly name: string,
  ) {}

  init(): Promise<void> {
    return this.engine.succeed("stack", "init", this.name);
  }

  /** Steps of the last command that succeeded, by the engine's own event log. */
  steps: Step[] = [];

  /** Runs a command of the CLI on the stack. */
  run(command: string, ...args: string[]): Promise<Run> {
    this.engine.standIn.done.length = 0;
    return this.engine.run(command, "--stack", this.name, ...args);
  }

  /** Runs one that is expected to succeed. Answers what was done. */
  async succeed(command: string, ...args: string[]): Promise<Operation[]> {
    this.engine.standIn.done.length = 0;
    const { code, output, steps } = await this.engine.logged(command, "--stack", this.name, ...args);
    expect(code, output.slice(-3000)).to.equal(0);
    expect(steps.length, "steps in the engine's event log").to.be.greaterThan(0);
    this.steps = steps;
    return [...this.engine.standIn.done];
  }

  /** Brings the program up, and expects its clusters to hold what they should. Answers what was done. */
  async up(): Promise<Operation[]> {
    const program = await programOf(this.engine.folder, this.name);
    this.engine.standIn.paths = program.paths;
    const done = await this.succeed("up", "--yes", "--skip-preview");
    this.ledger.up(program);
    await this.expectInStep(program);
    return done;
  }

  /** Destroys everything, and expects of the clusters what should be left. Answers what was done. */
  async destroy(): Promise<Operation[]> {
    const done = await this.succeed("destroy", "--yes");
    this.ledger.destroyed();
    await this.expectInStep();
    return done;
  }

  /** Whether objects reach API servers at all. */
  get onClusters(): boolean {
    return this.engine.clusters !== undefined;
  }

  private async clusters(): Promise<Cluster[]> {
    return (await this.engine.clusters?.of(this.name)) ?? [];
  }

  /** What each cluster holds, by identity. */
  async held(): Promise<Record<string, KubernetesObject>[]> {
    const objects = await Promise.all((await this.clusters()).map((cluster) => cluster.objects()));
    return objects.map((inOne) => Object.fromEntries(inOne.map((object) => [identityOf(object), object])));
  }

  /**
   * Expects that the clusters hold what the programs so far have made and left there, and nothing else; and that every
   * object of the program is there to the letter: to apply it again would change nothing.
   */
  private async expectInStep(program?: Program): Promise<void> {
    if (!this.onClusters) return;
    const held = (await this.held()).map((objects) => Object.keys(objects).sort());
    expect(held, `objects of ${this.name}, cluster by cluster`).to.deep.equal(this.ledger.expected);
    if (!program) return;
    const cluster = (await this.clusters())[this.ledger.position(program)];
    const differing: string[] = [];
    // What keeps the value it was made with is not what the program says.
    for (const { object, ignoreChanges } of program.objects)
      if (ignoreChanges.length === 0 && (await cluster?.wouldChange(object))) differing.push(identityOf(object));
    expect(differing, `objects of ${this.name} that are not as the program says`).to.deep.equal([]);
  }

  /** Ends its clusters. */
  async stop(): Promise<void> {
    await this.engine.clusters?.stop(this.name);
  }
}
