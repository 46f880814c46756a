import { expect } from "chai";
import { dashboards } from "../../../../components/observability/dashboards/dashboards";
import { needsOf } from "../../../../components/observability/dashboards/needs";
import { type DashboardArgs, renderDashboards } from "../../../../components/observability/dashboards/render";
import { units } from "../../../../components/observability/dashboards/types";
import { type Job, jobs } from "../../../../components/observability/jobs";

const everything: DashboardArgs = { jobs, constants: { expectedUsd: 98.84, budgetUsd: 100 } };

interface Target {
  refId: string;
  expr: string;
  legendFormat: string;
}

interface Panel {
  id: number;
  type: string;
  title: string;
  description: string;
  datasource: object;
  fieldConfig: { defaults: { unit: string; thresholds: { steps: object[] }; custom?: { thresholdsStyle?: object } } };
  targets: Target[];
  gridPos: { x: number; y: number; w: number; h: number };
}

interface Variable {
  name: string;
  type: string;
  query: { query: string } | string;
}

interface Rendered {
  uid: string;
  title: string;
  editable: boolean;
  id?: number;
  templating: { list: Variable[] };
  panels: Panel[];
}

const parsed = (args: DashboardArgs) =>
  new Map(Object.entries(renderDashboards(args)).map(([file, text]) => [file, JSON.parse(text) as Rendered]));

const all = parsed(everything);
const of = (file: string) => all.get(file) as Rendered;
const shown = ({ panels }: Rendered) => panels.filter(({ type }) => type !== "row");
const find = (file: string, title: string) => of(file).panels.find((panel) => panel.title === title);
const exprs = (dashboard: Rendered) => shown(dashboard).flatMap(({ targets }) => targets.map(({ expr }) => expr));
const without = (...left: Job[]) => parsed({ ...everything, jobs: jobs.filter((job) => !left.includes(job)) });
const dataSource = { type: "prometheus", uid: "prometheus" };

