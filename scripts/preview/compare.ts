import { isMapping } from "../../planner/record/values";
import type { Checkout } from "./checkout";

/** What the planner calls what happens to a resource. */
const actions = ["create", "update", "replace", "delete"] as const;
/** Resources by what happens to them; `all` counts the other kinds too, such as those that are retained. */
export type Counts = Record<(typeof actions)[number] | "all", number>;

/** What a pull request does to a stack. */
export type Comparison = { stack: string } & (
  | { status: "unchanged" }
  /** `refused`: the planner found a reason why the change must not go through; `problem` is it. */
  | {
      status: "changed";
      counts: Counts;
      cost: [before: number | null, after: number | null];
      markdown: string;
      problem: string;
    }
  | { status: "added"; resources: number; cost: number | null }
  | { status: "removed" }
  /** The stack cannot be planned after the change. */
  | { status: "broken"; problem: string }
  /** Only the base cannot be planned, so there is nothing to compare with. */
  | { status: "base"; problem: string }
  /** Both can be planned, but not compared: the base's plan may be of another version. */
  | { status: "incomparable"; problem: string }
);

function parsed(text: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(text);
    return isMapping(content) ? content : {};
  } catch {
    return {};
  }
}

function costIn(plan: string): number | null {
  const { cost } = parsed(plan);
  return isMapping(cost) && typeof cost.monthlyUsd === "number" ? cost.monthlyUsd : null;
}

function resourcesIn(plan: string): number {
  const { resources } = parsed(plan);
  return Array.isArray(resources) ? resources.length : 0;
}

function countsIn(diff: string): Counts | undefined {
  const { changes } = parsed(diff);
  if (!Array.isArray(changes)) return undefined;
  const of = (action: string) => changes.filter((change) => isMapping(change) && change.action === action).length;
  return { ...Object.fromEntries(actions.map((action) => [action, of(action)])), all: changes.length } as Counts;
}

/** One side of a comparison: a checkout, and a folder of its own for its plans. */
export interface Side {
  checkout: Checkout;
  plans: string;
}

function changed(stack: string, head: Checkout, base: { file: string; text: string }, after: string): Comparison {
  const asJson = head.diff(stack, base.file, "json");
  const counts = countsIn(asJson.stdout);
  // 1 is an answer too: the move must not go through.
  if (asJson.code > 1 || counts === undefined) return { stack, status: "incomparable", problem: asJson.stderr };
  const { code, stdout: markdown, stderr: problem } = head.diff(stack, base.file, "markdown");
  if (code > 1) return { stack, status: "incomparable", problem };
  const cost: [number | null, number | null] = [costIn(base.text), costIn(after)];
  return { stack, status: "changed", counts, cost, markdown, problem: code === 1 ? problem : "" };
}

function compareStack(stack: string, base: Side | undefined, head: Side | undefined): Comparison {
  if (head === undefined) return { stack, status: "removed" };
  const after = head.checkout.plan(stack, head.plans);
  if ("problem" in after) return { stack, status: "broken", problem: after.problem };
  if (base === undefined)
    return { stack, status: "added", resources: resourcesIn(after.text), cost: costIn(after.text) };
  const before = base.checkout.plan(stack, base.plans);
  if ("problem" in before) return { stack, status: "base", problem: before.problem };
  if (before.text === after.text) return { stack, status: "unchanged" };
  return changed(stack, head.checkout, before, after.text);
}

/**
 * Compares every stack of two checkouts. A base whose stacks cannot be read (an older layout) has none to compare with;
 * a head whose stacks cannot be read throws, because there is nothing to show.
 */
export function compare(base: Side, head: Side): { comparisons: Comparison[]; baseProblem: string | undefined } {
  const after = head.checkout.stacks();
  if (!Array.isArray(after)) throw new Error(after.problem);
  const before = base.checkout.stacks();
  const baseNames = Array.isArray(before) ? before : [];
  const names = [...after, ...baseNames.filter((name) => !after.includes(name))];
  const comparisons = names.map((name) =>
    compareStack(name, baseNames.includes(name) ? base : undefined, after.includes(name) ? head : undefined),
  );
  return { comparisons, baseProblem: Array.isArray(before) ? undefined : before.problem };
}
