import { type Planned, planStack } from "../../planner/plan";
import type { RecordedResource, Recording } from "../../planner/record/record";
import { reveal } from "../../planner/record/values";
import { readProject, readStack, stackNames } from "../../planner/stacks";
import { isObject } from "../../planner/views/manifests";
import type { Program } from "../../platform/program";
import type { TierSpec } from "../../tiers";
import { testProject } from "./project";

/** An object as the API server is given it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    /** Set by the API server: another object has another uid, another spec another generation. */
    uid?: string;
    generation?: number;
    deletionTimestamp?: string;
  };
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into objects of any kind
  [field: string]: any;
}

/** An object of a stack, with what the engine knows of it. */
export interface StackObject {
  /** Path of the resource in the plan. */
  path: string;
  /** Whether the engine leaves the object where it is when it leaves the program. */
  retained: boolean;
  /** Paths of the fields that keep the value they were made with. */
  ignoreChanges: string[];
  object: KubernetesObject;
}

interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
}

/** What an object's status says of a condition; undefined where it says nothing yet. */
export function conditionOf({ status }: KubernetesObject, type: string): Condition | undefined {
  return (status?.conditions as Condition[] | undefined)?.find((condition) => condition.type === type);
}

/** What identifies an object in a cluster. */
export function identityOf({ kind, metadata }: KubernetesObject): string {
  return [kind, ...(metadata.namespace ? [metadata.namespace] : []), metadata.name].join("/");
}

type Ordered = Pick<RecordedResource, "path" | "dependsOn">;

/** Everything that a resource depends on directly; a dependency on a component includes all its resources. */
function waitsFor<R extends Ordered>(resource: R, all: R[]): R[] {
  return all.filter(({ path }) => resource.dependsOn.some((other) => path === other || path.startsWith(`${other}/`)));
}

/** Resources such that each comes after all it depends on, as the engine makes them. */
export function inOrder<R extends Ordered>(resources: R[]): R[] {
  const done = new Set<R>();
  const visit = (resource: R) => {
    if (done.has(resource)) return;
    done.add(resource);
    waitsFor(resource, resources).forEach(visit);
    ordered.push(resource);
  };
  const ordered: R[] = [];
  resources.forEach(visit);
  return ordered;
}

/** The Kubernetes objects of a recording in the order of their dependencies, secrets laid open. */
export function objectsOf(recording: Pick<Recording, "resources">): StackObject[] {
  return inOrder(recording.resources)
    .filter(isObject)
    .map(({ path, inputs, options }) => ({
      path,
      retained: options.retainOnDelete,
      ignoreChanges: options.ignoreChanges,
      object: structuredClone(reveal(inputs)) as KubernetesObject,
    }));
}

/** Stacks of the project, from the smallest tier to the largest. */
export const stacks = (): string[] => stackNames(readProject(testProject()));

/** A stack as it is planned: its sizes, and the Kubernetes objects it brings. */
export interface StackPlan {
  spec: TierSpec;
  objects: StackObject[];
}

/** The last plans of stacks, by stack and configuration: many tests look at the same few. */
const plans = new Map<string, Planned>();
const keptPlans = 12;

async function plannedStack(stack: string, overrides: Record<string, string>): Promise<Planned> {
  const key = JSON.stringify([stack, overrides]);
  const known = plans.get(key);
  if (known) return known;
  const project = readProject(testProject());
  const settings = readStack(project, stack);
  Object.assign(settings.config, overrides);
  const planned = await planStack(project, settings, require("../../index") as Program);
  const [oldest] = plans.keys();
  if (oldest !== undefined && plans.size >= keptPlans) plans.delete(oldest);
  plans.set(key, planned);
  return planned;
}

/**
 * Plans one of the project's stacks; settings of `overrides` (by full key) in place of its own. The objects are the
 * caller's own, to change as a test likes.
 */
export async function stackPlan(stack: string, overrides: Record<string, string> = {}): Promise<StackPlan> {
  const { recording, inputs } = await plannedStack(stack, overrides);
  return { spec: structuredClone(inputs.spec), objects: objectsOf(recording) };
}

/** The Kubernetes objects of one of the project's stacks. */
export async function stackObjects(stack: string, overrides: Record<string, string> = {}): Promise<StackObject[]> {
  return (await stackPlan(stack, overrides)).objects;
}
