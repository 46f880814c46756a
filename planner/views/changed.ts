/** What every view of a move says of its changes. */
import { type Action, type Change, type Move, ownProperty, type PropertyChange } from "../move/change";
import type { PlannedResource } from "../record/planned";
import { sorted } from "../record/values";
import { type DifferingLine, differingLines, linesOf } from "./differing-lines";
import { count, visible } from "./text";
import { type Topology, topologyOf } from "./topology";

/** The resources on both sides of a move. */
export interface Sides {
  before: PlannedResource[];
  after: PlannedResource[];
}

/** Whether a change stands before the steps of the move and the other changes, with nothing left out. */
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

/**
 * A changed property as text: its value on both sides, undefined where a side has none. Or where values are long, the
 * lines in which they differ.
 */
export interface ShownProperty {
  property: string;
  before: string | undefined;
  after: string | undefined;
  lines?: DifferingLine[];
  /** How many more lines differ. `--format json` has all of every value. */
  more?: number;
  replaces: boolean;
}

/** Longest value that is shown beside the other one, in characters. */
const longestValue = 120;

/** Most lines of a value that are shown of a change which does not come first. */
const mostLines = 12;

const jsonOf = (value: unknown): string => JSON.stringify(sorted(value));

/** The lines in which two values differ; undefined where they are shown beside each other. */
function linesBetween(change: Change, { before, after }: PropertyChange): Pick<ShownProperty, "lines" | "more"> {
  const isShort = (value: unknown) => value === undefined || jsonOf(value).length <= longestValue;
  if (isShort(before) && isShort(after)) return {};
  const lines = differingLines(linesOf(before), linesOf(after)).map(({ sign, text }) => ({
    sign,
    text: visible(text),
  }));
  if (lines.length === 0) return {};
  const most = comesFirst(change) ? lines.length : mostLines;
  return { lines: lines.slice(0, most), ...(lines.length > most && { more: lines.length - most }) };
}

/** The changed properties of a change. Where it comes first, nothing of them is left out. */
export function propertiesOf(change: Change, textOf: (value: unknown) => string = jsonOf): ShownProperty[] {
  const text = (value: unknown) => (value === undefined ? undefined : visible(textOf(value)));
  return change.properties.map((given) => ({
    property: visible(given.property),
    before: text(given.before),
    after: text(given.after),
    ...linesBetween(change, given),
    replaces: given.replaces,
  }));
}

/** What stands in place of lines that are not shown. */
export const moreText = (more: number): string => `… ${count(more, "more line")} (--format json has them)`;

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

/** What the sizes carry before and after a move, in a sentence. */
export function loadText({ load }: Move): string[] {
  if (load === undefined) return [];
  const { requestsPerMinuteBefore: before, requestsPerMinuteAfter: after, measured } = load;
  const figures = before === undefined ? `${after}` : `${before} -> ${after}`;
  const when = before === undefined ? " after the move" : "";
  return [`Load: ${figures} requests a minute${when}, ${measured ? "in part from a load test" : "not measured"}.`];
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
