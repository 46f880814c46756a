import { expect } from "chai";
import { metricsOf } from "../../../components/observability/alerts/rule";
import { rulesOf } from "../../../components/observability/alerts/rules";
import { jobs } from "../../../components/observability/jobs";
import { healthyDay, minutes } from "./healthy";
import { promtool, versionOf } from "./promtool";

/** Alerts that mail nobody. */
const mails = rulesOf({ jobs, restorable: "cluster" }).filter(({ severity }) => severity !== "none");
const everyMinutes = 5;

describe("alerts in 24 healthy hours", () => {
  before(function () {
    if (!versionOf("promtool")) this.skip();
  });

  it("have every metric that a rule reads", () => {
    const given = new Set(Object.keys(healthyDay()).map((series) => series.replace(/\{.*/, "")));
    const read = new Set(mails.flatMap(({ expr }) => metricsOf(expr)));
    expect([...read].filter((metric) => !given.has(metric))).to.deep.equal([]);
  });

  it("are silent, in each of them", function () {
    this.timeout(300_000);
    const times = Array.from({ length: minutes / everyMinutes }, (_, index) => (index + 1) * everyMinutes);
    const expected = mails.flatMap(({ name }) => times.map((at) => ({ alertname: name, at, alerts: [] })));
    expect(promtool([{ name: "a day", series: healthyDay(), expected }])).to.equal("");
  });
});
