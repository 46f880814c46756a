import { expect } from "chai";
import { parse } from "yaml";
import { renderPrometheus } from "../../../../components/observability/prometheus/config";
import { scrapeConfigs } from "../../../../components/observability/prometheus/scrape";
import { scrapeArgs } from "./support";

describe("prometheus.yml", () => {
  const text = renderPrometheus(scrapeArgs);

  it("scrapes every job at one interval", () => {
    expect(parse(text)).to.deep.equal({
      global: { scrape_interval: "30s", scrape_timeout: "10s", evaluation_interval: "30s" },
      rule_files: ["rules.yml"],
      alerting: { alertmanagers: [{ static_configs: [{ targets: ["127.0.0.1:9093"] }] }] },
      scrape_configs: JSON.parse(JSON.stringify(scrapeConfigs(scrapeArgs))),
    });
  });

  it("names no Alertmanager where there is none", () => {
    expect(parse(renderPrometheus({ ...scrapeArgs, mails: false }))).to.not.have.property("alerting");
  });

  it("has no anchors, which a reader would have to resolve, and is the same from run to run", () => {
    expect(text).to.not.match(/[&*]a\d/);
    expect(renderPrometheus(scrapeArgs)).to.equal(text);
  });
});
