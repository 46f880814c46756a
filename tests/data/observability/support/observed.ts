import { type ChildProcess, spawn } from "node:child_process";
import { stringify } from "yaml";
import { identifiers } from "../../../../components/postgres/common/settings";
import { statsUser } from "../../../../components/postgres/pgbouncer/ini";
import { waitingList } from "../../../../components/workers/scaling";
import { freePort, replicaHost, stopped } from "../../../long/support/postgres";
import { password as redisPassword } from "../../../long/support/valkey";
import { exporter } from "../../../support/exporters";
import { WorkloadProcess } from "../../support/workload";
import { Product } from "../../workload/support/product";
import { Prometheus } from "./prometheus";
import { StandIns } from "./stand-ins";
import { Provider, Traffic } from "./traffic";

const queue = "default";

/** Labels as the stack's Prometheus sets them on the series of pods. */
const podLabels = (namespace: string, pod: string) => ({ namespace, pod, node: "node-0" });

interface Target {
  port: number;
  path?: string;
  labels?: Record<string, string>;
}

const scraped = (job_name: string, { port, path = "/metrics", labels = {} }: Target, more: object = {}) => ({
  job_name,
  metrics_path: path,
  static_configs: [{ targets: [`127.0.0.1:${port}`], labels }],
  ...more,
});

/** A job whose exporter gets its targets as a parameter, as in the stack. */
const asked = (job_name: string, port: number, metrics_path: string, targets: string[], more: object = {}) => ({
  job_name,
  metrics_path,
  static_configs: [{ targets }],
  relabel_configs: [
    { source_labels: ["__address__"], target_label: "__param_target" },
    { source_labels: ["__address__"], target_label: "instance" },
    { target_label: "__address__", replacement: `127.0.0.1:${port}` },
  ],
  ...more,
});

/** A product under load with its exporters and Prometheus, the stand-ins of what cannot run here among them. */
export class Observed {
  private readonly exporters: ChildProcess[] = [];
  private readonly standIns = new StandIns();
  private readonly provider = new Provider();
  private worker!: WorkloadProcess;
  traffic!: Traffic;
  prometheus!: Prometheus;

  private constructor(private readonly product: Product) {}

  static async start(suite: Mocha.Context): Promise<Observed> {
    const observed = new Observed(await Product.start(suite));
    await observed.startAll();
    return observed;
  }

  private async startAll(): Promise<void> {
    const { product } = this;
    await product.seed();
    const PROVIDER_URL = await this.provider.start();
    const app = await product.startApp({ PROVIDER_URL });
    this.worker = await WorkloadProcess.start("worker.ts", {
      ...product.environment,
      PROVIDER_URL,
      WORKER_QUEUE: queue,
      WORKER_CONCURRENCY: "1",
      WORKER_LIST: waitingList({ name: queue }),
    });
    await this.worker.ready();
    const standIns = await this.standIns.start();
    const honor = { honor_labels: true };
    this.prometheus = await Prometheus.start(product.server.sandbox.path("prometheus"), [
      scraped("app", { port: app.port, labels: podLabels("app", "app-0") }),
      scraped("worker", { port: this.worker.port, labels: podLabels("app", "worker-default-0") }),
      scraped("pgbouncer", { port: await this.pgbouncer(), labels: podLabels("data", "pgbouncer-0") }),
      await this.postgres(),
      await this.redis(),
      scraped("kube-state-metrics", { port: standIns, path: "/kube-state-metrics" }, honor),
      scraped("kubelet", { port: standIns, path: "/kubelet", labels: { node: "node-0" } }, honor),
    ]);
    this.traffic = new Traffic(app);
    await this.traffic.start();
  }

  private async launch(
    name: Parameters<typeof exporter>[0],
    args: (port: number) => string[],
    env: NodeJS.ProcessEnv = {},
  ) {
    const port = await freePort();
    const child = spawn(exporter(name), args(port), { env: { PATH: process.env.PATH, ...env }, stdio: "ignore" });
    this.exporters.push(child);
    return port;
  }

  private pgbouncer(): Promise<number> {
    const { passwords, ports, tls } = this.product.server;
    const query = new URLSearchParams({ sslmode: "verify-full", sslrootcert: tls.ca });
    const url = `postgres://${statsUser}:${passwords.stats}@localhost:${ports.pooler}/pgbouncer?${query}`;
    return this.launch("pgbouncer_exporter", (port) => [
      `--pgBouncer.connectionString=${url}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
  }

  private async postgres(): Promise<object> {
    const { passwords, ports, tls, sandbox } = this.product.server;
    const login = {
      type: "userpass",
      userpass: { username: "postgres", password: passwords.postgres },
      options: { sslmode: "verify-full", sslrootcert: tls.ca },
    };
    const file = sandbox.write("postgres_exporter.yml", stringify({ auth_modules: { monitor: login } }));
    const port = await this.launch("postgres_exporter", (own) => [
      `--config.file=${file}`,
      `--web.listen-address=127.0.0.1:${own}`,
      "--collector.stat_statements",
      "--collector.long_running_transactions",
    ]);
    const targets = ["localhost", replicaHost].map((host) => `${host}:${ports.server}/${identifiers.database}`);
    return asked("postgres", port, "/probe", targets, { params: { auth_module: ["monitor"] } });
  }

  private async redis(): Promise<object> {
    const { redis } = this.product;
    const port = await this.launch(
      "redis_exporter",
      (own) => [`--web.listen-address=127.0.0.1:${own}`, "--config-command=-", `--tls-ca-cert-file=${redis.caFile}`],
      { REDIS_PASSWORD: redisPassword },
    );
    const { host } = new URL(redis.url.replace("rediss:", "https:"));
    return asked("redis", port, "/scrape", [`rediss://${host}`]);
  }

  async close(): Promise<void> {
    await this.traffic?.stop();
    await this.prometheus?.close();
    await Promise.all([...this.exporters.map((child) => stopped(child, "SIGKILL")), this.worker?.kill()]);
    this.standIns.close();
    this.provider.close();
    await this.product.close();
  }
}
