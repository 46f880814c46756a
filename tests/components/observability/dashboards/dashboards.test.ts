import { expect } from "chai";
import { dashboards } from "../../../../components/observability/dashboards/dashboards";
import { needsOf, panelNeeds } from "../../../../components/observability/dashboards/needs";
import { inventory } from "../../../../components/observability/inventory";

const needs = dashboards.flatMap(({ rows, choices }) => [
  ...rows.flatMap(({ panels }) => panels.flatMap(panelNeeds)),
  ...choices.flatMap(({ series }) => needsOf(series)),
]);

describe("metrics of the dashboards", () => {
  it("are exported by the job that they name", () => {
    const exported: { [job: string]: { metrics: string[] } } = inventory;
    const unknown = needs.filter(
      ({ job, metric }) => exported[job] && metric !== "up" && !exported[job]?.metrics.includes(metric),
    );
    expect(unknown).to.deep.equal([]);
  });

  it("are of the application and its workers, or of an exporter in the inventory", () => {
    const jobs = new Set(needs.map(({ job }) => job));
    expect([...jobs].filter((job) => !(job in inventory))).to.have.members(["app", "worker"]);
  });
});
