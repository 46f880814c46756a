/** What every view of a move says of its changes. */
import { type Action, type Change, type Move, ownProperty } from "../move/change";
import type { PlannedResource } from "../record/planned";
import { sorted } from "../record/values";
import { usd } from "./cost";
import { count, visible } from "./text";
import { type Topology, topologyOf } from "./topology";

/** The resources on both sides of a move. */
export interface Sides {
  before: PlannedResource[];
  after: PlannedResource[];
}

/** Whether a change stands before the steps of the move and the other changes, with whole values. */
export const comesFirst = ({ action }: Pick<Change, "action">): boolean =>
  ["refused", "replace", "delete"].includes(action);

/** Actions in the order in which a reader wants to see them. */
const actionOrder = ["refused", "replace", "delete", "retained", "update", "create"] as const satisfies Action[];

/** The changes of each action, in this order. */
export const byAction = (changes: Change[]): { action: Action; changes: Change[] }[] =>
  actionOrder
    .map((action) => ({ action, changes: changes.filter((change) => change.action === action) }))
    .filter((group) => group.changes.length > 0);

/** The heading above these changes. */
export const firstTitle = "Refused, replaced or deleted";

/** A changed property with its value on both sides as text; undefined where a side has none. */
export interface ShownProperty {
  property: string;
  before: string | undefined;
  after: string | undefined;
  replaces: boolean;
}

/** Longest part of a value that is shown of an update, in characters; `--format json` has all of every value. */
const longestPart = 120;

/** How much of it is the same on both sides, in characters. */
const leastSame = 30;

/** A part of a text, with what is left out on both sides of it. */
function partFrom(text: string, start: number): string {
  const rest = text.length - start - longestPart;
  const more = rest > 0 ? `… (${count(rest, "more character")})` : "";
  return `${start > 0 ? "…" : ""}${text.slice(start, start + longestPart)}${more}`;
}

/** The parts of two texts that show where they differ. Short ones are whole. */
function differingParts({ before, after, ...property }: ShownProperty): ShownProperty {
  const [old, next] = [before ?? "", after ?? ""];
  let same = 0;
  while (same < old.length && old[same] === next[same]) same += 1;
  const isLong = Math.max(old.length, next.length) > longestPart;
  const start = isLong ? Math.max(0, same - leastSame) : 0;
  const part = (text: string | undefined) => (text === undefined ? undefined : partFrom(text, start));
  return { ...property, before: part(before), after: part(after) };
}

const jsonOf = (value: unknown): string => JSON.stringify(sorted(value));

/** The changed properties of a change: with whole values where it comes first, otherwise with what differs of long ones. */
export function propertiesOf(change: Change, textOf: (value: unknown) => string = jsonOf): ShownProperty[] {
  const text = (value: unknown) => (value === undefined ? undefined : visible(textOf(value)));
  const whole = change.properties.map(({ property, before, after, replaces }) => ({
    property: visible(property),
    before: text(before),
    after: text(after),
    replaces,
  }));
  return comesFirst(change) ? whole : whole.map(differingParts);
}

/** Why a change happens that no property of the resource's own causes. */
function causeOf({ cause, action }: Change): string[] {
  if (cause === undefined || cause === ownProperty) return [];
  if (cause === "provider") return ["its provider changes, so it is replaced"];
  return [`${action === "update" ? "changes" : "is replaced"} because ${cause} is replaced`];
}

/** What there is to know of a change beside its properties and how it interrupts the product. */
export function notesOf(change: Change): string[] {
  const { reason, note = reason, deletedFirst } = change;
  return [
    ...causeOf(change),
    ...(deletedFirst ? ["deleted first: gone until its replacement is there"] : []),
    ...(note ? [note] : []),
  ];
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
          `While the move runs, what it deletes still costs ${runsTwiceUsdPerHour} USD an hour (${count(runsTwice.length, "resource")} with a price).`,
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
export const countsOf = (changes: Change[]): string =>
  byAction(changes)
    .map((group) => `${group.changes.length} ${group.action}`)
    .join(", ");
