import type { Action, Change, Move, Phase } from "../move/change";
import { keptBy } from "../move/removals";
import { sorted } from "../record/values";
import {
  byAction,
  comesFirst,
  countsOf,
  loadText,
  moreText,
  notesOf,
  propertiesOf,
  type ShownProperty,
} from "./changed";
import { shortType } from "./details";
import { durationText } from "./duration";
import { priceText } from "./price";
import { count, type Screen, visible, wrap } from "./text";

/** The sign and colour of each action. */
const actions = {
  refused: { sign: "x", colour: "red" },
  replace: { sign: "+-", colour: "magenta" },
  delete: { sign: "-", colour: "red" },
  retained: { sign: "=", colour: "yellow" },
  update: { sign: "~", colour: "cyan" },
  create: { sign: "+", colour: "green" },
} as const satisfies Record<Action, { sign: string; colour: Parameters<Screen["paint"]>[0] }>;

/** Whether data is safe, and what stops the move. */
export function verdict(changes: Change[]): string {
  const of = (action: Action) => changes.filter((change) => change.data && change.action === action).length;
  const lost = of("replace") + of("delete");
  if (lost > 0)
    return `Data would be lost: the move replaces or deletes ${count(lost, "resource")} that ${lost === 1 ? "holds" : "hold"} it.`;
  const refused = changes.filter(({ action }) => action === "refused");
  const isProtected = refused.filter(({ reason }) => reason === undefined).length;
  if (isProtected > 0) {
    const all = ["", "it", "both"][isProtected] ?? `all ${isProtected}`;
    const kept = (number: number) => (number < isProtected ? `${number} of them` : all);
    const fixes = keptBy(changes).map(({ keep, paths }) => ` Set ${keep} to true to keep ${kept(paths.length)}.`);
    return `The engine stops this move: it would replace or delete ${count(isProtected, "protected resource")}.${fixes.join("")}`;
  }
  const broken = refused.filter(({ refusedBy }) => refusedBy === "tierstack").length;
  if (broken > 0)
    return `This move would break the stack: ${count(broken, "change")} ${broken === 1 ? "is" : "are"} refused.`;
  const [by = "", ...others] = [...new Set(refused.flatMap(({ refusedBy }) => refusedBy ?? []))].sort();
  const changed = count(refused.length, "change");
  if (others.length > 0) return `${[by, ...others].join(" and ")} stop this move: they refuse ${changed}.`;
  if (refused.length > 0) return `${by} stops this move: it refuses ${changed}.`;
  return "Data is safe: nothing that holds it is replaced or deleted.";
}

/** What to do about changes that interrupt the product, if there are any. */
function interruption(changes: Change[]): string[] {
  const interrupting = changes.filter(({ downtime }) => downtime !== undefined).length;
  if (interrupting === 0) return [];
  const verb = interrupting === 1 ? "interrupts" : "interrupt";
  return [
    `${count(interrupting, "change")} (!) ${verb} the product: turn on maintenance first (docs/moving.md#maintenance).`,
  ];
}

/** What a reader wants to know of a move beside its changes: whether it interrupts, what it costs and carries, how
 * long it takes. `named` shows the name of a resource, which a plan file may have from anybody. */
export function factsOf(move: Move, named = visible): string[] {
  const { duration } = move;
  return [
    ...interruption(move.changes),
    ...priceText(move, named),
    ...loadText(move),
    ...(duration ? [`The change takes ${durationText(duration, named)}.`] : []),
  ];
}

const indent = "       ";

/** Paths with their types: two columns, or where these are too wide, in as much of one as leaves room for the types. */
function headsOf(changes: Change[], sign: string, width: number): string[] {
  const types = changes.map(({ type, data }) => `${shortType(type)}${data ? " (data)" : ""}`);
  const widest = (texts: string[]) => Math.max(...texts.map((text) => text.length));
  const paths = widest(changes.map(({ path }) => path));
  const fits = 2 + sign.length + 2 + paths + 2 + widest(types) <= width;
  const column = fits ? paths : Math.min(paths, Math.floor(width / 2));
  return changes.map(({ path }, at) => `  ${sign}  ${path.padEnd(column)}  ${types[at]}`);
}

