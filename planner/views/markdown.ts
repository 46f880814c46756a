/** A plan or a move as a comment on GitHub: the summary first, the rest folded, within the limit of a comment. */
import type { Change, Move } from "../move/change";
import type { Plan } from "../plan";
import { limitText, rangeText, sourceText } from "./capacity";
import {
  byAction,
  changesByBox,
  comesFirst,
  countsOf,
  firstTitle,
  joinedTopology,
  moreText,
  notesOf,
  propertiesOf,
  type ShownProperty,
  type Sides,
} from "./changed";
import { costText, excessText, isOnExisting, spanText } from "./cost";
import { detailOf, shortType } from "./details";
import { factsOf, verdict } from "./diff";
import { durationText } from "./duration";
import { count, visible } from "./text";
import { topologyOf } from "./topology";

/** Longest comment that GitHub takes, in characters. */
export const commentLimit = 65_536;

/** Room for the ends of folds and for what says that lines are left out, in characters. */
const spare = 1_000;

/** Text in a code span: GitHub makes neither markup nor a mention of it. */
export function codeSpan(text: string): string {
  const shown = visible(text);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const isApart = shown === "" || /^[` ]|[` ]$/.test(shown);
  return isApart ? `${fence} ${shown} ${fence}` : fence + shown + fence;
}

/** Lines below a summary that is plain text of ours. */
interface Fold {
  summary: string;
  lines: string[];
}

/** What stands before the folds. */
interface Head {
  /** What a reader must know, and the steps to take: never cut. */
  summary: string[];
  steps?: string[];
  /** Stands between them, and is cut where it does not fit. */
  first: string[];
}

/** Puts lines together up to the limit: the head, then folds in the order of importance. */
function comment({ summary: begin, steps = [], first }: Head, folds: Fold[], source: string): string {
  const whole = `The full text: ${codeSpan(source)}`;
  let room = commentLimit - spare - [...begin, ...steps].join("\n").length;
  /** As many of the lines as fit, and what says how many do not. */
  const fitting = (lines: string[]): string[] => {
    let at = 0;
    for (; at < lines.length && (lines[at] as string).length + 1 <= room; at++)
      room -= (lines[at] as string).length + 1;
    return at === lines.length
      ? lines
      : [...lines.slice(0, at), `- … ${lines.length - at} more lines left out. ${whole}`];
  };
  const parts = [...begin, ...fitting(first), ...steps];
  let dropped = 0;
  for (const { summary, lines } of folds.filter((fold) => fold.lines.length > 0)) {
    const frame = ["", `<details><summary>${summary}</summary>`, "", "", "</details>"];
    const size = frame.join("\n").length + 200;
    if (room < size + 200) {
      dropped += 1;
      continue;
    }
    room -= size;
    parts.push(...frame.slice(0, 3), ...fitting(lines), ...frame.slice(3));
  }
  if (dropped > 0) parts.push("", `${count(dropped, "section")} left out. ${whole}`);
  return `${parts.join("\n")}\n`;
}

const item = (path: string, type: string, more = "") =>
  `- ${codeSpan(path)} ${codeSpan(shortType(type))}${more === "" ? "" : ` ${more}`}`;

