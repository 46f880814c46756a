import { type ChildProcess, spawn } from "node:child_process";
import { waitingList } from "../../../../components/workers/scaling";
import { CloudWatchExporter, cloudwatchOf } from "../../../long/support/cloudwatch-exporter";
import { freePort, stopped } from "../../../long/support/postgres";
import { askedJobs, exporterCommands, type StoreExporter } from "../../support/exporters";
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

/** A product under load with its exporters and Prometheus, the stand-ins of what cannot run here among them. */
export class Observed {
  private readonly exporters: ChildProcess[] = [];
  private readonly standIns = new StandIns();
  private readonly provider = new Provider();
  private worker!: WorkloadProcess;
  private cloudwatch!: CloudWatchExporter;
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
    const ports = await this.startExporters();
    this.cloudwatch = await CloudWatchExporter.start(
      product.server.sandbox.path("cloudwatch"),
      await cloudwatchOf("growth"),
    );
    const honor = { honor_labels: true };
    this.prometheus = await Prometheus.start(product.server.sandbox.path("prometheus"), [
      scraped("app", { port: app.port, labels: podLabels("app", "app-0") }),
      scraped("worker", { port: this.worker.port, labels: podLabels("app", "worker-default-0") }),
      scraped("pgbouncer", { port: ports.pgbouncer, labels: podLabels("data", "pgbouncer-0") }),
      ...askedJobs(product, ports),
      scraped("kube-state-metrics", { port: standIns, path: "/kube-state-metrics" }, honor),
      scraped("kubelet", { port: standIns, path: "/kubelet", labels: { node: "node-0" } }, honor),
      scraped("cloudwatch", { port: this.cloudwatch.port }),
      scraped("node", { port: standIns, path: "/node", labels: podLabels("observability", "node-exporter-0") }),
    ]);
    this.traffic = new Traffic(app);
    await this.traffic.start();
  }

  private async startExporters(): Promise<Record<StoreExporter, number>> {
    const ports = { pgbouncer: await freePort(), postgres: await freePort(), redis: await freePort() };
    for (const { program, args, env } of Object.values(exporterCommands(this.product, ports)))
      this.exporters.push(spawn(program, args, { env: { PATH: process.env.PATH, ...env }, stdio: "ignore" }));
    return ports;
  }

  async close(): Promise<void> {
    await this.traffic?.stop();
    await this.prometheus?.close();
    await Promise.all([
      ...this.exporters.map((child) => stopped(child, "SIGKILL")),
      this.worker?.kill(),
      this.cloudwatch?.close(),
    ]);
    this.standIns.close();
    this.provider.close();
    await this.product.close();
  }
}
