import { expect } from "chai";
import {
  assumedCoefficients,
  assumptionsOf,
  coefficientsSchema,
  kinds,
  kindsOf,
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

  it("name their kinds of resources, each once", () => {
    const names = kinds.flatMap((kind) => [`${kind}Sigma`, `${kind}Kappa`]);
    const demands = ["applicationCpuMs", "poolerCpuMs", "readCpuMs", "writeCpuMs", "queryHoldMs", "redisCpuMs"];
    expect(kindsOf(names)).to.deep.equal([...kinds]);
    expect(kindsOf(demands)).to.deep.equal(kinds);
    expect(kindsOf(["thinkSeconds", "readCpuMs"])).to.deep.equal(["thinkSeconds", "database"]);
  });

  it("have targets above 0, that of CPUs below 1, and a fit's residual of at most a quarter", () => {
    const issues = (name: "cpuTarget" | "connectionTarget" | "memoryTarget", expected: number) => {
      const { coefficients } = assumedCoefficients;
      const given = {
        ...assumedCoefficients,
        coefficients: { ...coefficients, [name]: { ...coefficients[name], expected } },
      };
      return coefficientsSchema.safeParse(given).error?.issues.map(({ code, path }) => [code, ...path]) ?? [];
    };
    for (const name of ["cpuTarget", "connectionTarget", "memoryTarget"] as const) {
      expect(issues(name, 0)).to.deep.equal([["too_small", "coefficients", name, "expected"]]);
      expect(issues(name, 0.01)).to.deep.equal([]);
      expect(issues(name, 1).length, name).to.equal(name === "cpuTarget" ? 1 : 0);
    }
    const measuredWith = (residual: number) => ({
      ...assumedCoefficients,
      measured: { file: "a.json", date: "2026-11-20", points: 5, residual, fitted: ["queryHoldMs"] },
    });
    expect([0.25, 0.26].map((one) => coefficientsSchema.safeParse(measuredWith(one)).success)).to.deep.equal([
      true,
      false,
    ]);
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
