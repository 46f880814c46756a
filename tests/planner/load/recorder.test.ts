import { expect } from "chai";
import fc from "fast-check";
import { percentileOf, Recorder } from "../../../planner/load/recorder";

const ok = { outcome: "ok", sent: true };

describe("the recorder of a load test", () => {
  it("counts requests in the second in which they were due, answers in that in which they came", () => {
    const recorder = new Recorder();
    recorder.record({ dueMs: 500, latencyMs: 100, ...ok });
    recorder.record({ dueMs: 900, latencyMs: 300, ...ok });
    expect(recorder.length).to.equal(2);
    expect(recorder.figures(0, 1)).to.deep.equal({
      offered: 2,
      throughput: 1,
      inFlight: 0.1,
      errors: 0,
      kinds: {},
      p50: 100,
      p95: 300,
      p99: 300,
    });
    expect(recorder.figures(1, 2)).to.deep.include({ offered: 0, throughput: 1, inFlight: 0.3, errors: 0, p50: null });
  });

  it("counts errors by kind, and neither what was never sent nor what has no answer as throughput", () => {
    const recorder = new Recorder();
    recorder.record({ dueMs: 0, latencyMs: 10, outcome: "503", sent: true });
    recorder.record({ dueMs: 0, latencyMs: 10, outcome: "429", sent: true });
    recorder.record({ dueMs: 0, latencyMs: 900, outcome: "503", sent: false });
    recorder.record({ dueMs: 0, latencyMs: 950, outcome: "unfinished", sent: true });
    recorder.record({ dueMs: 0, latencyMs: 900, outcome: "ok", sent: false });
    expect(recorder.figures(0, 1)).to.deep.include({
      offered: 5,
      throughput: 0,
      errors: 0.6,
      kinds: { 429: 1, 503: 2 },
      inFlight: 0.97,
    });
  });

  it("loses none of the requests, however they fall", () => {
    const arrival = fc.record({
      dueMs: fc.nat(5000),
      latencyMs: fc.nat(5000),
      outcome: fc.constantFrom("ok", "500", "unfinished"),
      sent: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 60 }), (arrivals) => {
        const recorder = new Recorder();
        for (const one of arrivals) recorder.record(one);
        const { offered, throughput, kinds } = recorder.figures(0, 10);
        const number = (of: (one: (typeof arrivals)[number]) => boolean) => arrivals.filter(of).length;
        expect(offered).to.be.closeTo(arrivals.length / 10, 1e-9);
        expect(throughput).to.be.closeTo(number(({ outcome, sent }) => outcome === "ok" && sent) / 10, 1e-9);
        expect(kinds["500"] ?? 0).to.equal(number(({ outcome }) => outcome === "500"));
      }),
    );
  });

  it("has the nearest rank as percentile", () => {
    const values = Array.from({ length: 100 }, (_, at) => at + 1);
    expect([50, 95, 99, 100].map((percent) => percentileOf(values, percent))).to.deep.equal([50, 95, 99, 100]);
    expect(percentileOf([7], 50)).to.equal(7);
    expect(percentileOf([], 50)).to.equal(null);
  });
});
