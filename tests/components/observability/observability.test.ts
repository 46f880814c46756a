import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { parse } from "yaml";
import { existingNamespace } from "../../../components/namespaces/namespace";
import { cloudwatchConfig } from "../../../components/observability/cloudwatch/config";
import { cloudwatchExporter } from "../../../components/observability/cloudwatch/exporter";
import { alertmanager, mailConfig } from "../../../components/observability/mail";
import { Observability, type ObservabilityArgs } from "../../../components/observability/observability";
import type { Watched } from "../../../components/support/watched";
import { tiers } from "../../../tiers";
import { recorded, Secret } from "../../support/record";
import { completeMail } from "../../support/settings";

const mail = { ...completeMail, to: "ops@example.com", port: 587 };

function run(given: Partial<ObservabilityArgs> = {}, preview = false) {
  return recorded(
    () => {
      const provider = new k8s.Provider("kubernetes", {});
      new Observability("observability", {
        size: tiers.startup.observability,
        cluster: { provider, storageClass: "local-path" },
        namespaces: {
          app: existingNamespace("app"),
          data: existingNamespace("data"),
          observability: existingNamespace("observability"),
        },
        authority: {
          certificate: pulumi.output("PEM of the product"),
          expires: pulumi.output("2028-12-31T00:00:00.000Z"),
          issue: (name) => ({
            certificate: pulumi.output(`PEM of ${name}`),
            privateKey: pulumi.secret(`key of ${name}`),
          }),
        },
        postgres: {
          user: "monitor",
          password: pulumi.secret("monitor-password"),
          database: "app",
          servers: { primary: pulumi.output("primary.example") },
          ca: "PEM of RDS",
        },
        redis: { nodes: () => pulumi.output(["cache.example"]), password: pulumi.secret("cache-password") },
        inCluster: { postgres: false, redis: false },
        storesCidr: "10.20.0.0/16",
        clusterCidrs: ["10.20.0.0/16", "10.43.0.1/32"],
        restorable: "cluster",
        workers: true,
        budgetUsd: 100,
        workerPort: 3000,
        ...given,
      });
      return {};
    },
    { preview },
  );
}

