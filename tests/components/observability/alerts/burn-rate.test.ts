import { expect } from "chai";
import { burnSource, burns } from "../../../../components/observability/alerts/burn-rate";

const target = { by: "namespace", all: 'a_count{job="app"}', budget: 0.01 };

describe("burn rates of service targets", () => {
  it("ask for a share of bad events in a short and a long window, and for enough events", () => {
    const rate = (selector: string, window: string) => `sum by (namespace) (rate(${selector}[${window}]))`;
    const bad = (window: string) =>
      `100 * (${rate('a_count{job="app",status="500"}', window)} / ${rate(target.all, window)})`;
    const pair = (long: string, short: string, limit: number) =>
      `(${bad(short)} > ${limit} and ${bad(long)} > ${limit} and sum by (namespace) (increase(${target.all}[${long}])) >= 50)`;
    expect(burns({ ...target, part: { bad: 'a_count{job="app",status="500"}' } }, "fast")).to.equal(
      `${pair("1h", "5m", 14.4)} or ${pair("6h", "30m", 6)}`,
    );
    expect(burns({ ...target, part: { bad: 'a_count{job="app",status="500"}' } }, "slow")).to.equal(
      `${pair("1d", "2h", 3)} or ${pair("3d", "6h", 1)}`,
    );
  });

  it("count what is not good as bad", () => {
    expect(burns({ ...target, part: { good: 'a_bucket{job="app",le="5"}' }, budget: 0.05 }, "fast")).to.match(
      /^\(100 \* \(1 - sum by \(namespace\) \(rate\(a_bucket\{job="app",le="5"\}\[5m\]\)\) \/ sum by \(namespace\) \(rate\(a_count\{job="app"\}\[5m\]\)\)\) > 72 and /,
    );
  });

  it("tell their thresholds", () => {
    expect(burnSource("fast", 0.05)).to.equal(
      "72 % in 1h and in 5m (14.4 times the budget), or 30 % in 6h and in 30m (6 times the budget); at least 50 in the long window",
    );
  });
});