/** The components of a stack, each with its resources in a fold. */
export function markdownView({ project, stack, tier, resources, capacity, cost, duration }: Plan): string {
  const custom = resources.filter((resource) => resource.custom);
  const kept = custom.filter(({ options }) => options.protect);
  const { requestsPerMinute, clientConnections, serverConnections, maxConnections } = capacity;
  const excess = excessText(cost);
  const summary = [
    `## Plan of ${codeSpan(stack)}`,
    "",
    `- Project ${codeSpan(project)}, tier ${codeSpan(tier)}: ${count(custom.length, "resource")}, ${kept.length} protected`,
    `- Cost a month, USD: ${costText(cost)}${isOnExisting(cost) ? "" : `, by use ${spanText(cost)}`}${excess === undefined ? "" : `; ${codeSpan(excess)}`}`,
    ...(cost.notCounted.length > 0 ? [`- Not counted: ${cost.notCounted.map(codeSpan).join("; ")}`] : []),
    `- Load: ${requestsPerMinute} requests a minute, ${codeSpan(sourceText(capacity))}, ${codeSpan(limitText(capacity))}`,
    `- Range: ${rangeText(capacity)}`,
    `- Connections: ${clientConnections} clients on ${serverConnections} of ${maxConnections} database connections`,
    `- First deployment: ${codeSpan(durationText(duration))}`,
  ];
  const first = kept.map(({ path, type }) => item(path, type, "**protected**"));
  const folds = topologyOf(resources).boxes.map((box) => ({
    summary: `${count(box.resources.length, "resource")} of <code>${htmlText(box.title)}</code>`,
    lines: box.resources.map((one) => {
      const detail = detailOf(one);
      return item(one.path, one.type, detail === "" ? "" : codeSpan(detail));
    }),
  }));
  return comment({ summary, first }, folds, `npm run plan -- ${stack}`);
}

/** Text in HTML inside Markdown: everything but letters and digits is a character reference. */
const htmlText = (text: string) =>
  visible(text).replace(/[^\p{L}\p{N} /-]/gu, (character) => `&#${character.codePointAt(0)};`);

/** A property with its values, as `changed.ts` has them. */
function propertyLines({ property, before, after, lines, more, replaces }: ShownProperty): string[] {
  const force = replaces ? " (replaces)" : "";
  const side = (text: string | undefined) => (text === undefined ? "none" : codeSpan(text));
  if (!lines) return [`  - ${codeSpan(property)}: ${side(before)} → ${side(after)}${force}`];
  return [
    `  - ${codeSpan(property)}:${force}`,
    ...lines.map(({ sign, text }) => `    - ${codeSpan(`${sign} ${text}`)}`),
    ...(more === undefined ? [] : [`    - ${moreText(more)}`]),
  ];
}

/**
 * What a move does: the verdict on data, what is refused, replaced or deleted with every property, the steps to take, then
 * the other changes by component.
 */
export function markdownDiff(move: Move, sides: Sides): string {
  const { from, to, changes, phases } = move;
  const lines = (change: Change): string[] => {
    const { path, type, action, data, effect, downtime } = change;
    return [
      item(path, type, `**${action}**${effect === "online" ? ", online" : ""}${data ? ", holds data" : ""}`),
      ...notesOf(change).map((text) => `  - ${codeSpan(text)}`),
      ...(downtime ? [`  - interrupts the product: ${codeSpan(downtime)}`] : []),
      ...propertiesOf(change).flatMap(propertyLines),
    ];
  };
  const first = byAction(changes.filter(comesFirst)).flatMap((group) => group.changes);
  const rest = changes.filter((change) => !comesFirst(change));
  const summary = [
    `## ${codeSpan(from)} → ${codeSpan(to)}`,
    "",
    `**${verdict(changes)}**`,
    "",
    ...[`${countsOf(changes) || "no change"}.`, ...factsOf(move, codeSpan)].map((text) => `- ${text}`),
  ];
  const steps = phases.flatMap(({ title, commands, check }, at) => [
    `${at + 1}. ${title}`,
    ...commands.map((command) => `   - ${codeSpan(command)}`),
    `   - check: ${check}`,
  ]);
  const head = {
    summary,
    first: first.length > 0 ? ["", `### ${firstTitle}`, "", ...first.flatMap(lines)] : [],
    steps: steps.length > 0 ? ["", "### Phases", "", ...steps] : [],
  };
  const topology = joinedTopology(sides);
  const byBox = changesByBox(topology, rest);
  const folds = topology.boxes.flatMap(({ path, title }) => {
    const own = byBox.get(path) ?? [];
    return own.length === 0
      ? []
      : [{ summary: `<code>${htmlText(title)}</code>: ${countsOf(own)}`, lines: own.flatMap(lines) }];
  });
  return comment(head, folds, `npm run diff -- ${from} ${to}`);
}
