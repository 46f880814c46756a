import type { Change } from "../../planner/move/change";
import { plannedHandles } from "../../planner/move/refused-deletes";
import { hex } from "../../planner/record/outputs";
import type { PlannedResource } from "../../planner/record/planned";
import { isDataType } from "../../policy/rules/data";
import type { Account } from "./account";

const keyOf = ({ path, type }: PlannedResource) => `${path} (${type})`;

export const isAws = ({ type, custom }: PlannedResource) => custom && type.startsWith("aws:");

/**
 * Makes an account follow a stack from one plan to the next. Resources come in the order of their dependencies, as the
 * engine creates and updates them. Deletions come last, in reverse.
 */
export function follow(account: Account, from: PlannedResource[], to: PlannedResource[]): void {
  const before = new Set(from.map(keyOf));
  const next = new Set(to.map(keyOf));
  for (const resource of to) {
    const key = keyOf(resource);
    const ignored = resource.options.ignoreChanges;
    if (!before.has(key))
      account.create({ key, type: resource.type, handles: plannedHandles(resource), inputs: resource.inputs });
    else account.update(key, { ...resource.inputs, ...account.inputsOf(key, ignored) });
  }
  for (const resource of [...from].reverse())
    if (!next.has(keyOf(resource)) && !resource.options.retainOnDelete) account.delete(keyOf(resource));
}

export const dataIn = (account: Account) => account.held.filter(({ type }) => isDataType(type)).map(({ key }) => key);

/**
 * The AWS resources of a plan with the suffixes of their names as the engine has them: a random value that leaves the
 * program and comes back is drawn anew. The planner's stand-ins are the same from plan to plan.
 */
export class Suffixes {
  private readonly drawn = new Map<string, number>();
  private present = new Set<string>();

  next({ resources, aws }: Placed): PlannedResource[] {
    const paths = resources.filter(({ type }) => type === "random:index/randomId:RandomId").map(({ path }) => path);
    for (const path of paths) if (!this.present.has(path)) this.drawn.set(path, (this.drawn.get(path) ?? 0) + 1);
    this.present = new Set(paths);
    const redrawn = paths.filter((path) => (this.drawn.get(path) ?? 0) > 1);
    if (redrawn.length === 0) return aws;
    const text = redrawn.reduce(
      (all, path) => all.replaceAll(hex(path, 8), hex(`${path}#${this.drawn.get(path)}`, 8)),
      JSON.stringify(aws),
    );
    return JSON.parse(text) as PlannedResource[];
  }
}

/** A plan, and its AWS resources in the order of their dependencies. */
export interface Placed {
  resources: PlannedResource[];
  aws: PlannedResource[];
}

export const isBad = ({ action, data }: Change) =>
  action === "refused" || (data && (action === "replace" || action === "delete"));
