import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { dashboards } from "../../../components/observability/dashboards/dashboards";
import { panelNeeds } from "../../../components/observability/dashboards/needs";
import type { Panel } from "../../../components/observability/dashboards/types";
import { Reader } from "../../long/support/reader";
import { goIsThere } from "../../support/exporters";
import { Observed } from "./support/observed";
import { type Answers, dashboardHtml } from "./support/page";
import { missingPrograms, type Series } from "./support/prometheus";

/** How long the product is watched, in seconds. */
const watchedSeconds = 45;

/** What Grafana puts in place of its variables. */
const values = { __rate_interval: "15s", namespace: ".*", queue: ".*", expectedUsd: "98.84", budgetUsd: "100" };

const filled = (expr: string, own: Partial<typeof values> = {}) =>
  expr.replace(/\$(\w+)/g, (_, name: keyof typeof values) => ({ ...values, ...own })[name] ?? `no variable ${name}`);

const numbers = (series: Series[]) =>
  series.flatMap((one) => one.values.map(([, value]) => Number(value))).filter(Number.isFinite);

/** Folder of the pictures, set to write them. */
const pictures = process.env.TIERSTACK_PICTURES;

const views = [1280, 390].flatMap((width) => (["light", "dark"] as const).map((scheme) => ({ width, scheme })));

/**
 * Every panel runs on a Prometheus that scrapes real exporters of real servers under load. With `TIERSTACK_PICTURES=folder`
 * it writes pictures of the dashboards there.
 */
describe("dashboards over a product under load", function () {
  // The first run builds the exporters.
  this.timeout(600_000);
  let observed: Observed;
  let start: number;
  let end: number;
  const answers: Answers = new Map();

  before(async function () {
    const missing = [...missingPrograms(), ...(goIsThere() ? [] : ["go"])];
    if (missing.length > 0) {
      console.log(`    skipped: ${missing.join(", ")} not found (Debian: prometheus, prometheus-alertmanager, golang)`);
      return this.skip();
    }
    observed = await Observed.start(this);
    start = Date.now() / 1000;
    await sleep(watchedSeconds * 1000);
    end = Date.now() / 1000;
  });

  after(() => observed?.close());

  const answerOf = ({ kind }: Panel, expr: string) =>
    kind === "bars" ? observed.prometheus.now(expr, end) : observed.prometheus.between(expr, start, end);

  it("has every target up", async () => {
    // At some time: a scrape may be late on a busy machine.
    const down = await observed.prometheus.now(`max_over_time(up[${watchedSeconds}s]) == 0`, end);
    expect(down.map(({ metric }) => `${metric.job} ${metric.instance}`)).to.deep.equal([]);
    expect(Object.keys(observed.traffic.statuses)).to.include.members(["200", "404", "429"]);
  });

  for (const { title, rows, choices } of dashboards)
    describe(title, () => {
      for (const { panels } of rows)
        for (const panel of panels)
          it(`${panel.title}: each query has data`, async () => {
            const own: Series[][] = [];
            for (const { expr } of panel.queries) own.push(await answerOf(panel, filled(expr)));
            answers.set(panel, own);
            own.forEach((series, at) => {
              expect(numbers(series), panel.queries[at]?.expr).to.have.length.above(0);
            });
          });

      for (const { name, series } of choices)
        it(`its choice by ${name} has values, and what is not chosen is not shown`, async () => {
          expect(await observed.prometheus.labelValues(series, name)).to.have.length.above(0);
          const chosen = rows
            .flatMap(({ panels }) => panels)
            .filter(({ queries }) => queries.every(({ expr }) => expr.includes(`$${name}`)));
          expect(chosen).to.have.length.above(0);
          for (const panel of chosen)
            for (const { expr } of panel.queries)
              expect(numbers(await answerOf(panel, filled(expr, { [name]: "none" }))), expr).to.deep.equal([]);
        });
    });

  // After the answers to all queries.
  describe("together", () => {
    it("they have each metric that a panel reads, by the job that it names", async () => {
      const needs = dashboards.flatMap(({ rows }) => rows.flatMap(({ panels }) => panels.flatMap(panelNeeds)));
      const absent: string[] = [];
      for (const { job, metric } of needs) {
        const selector = metric === "up" ? metric : `${metric}{job="${job}"}`;
        if ((await observed.prometheus.between(selector, start, end)).length === 0) absent.push(selector);
      }
      expect(absent).to.deep.equal([]);
    });

    let reader: Reader;

    before(async function () {
      reader = await Reader.start(this, "pages of the dashboards");
    });

    after(() => reader?.close());

    for (const dashboard of dashboards)
      it(`${dashboard.title} is a page that fits a phone and a screen, and of which axe finds nothing serious`, async () => {
        const html = dashboardHtml(dashboard, answers);
        expect(html).to.not.contain("No data");
        await reader.check(html);
        for (const { width, scheme } of pictures ? views : [])
          await reader.picture(
            html,
            width,
            scheme,
            join(pictures as string, `${dashboard.name}-${width}-${scheme}.png`),
          );
      });
  });
});
