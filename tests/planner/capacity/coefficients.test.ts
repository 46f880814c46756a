import { expect } from "chai";
import {
  assumedCoefficients,
  assumptionsOf,
  coefficientsSchema,
  valuesOf,
} from "../../../planner/capacity/coefficients";

describe("coefficients", () => {
  it("that come with the planner have the form of every file, a source each, and were not measured", () => {
    expect(coefficientsSchema.safeParse(assumedCoefficients).error).to.equal(undefined);
    expect(assumedCoefficients.measured).to.equal(null);
    for (const { name, source } of assumptionsOf(assumedCoefficients)) expect(source, name).to.match(/\w{5,}/);
    expect(valuesOf(assumedCoefficients, "low").applicationCpuMs).to.equal(6);
    expect(valuesOf(assumedCoefficients, "high").applicationCpuMs).to.equal(1);
  });

  it("have to be within their bounds", () => {
    const withOne = (value: object) => ({
      ...assumedCoefficients,
      coefficients: {
        ...assumedCoefficients.coefficients,
        cacheHitRate: { ...assumedCoefficients.coefficients.cacheHitRate, ...value },
      },
    });
    for (const value of [{ low: -0.1 }, { high: 1.1 }, { expected: "0.5" }, { other: 1 }, { source: "" }])
      expect(coefficientsSchema.safeParse(withOne(value)).success, JSON.stringify(value)).to.equal(false);
    expect(coefficientsSchema.safeParse({ ...assumedCoefficients, version: 2 }).success).to.equal(false);
  });
});
