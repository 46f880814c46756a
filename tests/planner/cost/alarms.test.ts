import { expect } from "chai";
import { monthlyCostOf } from "../../../planner/cost/cost";
import { costContextWith } from "../../support/cost-context";
import { planned } from "../../support/planned";

const type = "aws:cloudwatch/metricAlarm:MetricAlarm";
const alarms = (count: number) => Array.from({ length: count }, (_, at) => planned(`alarm-${at}`, type));
const metric = (id: string) => ({ id, metric: {} });
const calculated = { metricQueries: [{ id: "figure", expression: "a / b" }, metric("a"), metric("b")] };

describe("cost of alarms", () => {
  const costOf = (...args: Parameters<typeof alarms>) => monthlyCostOf(alarms(...args), costContextWith()).monthlyUsd;

  it("is 0.10 USD for each beyond the ten that an account has free", () => {
    expect([1, 10, 11, 25].map((count) => costOf(count))).to.deep.equal([0, 0, 0.1, 1.5]);
  });

  it("counts the metrics that a calculated figure reads", () => {
    const { items } = monthlyCostOf([...alarms(10), planned("rate", type, calculated)], costContextWith());
    expect(items.map(({ item, quantity, monthlyUsd }) => [item, quantity, monthlyUsd])).to.deep.equal([
      ["alarm on 2 metrics", 2, 0.2],
    ]);
  });
});