describe("Observability", () => {
  it("is one pod with its configuration, rights and policies, and no Service", async () => {
    const all = await run();
    expect(all.problems).to.deep.equal([]);
    expect(all.paths.filter((path) => path.startsWith("observability/")).map((path) => path.slice(14))).to.deep.equal([
      "account",
      "app-policy",
      "app-role",
      "app-role-binding",
      "config",
      "dashboards",
      "data-role",
      "data-role-binding",
      "deployment",
      "metrics",
      "node-exporter",
      "node-exporter/daemon-set",
      "node-exporter/policy",
      "node-exporter/tls",
      "nodes-role",
      "nodes-role-binding",
      "observability-role",
      "observability-role-binding",
      "pgbouncer-policy",
      "policy",
      "secret",
      "workers-policy",
    ]);
    expect((await run({}, true)).paths).to.deep.equal(all.paths);
  });

  it("opens the in-cluster stores where they are in use", async () => {
    const all = await run({ inCluster: { postgres: true, redis: true }, storesCidr: undefined });
    const { podSelector, ingress } = all.inputs("observability/redis-policy").spec;
    expect(podSelector.matchLabels["app.kubernetes.io/name"]).to.equal("redis");
    expect(ingress).to.deep.equal([
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "observability" } },
            podSelector: {
              matchLabels: { "app.kubernetes.io/name": "monitor", "app.kubernetes.io/part-of": "tierstack" },
            },
          },
        ],
        ports: [{ protocol: "TCP", port: 6379 }],
      },
    ]);
    expect(all.inputs("observability/postgres-policy").spec.ingress[0].ports).to.deep.equal([
      { protocol: "TCP", port: 5432 },
    ]);
    const [, , , exporter] = all.inputs("observability/deployment").spec.template.spec.containers;
    expect(exporter.args).to.include("--tls-ca-cert-file=/etc/exporter/ca.crt");
  });

  it("keeps the passwords in a Secret, which one container each gets", async () => {
    const all = await run();
    expect(all.at("observability/secret").inputs.stringData).to.be.instanceOf(Secret);
    const { stringData } = all.inputs("observability/secret");
    expect(Object.keys(stringData)).to.deep.equal(["postgres_exporter.yml", "redis-password"]);
    expect(parse(stringData["postgres_exporter.yml"]).auth_modules.monitor.userpass.password).to.equal(
      "monitor-password",
    );
    const { data } = all.inputs("observability/config");
    expect(Object.keys(data)).to.deep.equal(["ca.crt", "postgres-ca.crt", "prometheus.yml", "rules.yml"]);
    expect(JSON.stringify(data)).to.not.match(/monitor-password|cache-password/);
    const { containers } = all.inputs("observability/deployment").spec.template.spec;
    const mounts = containers.map(
      ({ name, volumeMounts = [] }: { name: string; volumeMounts?: { name: string }[] }) => [
        name,
        volumeMounts.map((mount) => mount.name),
      ],
    );
    expect(mounts).to.deep.equal([
      ["prometheus", ["metrics", "config", "account"]],
      ["kube-state-metrics", ["account"]],
      ["postgres-exporter", ["postgres-exporter"]],
      ["redis-exporter", []],
      ["grafana", ["grafana", "grafana-tmp", "provisioning", "dashboards"]],
    ]);
  });

  it("mails alerts where there is a mail server: one more container, whose password is a file of the Secret", async () => {
    const all = await run({ mail });
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.deep.equal((await run()).paths);
    const { data } = all.inputs("observability/config");
    expect(data["alertmanager.yml"]).to.equal(mailConfig(mail));
    expect(parse(data["prometheus.yml"]).scrape_configs.at(-1).job_name).to.equal("alertmanager");
    const { stringData } = all.inputs("observability/secret");
    expect(stringData["smtp-password"]).to.equal("mail-password");
    expect(JSON.stringify([data, all.inputs("observability/deployment")])).to.not.contain("mail-password");
    const { containers, volumes } = all.inputs("observability/deployment").spec.template.spec;
    expect(containers.at(-1)).to.deep.equal(alertmanager({ volume: "alertmanager", data: "metrics" }));
    const sources = (one: typeof volumes) =>
      one.find(({ name }: { name: string }) => name === "alertmanager")?.projected.sources;
    expect(sources(volumes)).to.deep.equal([
      { configMap: { name: "monitor", items: [{ key: "alertmanager.yml", path: "alertmanager.yml" }] } },
      { secret: { name: "monitor", items: [{ key: "smtp-password", path: "smtp-password" }] } },
    ]);
    const { user: _, password: __, ...open } = mail;
    const without = await run({ mail: open });
    expect(without.inputs("observability/secret").stringData).to.not.have.property("smtp-password");
    expect(sources(without.inputs("observability/deployment").spec.template.spec.volumes)).to.have.length(1);
  });

  it("reaches the mail server's port at any address but link-local ones, and only then", async () => {
    const egress = async (given: Partial<ObservabilityArgs>) =>
      (await run(given)).inputs("observability/policy").spec.egress;
    const before = await egress({});
    expect(await egress({ mail })).to.deep.equal([
      ...before,
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
        ports: [{ protocol: "TCP", port: 587 }],
      },
    ]);
  });

  it("beats where there is a dead man's switch, and reaches it and the pod's credentials", async () => {
    const topicArn = "arn:aws:sns:us-east-1:123456789012:heartbeat";
    const heartbeat = { topicArn: pulumi.output(topicArn), region: "us-east-1" };
    const identity = (version: string) => ({ version: pulumi.output(version), port: 80 });
    const [all, before] = [await run({ mail, heartbeat, identity: identity("one") }), await run({ mail })];
    const config = all.inputs("observability/config").data["alertmanager.yml"];
    expect(config).to.equal(mailConfig(mail, { topicArn, region: "us-east-1" }));
    const egress = (one: typeof all) => one.inputs("observability/policy").spec.egress;
    expect(egress(all)).to.deep.equal([
      ...egress(before),
      { to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: [{ protocol: "TCP", port: 80 }] },
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
        ports: [{ protocol: "TCP", port: 443 }],
      },
    ]);
    const sum = (one: typeof all) => one.inputs("observability/deployment").spec.template.metadata.annotations;
    expect(sum(await run({ mail, heartbeat, identity: identity("two") }))).to.not.deep.equal(sum(all));
  });

  it("keeps CloudWatch's figures of what is on AWS: one more container, told of each resource and restarted by a change", async () => {
    const database = (identifier: string): Watched => ({
      kind: "database",
      name: "primary",
      dimensions: { DBInstanceIdentifier: pulumi.output(identifier) },
    });
    const cloudwatch = (identifier: string) => ({ watched: [database(identifier)], region: "eu-west-1" });
    const [all, before] = [await run({ cloudwatch: cloudwatch("one") }), await run()];
    const text = all.inputs("observability/config").data["cloudwatch.yml"];
    expect(text).to.equal(
      cloudwatchConfig(
        [{ kind: "database", name: "primary", dimensions: { DBInstanceIdentifier: "one" } }],
        "eu-west-1",
      ),
    );
    const pod = (one: typeof all) => one.inputs("observability/deployment").spec.template;
    const names = (one: typeof all) => pod(one).spec.containers.map(({ name }: { name: string }) => name);
    expect(names(all)).to.deep.equal([...names(before), "cloudwatch-exporter"]);
    expect(pod(all).spec.containers.at(-1)).to.deep.equal(cloudwatchExporter("cloudwatch"));
    expect(
      pod(all).spec.volumes.find(({ name }: { name: string }) => name === "cloudwatch").projected.sources,
    ).to.deep.equal([{ configMap: { name: "monitor", items: [{ key: "cloudwatch.yml", path: "cloudwatch.yml" }] } }]);
    expect(before.inputs("observability/config").data).to.not.have.property("cloudwatch.yml");
    expect(pod(await run({ cloudwatch: cloudwatch("two") })).metadata.annotations).to.not.deep.equal(
      pod(all).metadata.annotations,
    );
    const dashboard = (one: typeof all) => one.inputs("observability/dashboards").data["data.json"];
    expect(dashboard(all)).to.contain("aws_rds_cpuutilization_average");
    // The instance has no credits, and there is no ElastiCache.
    for (const absent of ["aws_rds_cpucredit_balance", "aws_elasticache"])
      expect(dashboard(all)).to.not.contain(absent);
    expect(dashboard(before)).to.not.contain("aws_");
  });

  it("beats at a URL of the user's, which is in the Secret and nowhere else", async () => {
    const url = "https://beats.example.com/4711";
    const [all, before] = [await run({ mail, heartbeat: { url } }), await run({ mail })];
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.deep.equal(before.paths);
    const config = all.inputs("observability/config").data["alertmanager.yml"];
    expect(config).to.equal(mailConfig(mail, { urlFile: "/etc/alertmanager/heartbeat-url" }));
    expect(all.at("observability/secret").inputs.stringData).to.be.instanceOf(Secret);
    expect(all.inputs("observability/secret").stringData["heartbeat-url"]).to.equal(url);
    const others = all.resources.filter(({ path }) => path !== "observability/secret");
    expect(JSON.stringify(others.map(({ inputs }) => inputs))).to.not.contain("4711");
    const { volumes } = all.inputs("observability/deployment").spec.template.spec;
    const volume = volumes.find(({ name }: { name: string }) => name === "alertmanager");
    expect(volume.projected.sources[1]).to.deep.equal({
      secret: {
        name: "monitor",
        items: ["smtp-password", "heartbeat-url"].map((key) => ({ key, path: key })),
      },
    });
    const egress = (one: typeof all) => one.inputs("observability/policy").spec.egress;
    expect(egress(all)).to.deep.equal([
      ...egress(before),
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
        ports: [{ protocol: "TCP", port: 443 }],
      },
    ]);
  });

  it("has the rules and the panels about Alertmanager where it runs", async () => {
    const texts = async (given: Partial<ObservabilityArgs>) => {
      const all = await run(given);
      const rules = all.inputs("observability/config").data["rules.yml"];
      return [rules, all.inputs("observability/dashboards").data["platform.json"]] as [string, string];
    };
    const [[rules, platform], [rulesWithout, platformWithout]] = [await texts({ mail }), await texts({})];
    for (const name of ["MailsFail", "ConfigurationRefused", "NoAlertmanagerScraped"]) {
      expect(rules).to.contain(`alert: ${name}\n`);
      expect(rulesWithout).to.not.contain(name);
    }
    expect(platform).to.contain("alertmanager_alerts");
    expect(platformWithout).to.not.contain("alertmanager");
  });

  it("bounds what Prometheus stores by its volume, which outlives the program", async () => {
    const all = await run();
    const [prometheus] = all.inputs("observability/deployment").spec.template.spec.containers;
    expect(prometheus.args).to.include.members([
      "--storage.tsdb.retention.size=819MB",
      "--storage.tsdb.retention.time=60d",
    ]);
    expect(all.inputs("observability/metrics").spec).to.deep.equal({
      accessModes: ["ReadWriteOnce"],
      storageClassName: "local-path",
      resources: { requests: { storage: "1Gi" } },
    });
    expect(all.at("observability/metrics").options).to.include({ protect: false, retainOnDelete: true });
  });

  it("mounts no token by itself: the two containers that ask the API server get one", async () => {
    const { template, strategy } = (await run()).inputs("observability/deployment").spec;
    expect(template.spec.automountServiceAccountToken).to.equal(false);
    expect(strategy).to.deep.equal({ type: "Recreate" });
    const binding = (await run({ namePrefix: "shop" })).inputs("observability/nodes-role-binding");
    expect(binding.metadata.name).to.equal("shop-tierstack-monitor");
    expect(binding.subjects).to.deep.equal([{ kind: "ServiceAccount", name: "monitor", namespace: "observability" }]);
  });

  it("mounts the rules and the dashboards of what there is, and restarts for none of them", async () => {
    const [all, without] = [await run(), await run({ workers: false })];
    const rules = (one: typeof all) =>
      parse(one.inputs("observability/config").data["rules.yml"]).groups.map(({ name }: { name: string }) => name);
    expect(rules(all)).to.include.members(["application", "queues", "database", "pooler", "cache", "certificates"]);
    expect(rules(without)).to.not.include("queues");
    const dashboards = (one: typeof all) => Object.keys(one.inputs("observability/dashboards").data);
    expect(dashboards(all)).to.include.members(["work.json", "money.json", "datasource.yml", "provider.yml"]);
    const panels = (one: typeof all) =>
      JSON.parse(one.inputs("observability/dashboards").data["work.json"]).panels.length;
    expect(panels(without)).to.be.below(panels(all));
    const template = (one: typeof all) => one.inputs("observability/deployment").spec.template;
    expect(template(all).metadata).to.deep.equal(template(without).metadata);
    const volume = (name: string) =>
      template(all).spec.volumes.find((one: { name: string }) => one.name === name).projected.sources[0].configMap;
    expect(volume("provisioning").items).to.deep.equal([
      { key: "datasource.yml", path: "datasources/datasource.yml" },
      { key: "provider.yml", path: "dashboards/provider.yml" },
    ]);
    expect(volume("dashboards").items.map(({ key }: { key: string }) => key)).to.have.members(
      dashboards(all).filter((name) => name.endsWith(".json")),
    );
  });

  it("restarts for another password or mail server, and not for another target", async () => {
    const sum = async (given: Partial<ObservabilityArgs>) =>
      (await run(given)).inputs("observability/deployment").spec.template.metadata.annotations["checksum/config"];
    const nodes = () => pulumi.output(["cache.example", "second.example"]);
    const before = await sum({});
    expect(await sum({ redis: { nodes, password: pulumi.secret("cache-password") } })).to.equal(before);
    expect(await sum({ redis: { nodes, password: pulumi.secret("another") } })).to.not.equal(before);
    const sums = [before];
    for (const one of [mail, { ...mail, password: "another" }, { ...mail, to: "night@example.com" }])
      sums.push(await sum({ mail: one }));
    expect(new Set(sums).size).to.equal(4);
  });
});
