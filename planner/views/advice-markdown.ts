/** An advice as Markdown, for an issue or a comment: the checklist can be ticked. */
import type { Advice } from "../advise/option";
import {
  answerText,
  chosenOf,
  findingText,
  measuredText,
  notSmallerTexts,
  obstacles,
  optionTable,
  stayText,
  unknownTexts,
} from "./advice";
import { codeSpan } from "./markdown";

/** A titled list; nothing without texts. */
const list = (title: string, texts: string[], sign = "-") =>
  texts.length === 0 ? [] : ["", `### ${title}`, "", ...texts.map((text) => `${sign} ${text}`)];

const row = (cells: string[]) => `| ${cells.join(" | ")} |`;

/** The advice as Markdown. Names and messages are code spans, so that none becomes markup or a mention. */
export function markdownAdvice(advice: Advice): string {
  const { because, busiest, watch, now, checklist, answer } = advice;
  const chosen = chosenOf(advice);
  const { head, rows, note } = optionTable(advice);
  const findings = (all: Advice["because"]) => all.map((one) => findingText(one, codeSpan));
  const options = [row(head), row(head.map((_, at) => (at === 0 ? "---" : "---:"))), ...rows.map(row), "", note];
  const lines = [
    `## ${answerText(advice)}`,
    "",
    measuredText(advice),
    ...list("Because", [...findings(because), ...(busiest ? [busiest] : [])]),
    "",
    ...(answer.do === "stay" ? [stayText(now)] : options),
    ...list("Why not smaller", notSmallerTexts(advice, codeSpan)),
    ...list("Caveats", obstacles(advice, codeSpan)),
    ...(chosen?.move ? list("The change", [chosen.move.verdict, ...chosen.move.facts.map(codeSpan)]) : []),
    ...(chosen ? ["", "### Commands", "", "```", ...chosen.commands, "```"] : []),
    ...list("Checklist", checklist, "- [ ]"),
    ...list("Not healthy", findings(watch)),
    ...list("Not known", unknownTexts(advice, codeSpan)),
  ];
  return `${lines.join("\n")}\n`;
}
