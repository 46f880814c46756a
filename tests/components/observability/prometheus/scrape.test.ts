import { expect } from "chai";
import { scrapeConfigs } from "../../../../components/observability/prometheus/scrape";
import { scrapeArgs } from "./support";

describe("what Prometheus scrapes", () => {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into settings of any form
  const jobs = new Map<string, any>(scrapeConfigs(scrapeArgs).map((config) => [config.job_name, config]));

  it("is one job for each kind of target", () => {
    expect([...jobs.keys()]).to.deep.equal([
      "app",
      "worker",
      "pgbouncer",
      "postgres",
      "redis",
      "kube-state-metrics",
      "kubelet-containers",
      "kubelet",
      "node",
      "prometheus",
      "alertmanager",
      "cloudwatch",
    ]);
    expect(jobs.get("alertmanager").static_configs).to.deep.equal([{ targets: ["127.0.0.1:9093"] }]);
    expect(jobs.get("cloudwatch").static_configs).to.deep.equal([{ targets: ["127.0.0.1:5000"] }]);
    for (const [own, job] of [
      ["mails", "alertmanager"],
      ["cloudwatch", "cloudwatch"],
    ]) {
      const without = scrapeConfigs({ ...scrapeArgs, [own as string]: false }).map(({ job_name }) => job_name);
      expect(without).to.deep.equal([...jobs.keys()].filter((one) => one !== job));
    }
  });

  it("crosses nodes over TLS with verified names, but for the workers, who have no certificate", () => {
    const tls = (job: string) => [jobs.get(job).scheme, jobs.get(job).tls_config];
    expect(tls("app")).to.deep.equal([
      "https",
      { ca_file: "/ca.crt", server_name: "app.shop-app.svc.cluster.local", min_version: "TLS12" },
    ]);
    expect(tls("pgbouncer")).to.deep.equal([
      "https",
      { ca_file: "/ca.crt", server_name: "pgbouncer.shop-data.svc.cluster.local", min_version: "TLS12" },
    ]);
    expect(tls("node")).to.deep.equal([
      "https",
      { ca_file: "/ca.crt", server_name: "node-exporter.shop-observability.svc.cluster.local", min_version: "TLS12" },
    ]);
    for (const job of ["kubelet", "kubelet-containers"])
      expect(tls(job)).to.deep.equal(["https", { ca_file: "/cluster.crt" }]);
    expect(JSON.stringify([...jobs.values()])).to.not.contain("insecure");
    const plain = [...jobs.values()].filter(({ scheme }) => scheme === undefined).map(({ job_name }) => job_name);
    expect(plain).to.deep.equal([
      "worker",
      "postgres",
      "redis",
      "kube-state-metrics",
      "prometheus",
      "alertmanager",
      "cloudwatch",
    ]);
  });

  it("asks the exporters for each server of the stores, on loopback", () => {
    const { params, metrics_path, static_configs, relabel_configs } = jobs.get("postgres");
    expect({ params, metrics_path, static_configs }).to.deep.equal({
      params: { auth_module: ["monitor"] },
      metrics_path: "/probe",
      static_configs: [
        { targets: ["primary.rds.example:5432/app"], labels: { server: "primary" } },
        { targets: ["replica.rds.example:5432/app"], labels: { server: "replica-0" } },
      ],
    });
    expect(relabel_configs.at(-1)).to.deep.equal({ target_label: "__address__", replacement: "127.0.0.1:9187" });
    expect(jobs.get("redis").static_configs).to.deep.equal([
      { targets: ["rediss://one.cache.example:6379", "rediss://two.cache.example:6379"] },
    ]);
  });

  it("keeps of the kubelets' figures those of the product's namespaces", () => {
    const { metric_relabel_configs, relabel_configs, authorization } = jobs.get("kubelet-containers");
    expect(authorization).to.deep.equal({ credentials_file: "/token" });
    expect(metric_relabel_configs.at(-1)).to.deep.equal({
      source_labels: ["namespace"],
      regex: "|shop-app|shop-data|shop-observability",
      action: "keep",
    });
    expect(relabel_configs[0]).to.deep.equal({ target_label: "job", replacement: "kubelet" });
  });
});
