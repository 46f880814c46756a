import { expect } from "chai";
import { readMetrics } from "../../../planner/advise/read";
import { metricFiles } from "./support";

const answer = (...result: object[]) => ({ status: "success", data: { resultType: "matrix", result } });
const one = (metric: object, values: unknown[]) => answer({ metric, values });
const two = [
  [1795168800, "50"],
  [1795168860.5, "60.25"],
];

describe("an answer of Prometheus", () => {
  const files = metricFiles();
  const file = (content: unknown) => files.file(content, "range.json");
  const read = (content: unknown) => readMetrics([file(content)]).series;
  const problems = (content: unknown) => files.problems(file(content));

  it("is metrics: a label names each, another the unit, and the rest what was measured", () => {
    const series = read(
      answer(
        {
          metric: { __name__: "up", tierstack: "node.cpu", unit: "share" },
          values: [
            [1795168800, "0.5"],
            [1795168860, "1e-1"],
          ],
        },
        { metric: { tierstack: "queue.waiting", queue: "mail" }, values: two },
        { metric: { tierstack: "redis.cpu", pod: "a", shard: "1" }, values: two },
      ),
    );
    expect(series.map(({ metric, of, samples }) => [metric, of, samples.map(({ value }) => value)])).to.deep.equal([
      ["node.cpu", undefined, [50, 10]],
      ["queue.waiting", "mail", [50, 60.25]],
      ["redis.cpu", "pod=a, shard=1", [50, 60.25]],
    ]);
    expect(series[1]?.samples.map(({ at }) => new Date(at).toISOString())).to.deep.equal([
      "2026-11-20T10:00:00.000Z",
      "2026-11-20T10:01:00.500Z",
    ]);
  });

  it("says how to name a series that has no name", () => {
    const [first = ""] = problems(one({ job: "node" }, two));
    expect(first).to.match(/^range\.json: data\.result\[0\]\.metric\.tierstack: given nothing; allowed: node\.cpu, /);
    expect(first).to.match(
      /; fix: name it in the query: label_replace\(\.\.\., "tierstack", "METRIC", "", ""\) \(docs\/advise\.md\)$/,
    );
    expect(problems(one({ tierstack: "node.cpus" }, two))[0]).to.contain("did you mean node.cpu?");
  });

  it("gives the place of a wrong value in the answer", () => {
    const cpu = { tierstack: "node.cpu" };
    const correct = "fix: correct it (docs/advise.md)";
    expect(problems(one(cpu, [...two, [1795168920, "NaN"], [1795168980, "NaN"]]))).to.deep.equal([
      `range.json: data.result[0].values[2][1]: given "NaN", and 1 more like it in the series; allowed: a number; ${correct}`,
    ]);
    expect(problems(one(cpu, [...two, [1795168920, "+Inf"]]))[0]).to.contain(
      'values[2][1]: given "+Inf"; allowed: a number',
    );
    expect(problems(one(cpu, [...two, [1795168920, "-3"]]))[0]).to.contain(
      'values[2][1]: given "-3"; allowed: at least 0',
    );
    expect(problems(one(cpu, [...two, [1795168860.5, "3"]]))[0]).to.contain(
      "values[2][0]: given 2026-11-20T10:01:00.500Z after",
    );
    expect(problems(one(cpu, [...two, [9e15, "3"]]))[0]).to.contain(
      "values[2][0]: given 9000000000000000; allowed: a time",
    );
    expect(problems(one(cpu, two.slice(1)))[0]).to.contain("data.result[0].values: given");
    expect(problems(one({ ...cpu, unit: "kg" }, two))[0]).to.contain(
      'data.result[0].metric.unit: given "kg"; allowed: percent, share',
    );
  });

  it("must be a matrix, and a success with series", () => {
    expect(problems({ status: "error", errorType: "bad_data", error: "parse error" })[0]).to.equal(
      'range.json: status: given "error"; allowed: success; fix: correct it (docs/advise.md)',
    );
    expect(problems({ status: "success", data: { resultType: "vector", result: [] } })[0]).to.contain(
      'data.resultType: given "vector"; allowed: matrix',
    );
    expect(problems(answer())[0]).to.contain("data.result: given []; allowed: at least 1");
    expect(problems(one({ tierstack: "node.cpu" }, [[1795168800, 50]]))[0]).to.contain(
      "data.result[0].values[0][1]: given 50; allowed: a string",
    );
  });
});
