import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { parseMetrics } from "../../planner/load/prometheus";
import { type KubernetesObject, stackObjects } from "../support/objects";
import { observed } from "../support/observed";
import { podTemplatesOf } from "../support/pod-templates";
import { PooledServer } from "./support/pooler";
import { certificates, freePort, requireBinaries, Sandbox, type Skippable } from "./support/postgres";
import { host, password, Valkey } from "./support/valkey";

/** Returns the path of a program. Skips the suite, and says why, where it is missing. */
function requireProgram(suite: Skippable, program: string, packageName = program): string {
  const found = spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).stdout.trim();
  if (found) return found;
  console.log(`    skipped: ${program} not found (Debian: apt-get install ${packageName})`);
  return suite.skip();
}

/** Asks until there is an answer. */
async function ask(url: string, log: () => string): Promise<string> {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return answer.text();
    if (tries > 200) throw new Error(`${url}: ${answer?.status}\n${await answer?.text()}\n${log()}`);
    await sleep(100);
  }
}

/** What Kubernetes' discovery says of the pods of a stack: a target for each port of a container. */
function discovered(objects: KubernetesObject[], namespaces: string[]) {
  return objects.flatMap(podTemplatesOf).flatMap(({ metadata, spec }) => {
    if (!namespaces.includes(metadata.namespace)) return [];
    const labels = Object.entries(metadata.labels ?? {}).map(([label, value]) => [
      `__meta_kubernetes_pod_label_${label.replace(/[^a-zA-Z0-9]/g, "_")}`,
      value,
    ]);
    const pod = `${metadata.generateName}0`;
    const ports = (spec.containers as { ports?: { name: string; containerPort: number }[] }[]).flatMap(
      ({ ports: own = [] }) => own,
    );
    return ["Running", "Succeeded"].flatMap((phase) =>
      ports.map(({ name, containerPort }) => ({
        targets: [`127.0.0.1:${containerPort}`],
        labels: {
          ...Object.fromEntries(labels),
          __meta_kubernetes_namespace: metadata.namespace,
          __meta_kubernetes_pod_name: phase === "Running" ? pod : `${pod}-ended`,
          __meta_kubernetes_pod_node_name: "node-0",
          __meta_kubernetes_pod_phase: phase,
          __meta_kubernetes_pod_container_port_name: name,
        },
      })),
    );
  });
}

interface ActiveTarget {
  scrapeUrl: string;
  labels: Record<string, string>;
}

interface Discovery {
  role: string;
  namespaces?: { names: string[] };
}

describe("Prometheus, with the configuration of a stack", () => {
  let sandbox: Sandbox;
  let objects: KubernetesObject[];
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into settings of any form
  let config: any;

  before(async function () {
    requireProgram(this, "promtool", "prometheus");
    sandbox = new Sandbox();
    objects = (await stackObjects("growth", observed("growth"))).map(({ object }) => object);
    const { data } = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "monitor") as never;
    config = parse(data["prometheus.yml"]);
    const tls = certificates(sandbox, requireProgram(this, "openssl"));
    // Debian's build knows no Kubernetes, and the files are a pod's.
    for (const scrape of config.scrape_configs) {
      const given: Discovery[] = scrape.kubernetes_sd_configs ?? [];
      delete scrape.kubernetes_sd_configs;
      for (const { role, namespaces } of given)
        scrape.static_configs =
          role === "pod"
            ? discovered(objects, namespaces?.names ?? [])
            : [{ targets: ["127.0.0.1:10250"], labels: { __meta_kubernetes_node_name: "node-0" } }];
      if (scrape.tls_config) scrape.tls_config.ca_file = tls.ca;
      if (scrape.authorization) scrape.authorization.credentials_file = sandbox.write("token", "token");
    }
    sandbox.write("rules.yml", data["rules.yml"]);
    sandbox.write("prometheus.yml", stringify(config, { aliasDuplicateObjects: false }));
  });

  after(async () => sandbox?.close());

  /** What the stack starts Prometheus with for its blocks. */
  const retention = (): string[] =>
    objects
      .flatMap(podTemplatesOf)
      .flatMap(({ spec }) => spec.containers as { name: string; args?: string[] }[])
      .flatMap(({ name, args = [] }) => (name === "prometheus" ? args : []))
      .filter((flag) => flag.startsWith("--storage.tsdb.retention"));

  it("is accepted by promtool", () => {
    const { status, stdout, stderr } = sandbox.run("promtool", ["check", "config", "--syntax-only", "prometheus.yml"]);
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: "" });
    expect(stdout).to.contain("SUCCESS");
    expect(sandbox.must("promtool", ["check", "rules", "rules.yml"])).to.match(/SUCCESS: \d{2} rules found/);
  });

  it("finds the pods that expose metrics, each once, and says which one a series is of", async function () {
    this.timeout(60_000);
    const port = await freePort();
    const prometheus = sandbox.start(requireProgram(this, "prometheus"), [
      ...["--config.file=prometheus.yml", "--storage.tsdb.path=data", `--web.listen-address=127.0.0.1:${port}`],
      ...retention(),
    ]);
    await ask(`http://127.0.0.1:${port}/-/ready`, prometheus.log);
    const flags = JSON.parse(await ask(`http://127.0.0.1:${port}/api/v1/status/flags`, prometheus.log)).data;
    // Blocks of 2, 6, 18 and 54 hours, and none of 162.
    expect(flags["storage.tsdb.max-block-duration"]).to.equal("6d");
    const found: ActiveTarget[] = [];
    // Discovery goes on after the start: the last job has its target when all have.
    for (
      let tries = 0;
      !["app", "alertmanager", "cloudwatch", "kubelet"].every((job) =>
        found.some(({ labels }) => labels.job === job),
      ) && tries < 200;
      tries++
    ) {
      const answer = await ask(`http://127.0.0.1:${port}/api/v1/targets?state=active`, prometheus.log);
      found.splice(0, found.length, ...JSON.parse(answer).data.activeTargets);
      await sleep(100);
    }
    const targets = found.map(({ scrapeUrl, labels: { instance: _, ...labels } }) => [
      decodeURIComponent(scrapeUrl),
      labels,
    ]);
    const pod = (job: string, namespace: string, name: string) => ({
      job,
      namespace,
      pod: `${name}-0`,
      node: "node-0",
    });
    const [primary, replica] = config.scrape_configs[3].static_configs.map(
      ({ targets: [target] }: { targets: string[] }) => target,
    );
    const nodes: string[] = config.scrape_configs[4].static_configs[0].targets;
    const kubelet = (path: string) => [
      `https://127.0.0.1:10250${path}`,
      { job: "kubelet", node: "node-0", metrics_path: path },
    ];
    expect(targets).to.have.deep.members([
      ["https://127.0.0.1:10444/metrics", pod("app", "app", "app")],
      ["http://127.0.0.1:9898/metrics", pod("worker", "app", "worker-default")],
      ["https://127.0.0.1:9127/metrics", pod("pgbouncer", "data", "pgbouncer")],
      [`http://127.0.0.1:9187/probe?auth_module=monitor&target=${primary}`, { job: "postgres", server: "primary" }],
      [`http://127.0.0.1:9187/probe?auth_module=monitor&target=${replica}`, { job: "postgres", server: "replica-0" }],
      ...nodes.map((node) => [`http://127.0.0.1:9121/scrape?target=${node}`, { job: "redis" }]),
      ["http://127.0.0.1:8080/metrics", { job: "kube-state-metrics" }],
      kubelet("/metrics/cadvisor"),
      kubelet("/metrics"),
      ["https://127.0.0.1:9100/metrics", pod("node", "observability", "node-exporter")],
      ["http://127.0.0.1:9090/metrics", { job: "prometheus" }],
      ["http://127.0.0.1:9093/metrics", { job: "alertmanager" }],
      ["http://127.0.0.1:5000/metrics", { job: "cloudwatch" }],
    ]);
  });
});