describe("dashboards", () => {
  it("are five files, each with an address of its own that Grafana does not number", () => {
    expect([...all].map(([file, { uid, title, editable, id }]) => [file, uid, title, editable, id])).to.deep.equal([
      ["product.json", "tierstack-product", "Product", false, undefined],
      ["data.json", "tierstack-data", "Data", false, undefined],
      ["work.json", "tierstack-work", "Work", false, undefined],
      ["platform.json", "tierstack-platform", "Platform", false, undefined],
      ["money.json", "tierstack-money", "Money", false, undefined],
    ]);
  });

  it("have a figure as Grafana reads it", () => {
    expect(find("work.json", "Processing time, p95")).to.deep.include({
      id: 4,
      type: "stat",
      datasource: dataSource,
      fieldConfig: {
        defaults: {
          unit: "s",
          thresholds: {
            mode: "absolute",
            steps: [
              { value: null, color: "green" },
              { value: 5, color: "red" },
            ],
          },
        },
        overrides: [],
      },
      targets: [
        {
          refId: "A",
          expr:
            'histogram_quantile(0.95, sum by (le) (rate(job_duration_seconds_bucket{job="worker",namespace=~"$namespace",' +
            'queue=~"$queue"}[$__rate_interval])))',
          legendFormat: "p95",
          datasource: dataSource,
          range: true,
          instant: false,
        },
      ],
      gridPos: { x: 12, y: 1, w: 6, h: 4 },
    });
  });

  it("have lines with their limit dashed, and without one where there is none", () => {
    const style = (title: string) => find("product.json", title)?.fieldConfig.defaults.custom?.thresholdsStyle;
    expect(find("product.json", "Answer time")?.type).to.equal("timeseries");
    expect(style("Answer time")).to.deep.equal({ mode: "dashed" });
    expect(style("Requests by status")).to.equal(undefined);
    expect(
      find("product.json", "Answer time")?.targets.map(({ refId, legendFormat }) => [refId, legendFormat]),
    ).to.deep.equal([
      ["A", "p50"],
      ["B", "p95"],
      ["C", "p99"],
    ]);
  });

  it("have bars of the values now", () => {
    expect(find("product.json", "Slowest routes, p95")).to.deep.include({ type: "bargauge" });
    expect(find("product.json", "Slowest routes, p95")?.targets).to.deep.equal([
      {
        refId: "A",
        expr:
          "topk(5, histogram_quantile(0.95, sum by (route, le) (rate(http_request_duration_seconds_bucket" +
          '{job="app",namespace=~"$namespace",route!~"/(healthz|livez|readyz|metrics)"}[$__rate_interval]))) > 0)',
        legendFormat: "{{route}}",
        datasource: dataSource,
        range: false,
        instant: true,
      },
    ]);
  });

  it("are red below a limit from below", () => {
    const { fieldConfig } = find("product.json", "Cache hits") as Panel;
    expect(fieldConfig.defaults.thresholds.steps).to.deep.equal([
      { value: null, color: "red" },
      { value: 0.7, color: "green" },
    ]);
  });

  it("let one choose from the labels there are, all at first", () => {
    expect(of("work.json").templating.list.map(({ name, query }) => [name, query])).to.deep.equal([
      ["namespace", { query: 'label_values(queue_jobs{job="worker"}, namespace)', refId: "namespace" }],
      ["queue", { query: 'label_values(queue_jobs{job="worker"}, queue)', refId: "queue" }],
    ]);
    for (const variable of of("work.json").templating.list)
      expect(variable).to.deep.include({
        type: "query",
        multi: true,
        includeAll: true,
        allValue: ".*",
        refresh: 2,
        current: { selected: true, text: "All", value: "$__all" },
      });
  });

  it("link to each other with the time and the choices", () => {
    for (const dashboard of all.values())
      expect(dashboard).to.deep.include({
        tags: ["tierstack"],
        links: [
          {
            title: "Dashboards",
            type: "dashboards",
            icon: "",
            tooltip: "",
            tags: ["tierstack"],
            asDropdown: false,
            targetBlank: false,
            includeVars: true,
            keepTime: true,
          },
        ],
      });
  });

  for (const { name } of dashboards) {
    const file = `${name}.json`;

    it(`${file}: ids and titles are there once, and every panel says what it shows in a known unit`, () => {
      const { panels } = of(file);
      expect(new Set(panels.map(({ id }) => id)).size).to.equal(panels.length);
      const titles = shown(of(file)).map(({ title }) => title);
      expect(new Set(titles).size).to.equal(titles.length);
      for (const { title, description, fieldConfig, datasource, targets } of shown(of(file))) {
        expect(description, title).to.match(/^[A-Z\d].{10,}\.$/);
        expect(Object.values(units), title).to.include(fieldConfig.defaults.unit);
        expect(datasource, title).to.deep.equal(dataSource);
        expect(targets, title).to.have.length.above(0);
        expect(
          targets.every(({ legendFormat }) => legendFormat.length > 0),
          title,
        ).to.equal(true);
      }
    });

    it(`${file}: no panel covers another, and all are on the grid`, () => {
      const cells = of(file).panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
      );
      expect(new Set(cells).size).to.equal(cells.length);
      expect(of(file).panels.filter(({ gridPos: { x, w } }) => x + w > 24)).to.deep.equal([]);
    });

    it(`${file}: its variables are those that its queries use`, () => {
      const used = new Set(
        exprs(of(file)).flatMap((expr) => [...expr.matchAll(/\$(\w+)/g)].map(([, variable]) => variable)),
      );
      used.delete("__rate_interval");
      expect([...used]).to.have.members(of(file).templating.list.map((variable) => variable.name));
    });
  }

  it("choose by namespace wherever series have one that the choice knows", () => {
    const exempt = ["postgres", "redis", "node", "prometheus", "alertmanager", "cloudwatch"];
    const unchosen = [...all.values()]
      .flatMap(exprs)
      .flatMap((expr) => [...expr.matchAll(/(\w+)\{([^}]*)\}/g)])
      .filter(([, , matchers = ""]) => !matchers.includes('namespace=~"$namespace"'))
      .filter(([selector]) => needsOf(selector).some(({ job }) => !exempt.includes(job)))
      .map(([, metric]) => metric);
    // Nodes are in no namespace.
    expect([...new Set(unchosen)]).to.have.members([
      "container_cpu_usage_seconds_total",
      "container_memory_working_set_bytes",
      "container_network_transmit_bytes_total",
      "machine_cpu_cores",
      "machine_memory_bytes",
      "kube_node_status_condition",
      "kube_node_info",
      "kube_node_status_allocatable",
    ]);
  });

  it("have no panel of what the stack does not scrape", () => {
    const found = [...without("redis", "kubelet").values()];
    expect(found.flatMap(exprs).filter((expr) => /job="(redis|kubelet)"/.test(expr))).to.deep.equal([]);
    expect(found.map(({ title }) => title)).to.deep.equal(["Product", "Data", "Work", "Platform", "Money"]);
    const titles = (found[1] as Rendered).panels.map(({ title }) => title);
    expect(titles).to.include("Postgres").and.not.include("Redis");
  });

  it("have no panel of what is not on AWS, nor of credits where nothing is burstable", () => {
    const exported = (cloudwatch: string[]) => [...parsed({ ...everything, cloudwatch }).values()].flatMap(exprs);
    const read = (cloudwatch: string[]) => exported(cloudwatch).filter((expr) => expr.includes("aws_"));
    expect(read([])).to.deep.equal([]);
    expect(read(["aws_rds_cpuutilization_average", "aws_rds_read_iops_average"])).to.deep.equal([
      'aws_rds_cpuutilization_average{job="cloudwatch"} / 100',
    ]);
    expect([...without("cloudwatch").values()].flatMap(exprs).join()).to.not.match(/cloudwatch|aws_/);
  });

  it("have no dashboard without a panel", () => {
    expect([...without("app", "worker", "kube-state-metrics", "kubelet", "cloudwatch").keys()]).to.deep.equal([
      "data.json",
      "platform.json",
      "money.json",
    ]);
    expect(renderDashboards({ jobs: [], constants: {} })).to.deep.equal({});
  });

  it("show the stack's own figures, and none that is not given", () => {
    const constants = of("money.json").templating.list.filter(({ type }) => type === "constant");
    expect(constants.map(({ name, query }) => [name, query])).to.deep.equal([
      ["expectedUsd", "98.84"],
      ["budgetUsd", "100"],
    ]);
    const some = parsed({ jobs, constants: { budgetUsd: 100 } }).get("money.json") as Rendered;
    expect(exprs(some)).to.include("vector($budgetUsd)").and.not.include("vector($expectedUsd)");
    expect(some.templating.list.map(({ name }) => name)).to.deep.equal(["namespace", "budgetUsd"]);
  });

  it("are the same text whenever they are rendered, and fit a ConfigMap together", () => {
    expect(renderDashboards(everything)).to.deep.equal(renderDashboards(everything));
    expect(Object.values(renderDashboards(everything)).join("").length).to.be.below(500_000);
  });
});
