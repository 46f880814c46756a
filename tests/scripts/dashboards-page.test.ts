import { expect } from "chai";
import { dashboards } from "../../components/observability/dashboards/dashboards";
import { dashboardsPage } from "../../scripts/dashboards-page";

const page = dashboardsPage();

describe("page of the dashboards", () => {
  it("has every panel, with what it reads and when it is red", () => {
    for (const { title, rows } of dashboards) {
      expect(page).to.include(`\n## ${title}\n`);
      for (const panel of rows.flatMap(({ panels }) => panels))
        expect(page).to.include(`| ${panel.title} | ${panel.description} | ${panel.unit} |`);
    }
    expect(page).to.match(/\| Cache hits \| .* \| share \| below 70 % \| app: `cache_requests_total` \|/);
    expect(page).to.match(
      /\| Processing time, p95 \| .* \| seconds \| above 5 s \| worker: `job_duration_seconds_bucket` \|/,
    );
    expect(page).to.match(/\| Budget of a month \| .* \| USD \| {2}\| the settings \|/);
    expect(page).to.match(/\| Scraped targets \| .* \| share \| below 100 % \| prometheus: `up` \|/);
  });

  it("has five cells in every row of a table", () => {
    for (const line of page.split("\n").filter((text) => text.startsWith("|")))
      expect(line.split(" | ")).to.have.length(5);
  });
});