describe("exporters of the stores, with the monitor's rights", function () {
  this.timeout(60_000);
  let server: PooledServer | undefined;
  let valkey: Valkey | undefined;

  after(async () => {
    await server?.close();
    await valkey?.remove();
  });

  it("read the statistics of Postgres over TLS, and none of its data", async function () {
    const program = requireProgram(this, "prometheus-postgres-exporter");
    server = await PooledServer.start(requireBinaries(this));
    const { sandbox, ports, tls, passwords } = server;
    for (let run = 0; run < 2; run++) expect(server.bootstrap(undefined, true).status).to.equal(0);
    const as = (role: string, sql: string) => server?.ask(ports.server, role, "app", sql);
    expect(as("app", "CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)")?.status).to.equal(0);
    expect(as("monitor", "SELECT * FROM orders")?.stderr).to.contain("permission denied for table orders");
    // Debian's exporter asks one server only, which the environment names.
    const port = await freePort();
    const exporter = sandbox.start(program, [`--web.listen-address=127.0.0.1:${port}`], {
      DATA_SOURCE_USER: "monitor",
      DATA_SOURCE_PASS: passwords.monitor,
      DATA_SOURCE_URI: `localhost:${ports.server}/app?sslmode=verify-full&sslrootcert=${tls.ca}`,
    });
    const page = await ask(`http://127.0.0.1:${port}/metrics`, exporter.log);
    const metrics = parseMetrics(page);
    expect(metrics.get("pg_settings_max_connections")?.[0]?.value).to.equal(60);
    const expected = [
      "pg_stat_database_numbackends",
      "pg_stat_activity_count",
      "pg_stat_archiver_failed_count",
      "pg_database_size_bytes",
    ];
    expect(expected.filter((name) => !metrics.has(name))).to.deep.equal([]);
    // Nothing was archived yet, so its age has no number.
    expect(page).to.match(/^pg_stat_archiver_last_archive_age\{.*\} NaN$/m);
    expect(page).to.not.contain(passwords.monitor);
  });

  it("read the figures of a node of the cluster, with its password and a verified name", async function () {
    const program = requireProgram(this, "prometheus-redis-exporter");
    valkey = await Valkey.create(96);
    if (!valkey) return this.skip();
    await valkey.start();
    const sandbox = new Sandbox();
    try {
      const port = await freePort();
      const ca = sandbox.write("ca.crt", execFileSync("cat", [join(valkey.folder, "ca.crt")], { encoding: "utf8" }));
      const exporter = sandbox.start(
        program,
        [`--web.listen-address=127.0.0.1:${port}`, "--config-command=-", `--tls-ca-cert-file=${ca}`],
        { REDIS_PASSWORD: password },
      );
      const figures = async (name: string) =>
        parseMetrics(
          await ask(`http://127.0.0.1:${port}/scrape?target=rediss://${name}:${valkey?.port}`, exporter.log),
        );
      const metrics = await figures("localhost");
      expect(metrics.get("redis_up")?.[0]?.value).to.equal(1);
      expect([...metrics.keys()]).to.include.members([
        "redis_memory_used_bytes",
        "redis_memory_max_bytes",
        "redis_connected_clients",
        "redis_keyspace_hits_total",
        "redis_cluster_enabled",
      ]);
      // The certificate names no address.
      expect((await figures("127.0.0.1")).get("redis_up")?.[0]?.value).to.equal(0);
      expect(host).to.equal("redis.data.svc.cluster.local");
    } finally {
      await sandbox.close();
    }
  });
});
