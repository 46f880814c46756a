import { expect } from "chai";
import fc from "fast-check";
import { findingOf } from "../../../planner/advise/findings";
import type { Series } from "../../../planner/advise/metrics";
import type { Condition } from "../../../planner/advise/rules";
import { gapsOf, lengthOf, longestRun, stepOf } from "../../../planner/advise/window";
import { series, start } from "./support";

const condition: Condition = { metric: "node.cpu", is: ">", threshold: 80, minutes: 10, source: "" };
const fires = (one: Series) => findingOf(condition, one) !== undefined;

/** Samples at offsets in seconds. */
const at = (...offsets: number[]) => offsets.map((seconds) => ({ at: start + seconds * 1000, value: 90 }));
const seriesAt = (...offsets: number[]): Series => {
  const samples = at(...offsets);
  return { metric: "node.cpu", samples, gaps: gapsOf(samples) };
};

/** Values of a percent, around the threshold. */
const percent = fc.integer({ min: 60, max: 100 });

describe("window", () => {
  it("holds after ten minutes, and not a second earlier", () => {
    expect(fires(seriesAt(0, 150, 300, 450, 600))).to.equal(true);
    expect(fires(seriesAt(0, 150, 300, 450, 599))).to.equal(false);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 1200 }), (step, seconds) => {
        const offsets = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
        fc.pre(offsets.length > 1);
        expect(fires(seriesAt(...offsets))).to.equal((offsets.at(-1) ?? 0) >= 600);
      }),
    );
  });

  it("counts from sample to sample: the condition must hold at both ends and between them", () => {
    const values = [70, ...Array.from({ length: 11 }, () => 81), 70];
    expect(fires(series("node.cpu", values))).to.equal(true);
    for (let index = 1; index <= 11; index++)
      expect(
        fires(
          series(
            "node.cpu",
            values.map((value, at) => (at === index ? 80 : value)),
          ),
        ),
        `80 at ${index}`,
      ).to.equal(false);
  });

  it("ends at a gap, and starts again after it", () => {
    const minutes = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => 60 * (from + index));
    expect(fires(seriesAt(...minutes(0, 6), ...minutes(8, 14)))).to.equal(false);
    expect(fires(seriesAt(...minutes(0, 6), ...minutes(8, 18)))).to.equal(true);
    expect(gapsOf(at(0, 60, 120, 240, 300, 390, 391))).to.deep.equal([{ from: start + 120_000, to: start + 240_000 }]);
  });

  it("takes the median distance as the usual one, so that a late sample is no gap", () => {
    expect(stepOf(at(0, 60, 121, 180, 260))).to.equal(60_000);
    expect(gapsOf(at(0, 58, 121, 180, 270))).to.deep.equal([{ from: start + 180_000, to: start + 270_000 }]);
    expect(gapsOf(at(0, 58, 121, 180, 268))).to.deep.equal([]);
  });

  it("answers the longest period, the earliest of several, with its values", () => {
    const one = series("node.cpu", [90, 91, 10, 95, 85, 10, 99]);
    expect(longestRun(one, (value) => value > 80)).to.deep.equal({
      from: start,
      to: start + 60_000,
      least: 90,
      most: 91,
    });
    expect(longestRun(one, (value) => value > 99)).to.equal(undefined);
  });

  it("agrees with a search of every period", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), percent), { minLength: 2, maxLength: 40 }),
        (steps) => {
          const samples = steps.map(([, value], index) => ({
            at: 60_000 * steps.slice(0, index + 1).reduce((sum, [minutes]) => sum + minutes, 0),
            value,
          }));
          const one: Series = { metric: "node.cpu", samples, gaps: gapsOf(samples) };
          const crosses = (from: number, to: number) => one.gaps.some((gap) => gap.from >= from && gap.to <= to);
          const periods = samples.flatMap(({ at: from }, first) =>
            samples.slice(first).flatMap(({ at: to }, length) => {
              const inside = samples.slice(first, first + length + 1);
              return inside.every(({ value }) => value > 80) && !crosses(from, to) ? [to - from] : [];
            }),
          );
          const run = longestRun(one, (value) => value > 80);
          expect(run && lengthOf(run)).to.equal(periods.length === 0 ? undefined : Math.max(...periods));
        },
      ),
    );
  });

  it("is monotonic: more samples around it, or larger values in it, never silence a condition that fires", () => {
    const values = fc.array(percent, { maxLength: 40 });
    const firing = fc.array(fc.integer({ min: 81, max: 100 }), { minLength: 11, maxLength: 40 });
    fc.assert(
      fc.property(firing, values, values, fc.array(fc.nat(20), { maxLength: 40 }), (some, before, after, more) => {
        expect(fires(series("node.cpu", some))).to.equal(true);
        expect(fires(series("node.cpu", [...before, ...some, ...after]))).to.equal(true);
        expect(
          fires(
            series(
              "node.cpu",
              some.map((value, index) => value + (more[index] ?? 0)),
            ),
          ),
        ).to.equal(true);
      }),
    );
  });
});
