import { planStack } from "../../planner/plan";
import { reveal } from "../../planner/record/values";
import { readProject, readStack } from "../../planner/stacks";
import type { TargetKind } from "../../tiers";
import { identityOf, type KubernetesObject, objectsOf, type StackObject } from "../support/objects";

/** What a stack's program makes, as the planner sees it. */
export interface Program {
  /** The cluster it runs on. */
  cluster: TargetKind;
  objects: StackObject[];
  /** Identities of objects of others that it adds to. */
  patched: string[];
  /** Paths of its resources by `type::name`. */
  paths: Map<string, string>;
}

/** Plans a stack of the project in a folder. */
export async function programOf(folder: string, stack: string): Promise<Program> {
  const project = readProject(folder);
  const { recording, inputs } = await planStack(project, readStack(project, stack), require("../../index"));
  const patches = recording.resources.filter(({ type }) => type.startsWith("kubernetes:") && type.endsWith("Patch"));
  return {
    cluster: inputs.spec.target.kind,
    objects: objectsOf(recording),
    patched: patches.map(({ inputs }) => identityOf(reveal(inputs) as KubernetesObject)),
    paths: new Map(recording.resources.map(({ type, name, path }) => [`${type}::${name}`, path])),
  };
}

/** Follows what the programs of a stack, one after the other, leave in its clusters. */
export class Ledger {
  private readonly clusters = new Map<TargetKind, Set<string>>();
  private last: Program | undefined;

  /** The program has taken the place of the one before. */
  up(program: Program): void {
    const there = this.of(program.cluster);
    for (const { object } of program.objects) there.add(identityOf(object));
    for (const identity of program.patched) there.add(identity);
    if (this.last) this.leave(this.last, program);
    this.last = program;
  }

  /** What goes with a program: what is not retained, nor in the next on the same cluster. */
  private leave(last: Program, next: Program): void {
    const goesOn = new Set(last.cluster === next.cluster ? next.objects.map(({ object }) => identityOf(object)) : []);
    for (const { object, retained } of last.objects)
      if (!retained && !goesOn.has(identityOf(object))) this.of(last.cluster).delete(identityOf(object));
  }

  /** Everything was destroyed. */
  destroyed(): void {
    if (this.last) this.up({ ...this.last, objects: [], patched: [] });
  }

  private of(cluster: TargetKind): Set<string> {
    const identities = this.clusters.get(cluster) ?? new Set<string>();
    this.clusters.set(cluster, identities);
    return identities;
  }

  /** Which of the clusters a program runs on. */
  position({ cluster }: Program): number {
    return [...this.clusters.keys()].indexOf(cluster);
  }

  /** Identities of what should be in each cluster, sorted; clusters in the order in which the stack came to them. */
  get expected(): string[][] {
    return [...this.clusters.values()].map((identities) => [...identities].sort());
  }
}
