/** A page of our own that draws a dashboard as Grafana would, from the answers to its queries: Grafana cannot run here. */
import type { Dashboard, Panel, Unit } from "../../../../components/observability/dashboards/types";
import { type Chart, chart, type Line } from "../../../../planner/views/report/chart";
import { bar, bars, escaped, keyFigures, section } from "../../../../planner/views/report/html";
import { page } from "../../../../planner/views/report/page";
import type { Series } from "./prometheus";

/** The answers to the queries of a panel, in their order. */
export type Answers = Map<Panel, Series[][]>;

/** Most lines that a chart tells apart. */
const kinds: Line["kind"][] = ["first", "second", "third"];

const short = (value: number, digits = 3) => value.toLocaleString("en-US", { maximumSignificantDigits: digits });

/** A value with the largest unit of which there is at least one. */
function scaled(value: number, steps: [factor: number, name: string][]): string {
  const [factor, name] = steps.find(([least]) => Math.abs(value) >= least) ?? (steps.at(-1) as [number, string]);
  // Two digits: an axis has no room for more with a unit.
  return `${short(value / factor, 2)} ${name}`;
}

const bytes: [number, string][] = [
  [1024 ** 3, "GiB"],
  [1024 ** 2, "MiB"],
  [1024, "KiB"],
  [1, "B"],
];
const seconds: [number, string][] = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
  [0.001, "ms"],
];

const texts: Record<Unit, (value: number) => string> = {
  seconds: (value) => (value === 0 ? "0 s" : scaled(value, seconds)),
  hours: (value) => `${short(value)} h`,
  days: (value) => `${short(value)} d`,
  share: (value) => `${short(100 * value)} %`,
  count: (value) => short(value),
  "per second": (value) => `${short(value)}/s`,
  bytes: (value) => scaled(value, bytes),
  "bytes a second": (value) => `${scaled(value, bytes)}/s`,
  cores: (value) => short(value),
  USD: (value) => `${value.toFixed(2)} USD`,
};

/** The name of a series, as the legend of its query has it. */
const nameOf = (legend: string, { metric }: Series) =>
  legend.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? "").trim() || "none";

interface Named {
  name: string;
  values: Map<number, number>;
  last: number;
}

/** The series of a panel, those with the largest values first. */
function seriesOf(panel: Panel, answers: Series[][]): Named[] {
  return panel.queries
    .flatMap(({ legend }, at) => (answers[at] ?? []).map((one) => [nameOf(legend, one), one] as const))
    .map(([name, { values }]) => {
      const finite = values
        .map(([time, value]) => [time, Number(value)] as const)
        .filter(([, value]) => Number.isFinite(value));
      return { name, values: new Map(finite), last: finite.at(-1)?.[1] ?? Number.NaN };
    })
    .filter(({ values }) => values.size > 0)
    .sort((one, other) => other.last - one.last);
}

function lines(panel: Panel, all: Named[]): string {
  const times = [...new Set(all.flatMap(({ values }) => [...values.keys()]))].sort((one, other) => one - other);
  const shown = all.slice(0, kinds.length);
  const { limit } = panel;
  const own: Chart = {
    title: panel.title,
    at: times.map((time) => time - (times[0] as number)),
    axis: "s",
    text: texts[panel.unit],
    lines: [
      ...shown.map(({ name, values }, at) => ({
        name,
        kind: kinds[at] as Line["kind"],
        values: times.map((time) => values.get(time) ?? null),
      })),
      ...(limit ? [{ name: "limit", kind: "limit" as const, values: times.map(() => limit.at) }] : []),
    ],
  };
  const more = all.length - shown.length;
  return chart(own) + (more > 0 ? `<p class="soft">${more} more with smaller values</p>` : "");
}

/** Bars of the values, the longest the full width, or the limit where that is longer. */
function barList(panel: Panel, all: Named[]): string {
  const most = Math.max(panel.limit?.at ?? 0, ...all.map(({ last }) => last), 1e-9);
  const list = all.map(({ name, last }) => bar(name, Math.min(1, last / most), texts[panel.unit](last)));
  return `<h3 class="group">${escaped(panel.title)}</h3>${bars(list)}`;
}

function panelHtml(panel: Panel, answers: Series[][]): string {
  const all = seriesOf(panel, answers);
  if (all.length === 0) return `<h3 class="group">${escaped(panel.title)}</h3><p>No data</p>`;
  return `<div>${panel.kind === "bars" ? barList(panel, all) : lines(panel, all)}</div>`;
}

/** A row: its figures, then its other panels beside each other. */
function rowHtml(id: string, { title, panels }: Dashboard["rows"][number], answers: Answers): string {
  const figureOf = (panel: Panel) => {
    const [first] = seriesOf(panel, answers.get(panel) ?? []);
    return first ? texts[panel.unit](first.last) : "No data";
  };
  const limitOf = ({ limit, unit }: Panel) => (limit ? `red ${limit.side} ${texts[unit](limit.at)}` : "");
  const of = (kind: Panel["kind"]) => panels.filter((panel) => panel.kind === kind);
  const drawn = (kind: Panel["kind"]) => of(kind).map((panel) => panelHtml(panel, answers.get(panel) ?? []));
  const figures = of("figure").map((panel): [string, string, string] => [
    escaped(panel.title),
    figureOf(panel),
    limitOf(panel),
  ]);
  const charts = drawn("lines");
  return section(
    id,
    escaped(title),
    [
      ...(figures.length > 0 ? [keyFigures(figures)] : []),
      ...(charts.length > 0 ? [`<div class="charts">${charts.join("\n")}</div>`] : []),
      ...drawn("bars"),
    ].join("\n"),
  );
}

/** The page of a dashboard. */
export const dashboardHtml = (dashboard: Dashboard, answers: Answers): string =>
  page(
    dashboard.title,
    `<p>${escaped(dashboard.description)}</p>`,
    dashboard.rows.map((row, at) => rowHtml(`row${at}`, row, answers)),
  );
