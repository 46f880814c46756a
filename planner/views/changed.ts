/** What every view of a move says of its changes. */
import { type Change, type Move, ownProperty } from "../move/change";
import type { PlannedResource } from "../record/planned";
import { sorted } from "../record/values";
import { usd } from "./cost";
import { count } from "./text";
import { type Topology, topologyOf } from "./topology";

/** The resources on both sides of a move. */
export interface Sides {
  before: PlannedResource[];
  after: PlannedResource[];
}

/** A changed property with its value on both sides, as JSON; undefined where a side has none. */
export interface PropertyChange {
  property: string;
  before: string | undefined;
  after: string | undefined;
}

/** Longest value that is shown, in characters. */
const longestValue = 300;

const shown = (value: unknown): string | undefined => {
  const text = JSON.stringify(sorted(value));
  if (text === undefined || text.length <= longestValue) return text;
  return `${text.slice(0, longestValue)}… (${text.length - longestValue} more characters)`;
};

/** Returns the changed properties of a change, with their values as JSON. */
export const propertiesOf = ({ properties }: Change): PropertyChange[] =>
  properties.map(({ property, before, after }) => ({ property, before: shown(before), after: shown(after) }));

/** Whether a change is told before all others: it replaces, is refused, or deletes data. */
export const comesFirst = ({ action, data }: Change): boolean =>
  action === "replace" || action === "refused" || (data && action === "delete");

/** Why a change happens that no property of the resource's own causes. */
export function causeOf({ cause, action }: Change): string[] {
  if (cause === undefined || cause === ownProperty) return [];
  if (cause === "provider") return ["its provider changes, so it is replaced"];
  return [`${action === "update" ? "changes" : "is replaced"} because ${cause} is replaced`];
}

/** What a move costs, in sentences. */
export function priceText({ cost }: Move): string[] {
  if (cost === undefined) return [];
  const { monthlyUsdBefore, monthlyUsdAfter, runsTwice, runsTwiceUsdPerHour, retainedMonthlyUsd } = cost;
  const change = monthlyUsdAfter - monthlyUsdBefore;
  const sums = `${usd(monthlyUsdBefore)} -> ${usd(monthlyUsdAfter)} USD a month (${change < 0 ? "" : "+"}${usd(change)})`;
  return [
    `Cost: ${sums}.`,
    ...(runsTwice.length > 0
      ? [
          `During the move, what it deletes (${count(runsTwice.length, "resource")} with a price) costs ${runsTwiceUsdPerHour} USD for each hour beside what is new.`,
        ]
      : []),
    ...(retainedMonthlyUsd > 0
      ? [`What stays in the account costs ${usd(retainedMonthlyUsd)} USD a month until you delete it.`]
      : []),
  ];
}

/** The components of both sides of a move together. */
export function joinedTopology({ before, after }: Sides): Topology {
  const paths = new Set(after.map(({ path }) => path));
  return topologyOf([...after, ...before.filter(({ path }) => !paths.has(path))]);
}

/** The changes by component, as `joinedTopology` has them. */
export function changesByBox({ boxes }: Topology, changes: Change[]): Map<string, Change[]> {
  const boxOf = new Map(boxes.flatMap(({ path, resources }) => resources.map((one) => [one.path, path] as const)));
  const found = new Map<string, Change[]>();
  for (const change of changes) {
    const box = boxOf.get(change.path) ?? "";
    const own = found.get(box);
    if (own) own.push(change);
    else found.set(box, [change]);
  }
  return found;
}

/** `2 replace, 1 create`: how many changes of each action. */
export function countsOf(changes: Change[]): string {
  const counts = new Map<string, number>();
  for (const { action } of changes) counts.set(action, (counts.get(action) ?? 0) + 1);
  return [...counts].map(([action, number]) => `${number} ${action}`).join(", ");
}
