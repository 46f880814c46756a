import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { assumedCoefficients, coefficientsSchema } from "../../../planner/capacity/coefficients";
import { fitCoefficients } from "../../../planner/capacity/fit";
import { loadTestSchema } from "../../../planner/capacity/load-test";
import { highestKept, readResult, resultOf } from "../../../planner/load/result";
import { keepsUp, type Level } from "../../../planner/load/run";
import { date, figures, levelOf, measuredOf, result, staircase, steady, stepped, tested } from "./support/measured";

describe("the result of a load test", () => {
  it("has a point for each level, in the form that the capacity model is fitted from", () => {
    const own = result();
    expect(loadTestSchema.safeParse(own).error).to.equal(undefined);
    expect(own).to.deep.include({ version: 1, date, resource: "requests", sizes: { connections: 20 } });
    expect(own.points[0]).to.deep.equal({ concurrency: 1.6, throughput: 80, utilisation: { connections: 0.2 } });
    expect(own.points).to.have.length(7);
  });

  it("gives the time that a query holds its connection, which is known", () => {
    const file = fitCoefficients(result(), "result.json", assumedCoefficients);
    expect(coefficientsSchema.safeParse(file).error).to.equal(undefined);
    const { readsPerRequest, cacheHitRate, writesPerRequest } = assumedCoefficients.coefficients;
    const queries = readsPerRequest.expected * (1 - cacheHitRate.expected) + writesPerRequest.expected;
    expect(file.measured?.fitted).to.deep.equal(["queryHoldMs"]);
    expect(file.coefficients.queryHoldMs.expected).to.be.closeTo(50 / queries, 0.1);
  });

  it("names the knee, what limits it, and how well the levels before it predicted it", () => {
    const { knee } = result().load;
    expect(knee?.measured).to.equal(395);
    expect(knee?.fitted?.binding).to.equal("connections");
    expect(knee?.predicted?.binding).to.equal("connections");
    expect(knee?.predicted?.throughput).to.be.within(0.85 * 395, 1.15 * 395);
  });

  it("predicts from what the levels that kept up saw: not from the sizes of those that show the knee", () => {
    const seen = (open: number) => (level: Level, at: number) => ({
      ...level,
      samples: [{ atMs: 0, utilisation: { connections: Math.min(1, (at + 2) / open) }, sizes: { connections: open } }],
    });
    // A server that does not say its maximum: ten connections were open while it kept up, 20 later.
    const levels = staircase().map((level, at) => seen(at < 5 ? 10 : 20)(level, at));
    const { load, sizes } = resultOf(stepped, measuredOf(levels), tested, date);
    const lower = levels.filter(keepsUp);
    expect(lower).to.have.length(5);
    expect(sizes).to.deep.equal({ connections: 20 });
    expect(load.knee?.predicted).to.deep.equal(resultOf(stepped, measuredOf(lower), tested, date).load.knee?.fitted);
    expect(load.knee?.predicted?.throughput).to.be.below(load.knee?.fitted?.throughput ?? 0);
  });

  it("has no knee where every level kept up, and none of a test without a staircase", () => {
    const { knee } = resultOf(stepped, measuredOf(staircase().slice(0, 4)), tested, date).load;
    expect(knee?.measured).to.equal(null);
    expect(knee?.predicted).to.equal(null);
    expect(knee?.fitted?.throughput).to.be.closeTo(400, 20);
    expect(steady().load.knee).to.equal(null);
  });

  it("is kept where a staircase keeps every threshold up to what the stack must carry", () => {
    const { load } = result();
    expect(highestKept(load.levels)).to.equal(320);
    expect(load.kept).to.equal(true);
    const of = (needed: number | null, levels = staircase()) =>
      resultOf(stepped, measuredOf(levels), { stack: null, needed }, date).load.kept;
    expect(of(320)).to.equal(true);
    expect(of(321)).to.equal(false);
    // Without a stack, the first level.
    expect(of(null)).to.equal(true);
    expect(of(null, [levelOf(0, 80, figures(80, { p95: 200 }))])).to.equal(false);
    // A level that keeps them beyond one that does not is luck.
    const [first, , third, ...others] = staircase() as [Level, Level, Level];
    const broken = levelOf(1, 160, figures(160, { errors: 0.02 }));
    const gap = resultOf(stepped, measuredOf([first, broken, third, ...others]), tested, date).load;
    expect([highestKept(gap.levels), gap.kept]).to.deep.equal([80, false]);
  });

  it("is kept where a test keeps every threshold, and of no level is not", () => {
    expect(steady().load.kept).to.equal(true);
    expect(steady(figures(100, { p95: 201 })).load.kept).to.equal(false);
    expect(steady(figures(100, { errors: 0.01 })).load.kept).to.equal(false);
    expect(resultOf(stepped, measuredOf([]), tested, date).load.kept).to.equal(false);
  });

  it("has no header, and no point for a level without an answer", () => {
    const own = resultOf(stepped, measuredOf([levelOf(0, 80, figures(0))]), tested, date);
    expect(own.points).to.deep.equal([]);
    expect(JSON.stringify(own)).not.to.contain("hunter2");
    expect(own.load.url).to.equal("https://app.example.com/v1");
  });

  it("is read again as it was written; another file is told", () => {
    const folder = mkdtempSync(join(tmpdir(), "tierstack-load-"));
    const file = join(folder, "result.json");
    try {
      for (const own of [result(), steady(), resultOf(stepped, measuredOf([]), tested, date)]) {
        writeFileSync(file, JSON.stringify(own));
        expect(readResult(file)).to.deep.equal(own);
      }
      writeFileSync(file, JSON.stringify({ ...result(), load: undefined }));
      expect(() => readResult(file)).to.throw(
        "load: given nothing; allowed: an object; fix: correct it (docs/load.md)",
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
