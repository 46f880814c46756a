/** The report of a load test. */
import type { Load, Result } from "../../load/result";
import { thresholds } from "../../load/thresholds";
import {
  boundText,
  kneeText,
  levelCells,
  levelHeads,
  msText,
  noteTexts,
  resultText,
  shareText,
  valueText,
  verdictText,
} from "../load";
import { type Chart, charts, type Line } from "./chart";
import { escaped, keyFigures, list, scrolling, section, table } from "./html";
import { grouped } from "./load";
import { page } from "./page";

/** A threshold as a line across a chart of the figure with its name. */
function limitLine(name: string, length: number): Line[] {
  const found = thresholds.find((threshold) => threshold.name === name);
  return found ? [{ name: "threshold", kind: "limit", values: Array.from({ length }, () => found.below) }] : [];
}

/** The curves over time. */
function timeCharts({ rows }: Load): Chart[] {
  const at = rows.map((row) => row.at);
  const line = (name: string, kind: Line["kind"], of: (row: Load["rows"][number]) => number | null): Line => ({
    name,
    kind,
    values: rows.map(of),
  });
  return [
    {
      title: "Answer time",
      at,
      axis: "s",
      text: msText,
      lines: [
        line("p50", "second", ({ p50 }) => p50),
        line("p95", "first", ({ p95 }) => p95),
        line("p99", "third", ({ p99 }) => p99),
        ...limitLine("p95", rows.length),
      ],
    },
    {
      title: "Requests a second",
      at,
      axis: "s",
      text: grouped,
      lines: [line("asked", "second", ({ rate }) => rate), line("answered", "first", ({ throughput }) => throughput)],
    },
    {
      title: "Errors",
      at,
      axis: "s",
      text: shareText,
      lines: [line("errors", "third", ({ errors }) => errors), ...limitLine("errors", rows.length)],
    },
  ];
}

const kinds = ["first", "second", "third", "limit"] as const;

/** The curves over the levels of a staircase. */
function levelCharts({ levels }: Load): Chart[] {
  const at = levels.map(({ rate }) => rate);
  const resources = [...new Set(levels.flatMap(({ utilisation }) => Object.keys(utilisation)))];
  const used: Chart = {
    title: "Use of the resources",
    at,
    axis: "requests/s",
    text: shareText,
    lines: resources.map((name, index) => ({
      name,
      kind: kinds[index % kinds.length] as Line["kind"],
      values: levels.map(({ utilisation }) => utilisation[name] ?? null),
    })),
  };
  return [
    {
      title: "Throughput by level",
      at,
      axis: "requests/s",
      text: grouped,
      lines: [
        { name: "asked", kind: "second", values: at },
        { name: "answered", kind: "first", values: levels.map(({ throughput }) => throughput) },
      ],
    },
    ...(resources.length > 0 ? [used] : []),
  ];
}

/** What a reader wants to know first. */
function figures({ levels, staircase, knee, needed }: Load): string {
  const most = Math.max(0, ...levels.map(({ throughput }) => throughput));
  const of = needed === null ? "" : `of ${grouped(needed)} needed`;
  if (staircase)
    return keyFigures([
      ["Knee, requests a second", knee?.measured == null ? "beyond" : grouped(knee.measured), of],
      ["Highest throughput", grouped(most), "requests a second"],
    ]);
  return keyFigures([
    ["Throughput", grouped(most), `requests a second, ${of || "as asked"}`],
    ...levels.flatMap(({ verdicts }) =>
      verdicts.map((verdict): [string, string, string] => [
        verdict.name,
        valueText(verdict, verdict.measured),
        boundText(verdict),
      ]),
    ),
  ]);
}

/** The report of a load test in one HTML file, which loads nothing. */
export function loadReport({ load, date }: Result): string {
  const { scenario, what, url, stack, kept, staircase, levels } = load;
  const notes = [...kneeText(load), ...noteTexts(load)];
  const intro =
    `<p>${escaped(what)}; ${escaped(url)}${stack === null ? "" : `, stack ${escaped(stack)}`}; ${escaped(date)}.</p>\n` +
    `<p class="verdict${kept ? "" : " stop"}">${escaped(resultText(load))}</p>\n` +
    `${notes.map((text) => `<p>${escaped(text)}</p>`).join("\n")}\n${figures(load)}`;
  const rows = levels
    .map((level) => levelCells(level).map(escaped))
    .map(([rate, ...cells]) => [`${rate} requests/s`, ...cells]);
  const sources = thresholds.map(({ name, source }) => escaped(`${name}: ${source}`));
  const measured = staircase
    ? []
    : levels.flatMap(({ verdicts }) => verdicts.map((verdict) => escaped(verdictText(verdict))));
  return page(`Load test: ${scenario}`, intro, [
    section("time", "Over time", charts(timeCharts(load))),
    ...(staircase ? [section("levels", "Levels", charts(levelCharts(load)))] : []),
    section("figures", "Figures", scrolling("Figures of each level", table(levelHeads.slice(1), rows, "wide"))),
    section("thresholds", "Thresholds", list([...measured, ...sources])),
  ]);
}
