import { expect } from "chai";
import { readMetrics } from "../../../planner/advise/read";
import { metricFiles } from "./support";

const Timestamps = ["2026-11-20T10:00:00+00:00", "2026-11-20T10:01:00+00:00", "2026-11-20T10:02:00+00:00"];
const result = (Label: string, more: object = {}) => ({
  Id: "m1",
  Label,
  Timestamps,
  Values: [50, 60, 70],
  StatusCode: "Complete",
  ...more,
});
const answer = (...MetricDataResults: object[]) => ({ MetricDataResults, Messages: [] });

describe("an answer of CloudWatch", () => {
  const files = metricFiles();
  const file = (content: unknown) => files.file(content, "data.json");
  const read = (content: unknown) => readMetrics([file(content)]).series;
  const problems = (content: unknown) => files.problems(file(content));

  it("is metrics: a label has the name of each, its unit, and what was measured", () => {
    const series = read(
      answer(
        result("node.cpu"),
        result("app.p95 (s)"),
        result("database.cpu postgres-primary 1"),
        result("database.connections (connections) postgres-primary"),
      ),
    );
    expect(series.map(({ metric, of, unit, samples }) => [metric, of, unit, samples[0]?.value])).to.deep.equal([
      ["node.cpu", undefined, "percent", 50],
      ["app.p95", undefined, "s", 50000],
      ["database.cpu", "postgres-primary 1", "percent", 50],
      ["database.connections", "postgres-primary", "connections", 50],
    ]);
  });

  it("may have the latest first, as it has by default, and seconds as times", () => {
    const [forward] = read(answer(result("node.cpu")));
    const turned = { Timestamps: [...Timestamps].reverse(), Values: [70, 60, 50] };
    expect(read(answer(result("node.cpu", turned)))).to.deep.equal([forward]);
    const seconds = { Timestamps: [1795168800, 1795168860, 1795168920] };
    expect(read(answer(result("node.cpu", seconds)))).to.deep.equal([forward]);
  });

  it("gives the place of a wrong value in the answer, whatever its order", () => {
    const place = (values: number[], more: object = {}) =>
      problems(answer(result("node.cpu", { Values: values, ...more })))[0];
    expect(place([50, 60, -1])).to.equal(
      "data.json: MetricDataResults[0].Values[2]: given -1; allowed: at least 0; fix: correct it (docs/advise.md)",
    );
    const turned = { Timestamps: [...Timestamps].reverse() };
    expect(place([-1, 60, 50], turned)).to.contain("MetricDataResults[0].Values[0]: given -1");
    expect(place([1, 2, 3], { Timestamps: [Timestamps[0], Timestamps[2], Timestamps[2]] })).to.contain(
      "MetricDataResults[0].Timestamps[2]: given 2026-11-20T10:02:00+00:00 after 2026-11-20T10:02:00+00:00; allowed: each time once",
    );
  });

  it("says how to name a series, and which unit it may have", () => {
    expect(problems(answer(result("CPUUtilization")))[0]).to.match(
      /^data\.json: MetricDataResults\[0\]\.Label: given "CPUUtilization"; allowed: node\.cpu, .*; fix: name it in the query: "Label": "METRIC" \(docs\/advise\.md\)$/,
    );
    expect(problems(answer(result("node.cpu (kg)")))[0]).to.contain(
      'MetricDataResults[0].Label: given "kg"; allowed: percent, share',
    );
  });

  it("must be complete", () => {
    expect(problems(answer(result("node.cpu", { StatusCode: "PartialData" })))[0]).to.contain(
      'MetricDataResults[0].StatusCode: given "PartialData"; allowed: Complete',
    );
    expect(problems({ ...answer(result("node.cpu")), NextToken: "abc" })[0]).to.contain(
      "NextToken: given one page of several; allowed: the whole answer; fix: fetch every page",
    );
    expect(problems(answer(result("node.cpu", { Values: [1, 2] })))).to.deep.equal([
      "data.json: MetricDataResults[0].Values: given 2 values; allowed: 3, one for each timestamp; fix: query it again",
    ]);
    expect(problems(answer())[0]).to.contain("MetricDataResults: given []; allowed: at least 1");
    expect(problems(answer(result("node.cpu", { Timestamps: [], Values: [] })))[0]).to.contain(
      "MetricDataResults[0].Timestamps: given []; allowed: at least 2",
    );
  });
});
