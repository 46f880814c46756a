import { formatProblem } from "../../tiers/problem";
import type { Finding } from "../preflight/check";
import type { Report } from "../preflight/preflight";
import { count, type Screen, wrap } from "./text";

const marks = {
  fine: ["green", "ok"],
  failed: ["red", "FAILED"],
  unchecked: ["yellow", "not checked"],
  unknown: ["yellow", "unknown"],
} as const;

function textOf(finding: Finding): string {
  if (finding.status === "failed") return formatProblem(finding.problem);
  return finding.status === "fine" ? finding.text : finding.reason;
}

/** How many findings have a status. */
const countOf = (reports: Report[], status: Finding["status"]): number =>
  reports.flatMap(({ findings }) => findings).filter((finding) => finding.status === status).length;

/** Every check with what it found, wrapped to the width of the screen, and a sum. */
export function preflightView(title: string, reports: Report[], { paint, width }: Screen): string {
  const lines = reports.flatMap(({ name, findings }) => [
    paint("bold", name),
    ...findings.flatMap((finding) => {
      const [colour, word] = marks[finding.status];
      const [first = "", ...rest] = wrap(`${word}: ${textOf(finding)}`, width, "  ", "    ");
      return [first.replace(word, paint(colour, word)), ...rest];
    }),
  ]);
  const unknown = countOf(reports, "unknown");
  const sums =
    `${countOf(reports, "fine")} fine, ${countOf(reports, "failed")} failed, ` +
    `${countOf(reports, "unchecked")} not checked${unknown > 0 ? `, ${unknown} unknown` : ""}`;
  const sum = reports.length === 0 ? "nothing to check: the stack has no resources on AWS" : sums;
  return `${[paint("bold", title), "", ...lines, ...(lines.length > 0 ? [""] : []), sum].join("\n")}\n`;
}

/** Why a pre-flight does not pass; empty if it does. What nobody can know before the deployment does not count. */
export function shortfalls(reports: Report[]): string[] {
  const failures = countOf(reports, "failed");
  const open = countOf(reports, "unchecked");
  return [
    ...(failures > 0 ? [`${count(failures, "check")} failed`] : []),
    ...(open > 0 ? [`${count(open, "check")} could not run`] : []),
  ];
}
