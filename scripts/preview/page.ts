import { commentLimit } from "../../planner/views/markdown";
import { count } from "../../planner/views/text";
import { code, table } from "../markdown";
import type { Comparison } from "./compare";
import { fenced } from "./fence";

/** Longest page, in characters. The rest of the comment is for the marker and the introduction. */
export const longestPage = commentLimit - 1_536;

/** Longest message of a command that is shown, in characters. */
const longestMessage = 4000;

const message = (text: string) =>
  fenced(text.length > longestMessage ? `${text.slice(0, longestMessage)}\n[cut]` : text);

const usd = (amount: number | null) => (amount === null ? "?" : amount.toFixed(2));

function costCell(comparison: Comparison): string {
  if (comparison.status === "added" && comparison.cost !== null) return usd(comparison.cost);
  if (comparison.status !== "changed") return "";
  const [before, after] = comparison.cost;
  if (before === null && after === null) return "";
  return before === after ? usd(after) : `${usd(before)} → ${usd(after)}`;
}

/** What happens to a stack, in a few words. */
function verdict(comparison: Comparison): string {
  switch (comparison.status) {
    case "unchanged":
      return "no change";
    case "added":
      return `new stack, ${count(comparison.resources, "resource")}`;
    case "removed":
      return "**stack removed**: what it deployed stays until it is destroyed";
    case "broken":
      return "**cannot be planned**";
    case "base":
      return "planned; its base cannot be planned, so nothing is compared";
    case "incomparable":
      return "**cannot be compared with its base**";
    case "changed":
      if (comparison.problem !== "") return "**refused**";
      // The plan has other figures: its model or a price has changed.
      return comparison.counts.all === 0 ? "no resource changes" : "changed";
  }
}

function row(comparison: Comparison): string[] {
  const counts = comparison.status === "changed" ? comparison.counts : undefined;
  const of = (action: "create" | "update" | "replace" | "delete") => (counts?.[action] ? String(counts[action]) : "");
  return [
    code(comparison.stack),
    verdict(comparison),
    of("create"),
    of("update"),
    of("replace"),
    of("delete"),
    costCell(comparison),
  ];
}

/** The details of a stack; nothing where the table says all. */
function details(comparison: Comparison): string {
  const open = (title: string, body: string) =>
    `<details><summary>${comparison.stack}: ${title}</summary>\n\n${body}\n\n</details>`;
  switch (comparison.status) {
    case "changed": {
      const refusal = comparison.problem === "" ? "" : `${message(comparison.problem)}\n\n`;
      return open(comparison.problem === "" ? "the diff" : "refused", refusal + comparison.markdown.trim());
    }
    case "broken":
      return open("why it cannot be planned", message(comparison.problem));
    case "base":
      return open("why its base cannot be planned", message(comparison.problem));
    case "incomparable":
      return open("why it cannot be compared", message(comparison.problem));
    default:
      return "";
  }
}

const tooLong = (stack: string) =>
  `The diff of ${code(stack)} does not fit a comment. To read it, plan the base with ` +
  `${code(`npm run plan -- ${stack} --format json --out base.json`)} and run ` +
  `${code(`npm run diff -- --base base.json ${stack}`)} here.`;

/** Adds what fits, in order, and says what does not. A diff is whole or not there, never cut. */
function fitted(start: string, comparisons: Comparison[]): string {
  const shown = comparisons.filter((comparison) => details(comparison) !== "");
  // The room that the notes of all those that may not fit would take.
  let room = longestPage - start.length - shown.reduce((sum, { stack }) => sum + tooLong(stack).length + 2, 0);
  const parts = shown.map((comparison) => {
    const text = details(comparison);
    const note = tooLong(comparison.stack);
    if (text.length - note.length > room) return note;
    room -= text.length - note.length;
    return text;
  });
  return [start, ...parts].join("\n\n");
}

/** The page of a pull request: the table first, then what each stack's diff says. Always below `longestPage`. */
export function page(comparisons: Comparison[], baseProblem: string | undefined): string {
  const head = ["stack", "plan", "create", "update", "replace", "delete", "USD a month"];
  const align = ["---", "---", "---:", "---:", "---:", "---:", "---:"];
  const start = [
    "### What this pull request does to the stacks",
    table(head, align, comparisons.map(row)),
    ...(baseProblem === undefined
      ? []
      : [`The base has no stacks that this version reads:\n\n${message(baseProblem)}`]),
  ].join("\n\n");
  return `${fitted(start, comparisons)}\n`;
}
