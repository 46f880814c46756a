/** Panels as Grafana's objects. */
import * as bargauge from "@grafana/grafana-foundation-sdk/bargauge";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { type Panel, units } from "./types";

/** Grafana's data source. */
export const dataSource = { type: "prometheus", uid: "prometheus" } as const;

/** Where a panel stands on the grid, which is 24 wide. */
export type Place = Required<Pick<dashboard.GridPos, "x" | "y" | "w" | "h">>;

/** A name for the `n`th query of a panel: A, B and so on. */
const refId = (at: number) => String.fromCharCode("A".charCodeAt(0) + at);

function targets({ queries, kind }: Panel) {
  return queries.map(({ expr, legend }, at) => {
    const query = new prometheus.DataqueryBuilder()
      .refId(refId(at))
      .datasource(dataSource)
      .expr(expr)
      .legendFormat(legend);
    return kind === "bars" ? query.instant() : query.range();
  });
}

/** Green where it is well, red from the limit on. */
function thresholds({ limit }: Panel) {
  const [base, beyond] = limit?.side === "below" ? ["red", "green"] : ["green", "red"];
  const steps = [{ value: null, color: base }, ...(limit ? [{ value: limit.at, color: beyond }] : [])];
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(steps);
}

/** The last value of each series. */
const last = () => new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false);

function lines(panel: Panel) {
  const dashed = new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed);
  const legend = new common.VizLegendOptionsBuilder()
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom)
    .showLegend(true);
  const tooltip = new common.VizTooltipOptionsBuilder()
    .mode(common.TooltipDisplayMode.Multi)
    .sort(common.SortOrder.Descending);
  const builder = new timeseries.PanelBuilder().axisSoftMin(0).lineWidth(2).legend(legend).tooltip(tooltip);
  return panel.limit ? builder.thresholdsStyle(dashed) : builder;
}

const figure = () =>
  new stat.PanelBuilder()
    .reduceOptions(last())
    .graphMode(common.BigValueGraphMode.Area)
    .colorMode(common.BigValueColorMode.Value);

const bars = () =>
  new bargauge.PanelBuilder()
    .reduceOptions(last())
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .min(0);

/** A panel in its place. Shares have no fixed end: what is above 100 % must be seen. */
export function panelOf(panel: Panel, id: number, place: Place) {
  const builder = panel.kind === "lines" ? lines(panel) : panel.kind === "figure" ? figure() : bars();
  return builder
    .id(id)
    .title(panel.title)
    .description(panel.description)
    .datasource(dataSource)
    .unit(units[panel.unit])
    .thresholds(thresholds(panel))
    .targets(targets(panel))
    .gridPos(place);
}
