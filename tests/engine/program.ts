import { planStack } from "../../planner/plan";
import { reveal } from "../../planner/record/values";
import { readProject, readStack } from "../../planner/stacks";
import type { TargetKind } from "../../tiers";
import { identityOf, type KubernetesObject, objectsOf, type StackObject } from "../support/objects";

/** The resources of a stack's program, as the planner records them. */
export interface Program {
  /** Identity of the cluster it runs on. */
  cluster: TargetKind;
  objects: StackObject[];
  /** Identities of existing objects that it patches. */
  patched: string[];
  /** Paths of its resources by `type::name`. */
  paths: Map<string, string>;
}

/** Plans a stack of the project in the folder. */
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

/** Tracks the objects that a stack's successive programs leave in its clusters. */
export class Ledger {
  private readonly clusters = new Map<TargetKind, Set<string>>();
  private last: Program | undefined;

  /** Records that the program replaced the previous one. */
  up(program: Program): void {
    const identities = this.of(program.cluster);
    for (const { object } of program.objects) identities.add(identityOf(object));
    for (const identity of program.patched) identities.add(identity);
    if (this.last) this.removeDropped(this.last, program);
    this.last = program;
  }

  /** Removes a program's objects that are not retained and not in the next program on the same cluster. */
  private removeDropped(last: Program, next: Program): void {
    const remaining = new Set(
      last.cluster === next.cluster ? next.objects.map(({ object }) => identityOf(object)) : [],
    );
    for (const { object, retained } of last.objects)
      if (!retained && !remaining.has(identityOf(object))) this.of(last.cluster).delete(identityOf(object));
  }

  /** Records that everything was destroyed. */
  destroyed(): void {
    if (this.last) this.up({ ...this.last, objects: [], patched: [] });
  }

  private of(cluster: TargetKind): Set<string> {
    const identities = this.clusters.get(cluster) ?? new Set<string>();
    this.clusters.set(cluster, identities);
    return identities;
  }

  /** Returns the index of the program's cluster. */
  position({ cluster }: Program): number {
    return [...this.clusters.keys()].indexOf(cluster);
  }

  /** Sorted identities of the objects expected in each cluster. Clusters are in the order of their first use. */
  get expected(): string[][] {
    return [...this.clusters.values()].map((identities) => [...identities].sort());
  }
}
