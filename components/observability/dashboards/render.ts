import * as grafana from "@grafana/grafana-foundation-sdk/dashboard";
import type { Job } from "../jobs";
import { dashboards } from "./dashboards";
import { full, placed } from "./layout";
import { panelConstants, panelNeeds } from "./needs";
import { dataSource, panelOf } from "./panels";
import type { Choice, Constant, Dashboard, Need, Panel, Row } from "./types";

export interface DashboardArgs {
  /** What Prometheus scrapes. A panel that reads from another job is left out, as is a dashboard without panels. */
  jobs: readonly Job[];
  /** Series that the exporter of CloudWatch has. A panel of its job that reads another one is left out. @default all */
  cloudwatch?: readonly string[];
  /** Figures of the stack, in USD a month. A panel of one that is not given is left out. */
  constants: { [name in Constant]?: number };
}

/** Tag of the dashboards, by which each links to the others. */
const tag = "tierstack";

/** Address of a dashboard: `/d/tierstack-product`. */
export const addressOf = ({ name }: Pick<Dashboard, "name">): string => `${tag}-${name}`;

/** Whether a stack has a metric. What there is of AWS follows from the sizes: an instance without credits has no balance. */
const isExported = ({ job, metric }: Need, { jobs, cloudwatch }: DashboardArgs) =>
  jobs.includes(job) && (job !== "cloudwatch" || !metric.startsWith("aws_") || (cloudwatch?.includes(metric) ?? true));

function isKept(panel: Panel, args: DashboardArgs): boolean {
  const { constants } = args;
  return (
    panelNeeds(panel).every((need) => isExported(need, args)) &&
    panelConstants(panel).every((name) => constants[name] !== undefined)
  );
}

/** The rows of a dashboard with what a stack can show. */
const keptRows = (dashboard: Dashboard, args: DashboardArgs): Row[] =>
  dashboard.rows
    .map(({ title, panels }) => ({ title, panels: panels.filter((panel) => isKept(panel, args)) }))
    .filter(({ panels }) => panels.length > 0);

const labelOf = { namespace: "Namespace", queue: "Queue" };

function choiceOf({ name, series }: Choice) {
  return (
    new grafana.QueryVariableBuilder(name)
      .label(labelOf[name])
      .datasource(dataSource)
      .query({ query: `label_values(${series}, ${name})`, refId: name })
      .refresh(grafana.VariableRefresh.OnTimeRangeChanged)
      .sort(grafana.VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      // Also what has no such label yet.
      .allValue(".*")
      .current({ selected: true, text: "All", value: "$__all" })
  );
}

/** A figure of the stack as a variable that nobody sees. */
const constantOf = (name: Constant, value: number) => new grafana.ConstantVariableBuilder(name).value(String(value));

/** Links to the other dashboards, with the time and the choices. */
const links = {
  build: (): grafana.DashboardLink => {
    const link = new grafana.DashboardLinkBuilder("Dashboards")
      .type(grafana.DashboardLinkType.Dashboards)
      .tags([tag])
      .keepTime(true)
      .includeVars(true)
      .build();
    // Grafana hides a link with a placement in a menu.
    return { ...link, placement: undefined };
  },
};

function rendered(dashboard: Dashboard, rows: Row[], { constants }: DashboardArgs): string {
  const builder = new grafana.DashboardBuilder(dashboard.title)
    .uid(addressOf(dashboard))
    .description(dashboard.description)
    .tags([tag])
    .readonly()
    .tooltip(grafana.DashboardCursorSync.Crosshair)
    .time({ from: "now-6h", to: "now" })
    .refresh("1m")
    .link(links);
  for (const choice of dashboard.choices) builder.withVariable(choiceOf(choice));
  const shown = new Set(rows.flatMap(({ panels }) => panels.flatMap(panelConstants)));
  for (const name of shown) builder.withVariable(constantOf(name, constants[name] as number));
  let id = 0;
  let top = 0;
  for (const { title, panels } of rows) {
    builder.withRow(new grafana.RowBuilder(title).id(++id).gridPos({ x: 0, y: top, w: full, h: 1 }));
    const { placed: line, bottom } = placed(panels, top + 1);
    for (const { panel, x, y, w, h } of line) builder.withPanel(panelOf(panel, ++id, { x, y, w, h }));
    top = bottom;
  }
  return `${JSON.stringify(builder.build())}\n`;
}

/** Renders the dashboards of a stack: Grafana's JSON by the name of its file. */
export function renderDashboards(args: DashboardArgs): Record<string, string> {
  const kept = dashboards.map((dashboard) => ({ dashboard, rows: keptRows(dashboard, args) }));
  return Object.fromEntries(
    kept
      .filter(({ rows }) => rows.length > 0)
      .map(({ dashboard, rows }) => [`${dashboard.name}.json`, rendered(dashboard, rows, args)]),
  );
}
