import { dashboards } from "../components/observability/dashboards/dashboards";
import { panelConstants, panelNeeds } from "../components/observability/dashboards/needs";
import { addressOf } from "../components/observability/dashboards/render";
import type { Dashboard, Panel } from "../components/observability/dashboards/types";
import { code, table } from "./markdown";

const constantNames = { expectedUsd: "the plan", budgetUsd: "the settings" };

/** What a panel reads: `job`: metrics. */
function readsText(panel: Panel): string {
  const needs = panelNeeds(panel);
  const jobs = [...new Set(needs.map(({ job }) => job))].map((job) => {
    const metrics = needs.filter((need) => need.job === job).map(({ metric }) => code(metric));
    return `${job}: ${metrics.join(", ")}`;
  });
  const constants = panelConstants(panel).map((name) => constantNames[name]);
  return [...jobs, ...constants].join("; ");
}

const limitText = ({ limit, unit }: Panel): string => {
  if (!limit) return "";
  const value = unit === "share" ? `${100 * limit.at} %` : unit === "seconds" ? `${limit.at} s` : String(limit.at);
  return `${limit.side} ${value}`;
};

function section(dashboard: Dashboard): string {
  const { title, description, choices, rows } = dashboard;
  const by = choices.map((choice) => code(choice.name)).join(" and ");
  const panels = rows.flatMap((row) => row.panels);
  return `## ${title}

${description} Choose by ${by}. Address: \`/d/${addressOf(dashboard)}\`.

${table(
  ["panel", "what it shows", "unit", "red", "reads"],
  ["---", "---", "---", "---", "---"],
  panels.map((panel) => [panel.title, panel.description, panel.unit, limitText(panel), readsText(panel)]),
)}
`;
}

/** Renders docs/dashboards.md. */
export function dashboardsPage(): string {
  return `<!-- Generated from components/observability/dashboards/ by \`npm run generate\`; edit there. -->
# Dashboards

The dashboards of Grafana are code: \`components/observability/dashboards/\` has each panel with its queries, and
\`renderDashboards\` makes Grafana's JSON of them. In Grafana they are read-only.

- A panel reads from the jobs that its table names. A stack that does not run one has no such panel, so none is empty for
  want of an exporter.
- Rates are over Grafana's \`$__rate_interval\`, which follows the scrape interval of the data source.
- \`namespace\` and \`queue\` at the top of a dashboard choose what its panels show; at first, all.
- \`npm run test:data\` runs every query on Prometheus, over the exporters of a product under load, and fails where one has no
  data. It draws each dashboard on a page of its own. This one is such a page, not Grafana's:

![The dashboard Product, drawn by the tests](images/dashboard-product.png)

${dashboards.map(section).join("\n")}`;
}
