import { expect } from "chai";
import { cloudwatchConfig } from "../../../components/observability/cloudwatch/config";
import { monthlyCostOf } from "../../../planner/cost/cost";
import { costContextWith } from "../../support/cost-context";
import { planned } from "../../support/planned";

const type = "aws:cloudwatch/metricAlarm:MetricAlarm";
const alarms = (count: number) => Array.from({ length: count }, (_, at) => planned(`alarm-${at}`, type));
const metric = (id: string) => ({ id, metric: {} });
const calculated = { metricQueries: [{ id: "figure", expression: "a / b" }, metric("a"), metric("b")] };

describe("cost of CloudWatch's figures", () => {
  const config = (figures: number) =>
    cloudwatchConfig(
      Array.from({ length: figures / 4 }, () => ({ kind: "edge" as const, dimensions: {} })),
      "us-east-1",
    );
  const costOf = (data: Record<string, string>) =>
    monthlyCostOf([planned("config", "kubernetes:core/v1:ConfigMap", { data })], costContextWith());

  it("is a request each five minutes for each of them, beyond the million that an account has free", () => {
    expect(costOf({ "cloudwatch.yml": config(112) }).items).to.deep.equal([]);
    const { items } = costOf({ "cloudwatch.yml": config(200) });
    expect(items.map(({ item, quantity, unit, monthlyUsd }) => [item, quantity, unit, monthlyUsd])).to.deep.equal([
      ["requests for CloudWatch's figures", 752, "1000 requests", 7.52],
    ]);
  });

  it("is nothing for another ConfigMap", () => {
    expect(costOf({ "prometheus.yml": config(200) }).items).to.deep.equal([]);
  });
});

describe("cost of alarms", () => {
  const costOf = (...args: Parameters<typeof alarms>) => monthlyCostOf(alarms(...args), costContextWith()).monthlyUsd;

  it("is 0.10 USD for each beyond the ten that an account has free", () => {
    expect([1, 10, 11, 25].map((count) => costOf(count))).to.deep.equal([0, 0, 0.1, 1.5]);
  });

  it("has a metric of the stack's own with it, of which an account has ten free, and none of AWS'", () => {
    const own = (count: number, namespace: string) =>
      Array.from({ length: count }, (_, at) => planned(`alarm-${at}`, type, { namespace }));
    const costs = (namespace: string) =>
      monthlyCostOf(own(13, namespace), costContextWith()).items.map(({ item, monthlyUsd }) => [item, monthlyUsd]);
    const alarm = ["alarm", 0.1];
    expect(costs("AWS/EC2")).to.deep.equal([alarm, alarm, alarm]);
    const metric = ["metric of the stack's own", 0.3];
    expect(costs("shop/mvp")).to.deep.equal([alarm, metric, alarm, metric, alarm, metric]);
  });

  it("counts the metrics that a calculated figure reads", () => {
    const { items } = monthlyCostOf([...alarms(10), planned("rate", type, calculated)], costContextWith());
    expect(items.map(({ item, quantity, monthlyUsd }) => [item, quantity, monthlyUsd])).to.deep.equal([
      ["alarm on 2 metrics", 2, 0.2],
    ]);
  });
});