/** A value as JSON, and a text without quotes unless it is empty. */
function valueText(value: unknown): string {
  const text = JSON.stringify(sorted(value));
  return typeof value === "string" && value !== "" ? text.slice(1, -1) : text;
}

/** A property with its values: beside each other, or below it the lines in which they differ. */
function propertyLines(
  { property, before = "(none)", after = "(none)", lines, more, replaces }: ShownProperty,
  width: number,
) {
  const force = replaces ? " (replaces)" : "";
  const fitted = (text: string, deeper: string) => wrap(text, width, indent + deeper, `${indent}${deeper}  `);
  if (!lines) return fitted(`${property}: ${before} -> ${after}${force}`, "");
  return [
    ...fitted(`${property}:${force}`, ""),
    ...lines.flatMap(({ sign, text }) => fitted(`${sign} ${text}`, "  ")),
    ...(more === undefined ? [] : fitted(moreText(more), "  ")),
  ];
}

/** The lines of one action: each resource, and below it every property, its reason or note, and how it interrupts. */
function changeLines(action: Action, changes: Change[], width: number): string[] {
  const heads = headsOf(changes, actions[action].sign, width);
  return changes.flatMap((change, at) => {
    const { downtime, effect } = change;
    const head = `${heads[at] ?? ""}${effect === "online" ? "  online" : ""}`;
    const below = [...notesOf(change), ...(downtime === undefined ? [] : [`! ${downtime}`])];
    return [
      ...(head.length <= width ? [head] : wrap(head.trimStart(), width, "  ", indent)),
      ...propertiesOf(change, valueText).flatMap((property) => propertyLines(property, width)),
      ...below.flatMap((text) => wrap(text, width, indent, `${indent}  `)),
    ];
  });
}

/** The steps of a move that takes more than one `pulumi up`. */
function phaseLines(phases: Phase[], { paint, width }: Screen): string[] {
  if (phases.length === 0) return [];
  const steps = phases.flatMap(({ title, commands, check }, at) => [
    ...wrap(`${at + 1}. ${title}`, width, "  ", "     "),
    ...commands.flatMap((command) => wrap(visible(command), width, "       ", "         ")),
    ...wrap(`check: ${check}`, width, "     ", "       "),
  ]);
  return ["", paint("bold", "phases"), ...steps];
}

/** A change with what comes from a plan file as a terminal shows it and does not obey it. */
const shownChange = (change: Change): Change => ({
  ...change,
  path: visible(change.path),
  type: visible(change.type),
  ...(change.cause !== undefined && { cause: visible(change.cause) }),
  ...(change.reason !== undefined && { reason: visible(change.reason) }),
});

/**
 * What a move does, in lines that fit the screen: the verdict on data, what is refused, replaced or deleted, the steps to
 * take, then every other change by action.
 */
export function diffView(move: Move, screen: Screen): string {
  const { from, to, changes: all, phases } = move;
  const { paint, width } = screen;
  const changes = all.map(shownChange);
  const groups = byAction(changes);
  const counts = countsOf(changes) || "no change";
  const title = visible(`${from} -> ${to}`);
  const linesOf = (group: (typeof groups)[number]) => [
    "",
    paint("bold", group.action),
    ...changeLines(group.action, group.changes, width).map((line) => paint(actions[group.action].colour, line)),
  ];
  return `${[
    ...wrap(`${title}  ${counts}`, width, "", "  ").map((line) => line.replace(title, paint("bold", title))),
    ...[verdict(changes), ...factsOf(move)].flatMap((text) => wrap(text, width, "", "  ")),
    ...groups.filter(comesFirst).flatMap(linesOf),
    ...phaseLines(phases, screen),
    ...groups.filter((group) => !comesFirst(group)).flatMap(linesOf),
  ].join("\n")}\n`;
}
