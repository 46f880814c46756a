import { expect } from "chai";
import { unhealthy } from "../../../planner/advise/rules";
import { judged, thresholds } from "../../../planner/load/thresholds";

const figures = { offered: 10, throughput: 10, inFlight: 1, kinds: {}, p50: 20, p99: 300 };

describe("thresholds of a load test", () => {
  it("are the service target of answers, and the advisor's healthy share of errors", () => {
    expect(thresholds.map(({ name, below, unit }) => [name, below, unit])).to.deep.equal([
      ["p95", 200, "ms"],
      ["errors", (unhealthy.find(({ metric }) => metric === "app.errors")?.threshold ?? 0) / 100, "share"],
    ]);
  });

  it("are kept below, broken at and above", () => {
    const kept = (p95: number | null, errors: number) => judged({ ...figures, p95, errors }).map((one) => one.kept);
    expect(kept(199.9, 0.0099)).to.deep.equal([true, true]);
    expect(kept(200, 0.01)).to.deep.equal([false, false]);
  });

  it("are not kept where nothing was measured", () => {
    const none = judged({ ...figures, offered: 0, p95: null, errors: 0 });
    expect(none.map(({ kept, measured }) => [kept, measured])).to.deep.equal([
      [false, null],
      [false, null],
    ]);
  });
});
