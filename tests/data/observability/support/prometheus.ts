import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { until } from "../../../long/support/instance";
import { freePort, stopped } from "../../../long/support/postgres";

const programs = ["prometheus", "prometheus-alertmanager"] as const;

/** Those of Debian's packages that are missing. */
export const missingPrograms = (): string[] =>
  programs.filter((program) => spawnSync(program, ["--version"]).error !== undefined);

/** A time series of an answer: its labels, and its values by the time in seconds. */
export interface Series {
  metric: Record<string, string>;
  values: [time: number, value: string][];
}

interface Answer<Data> {
  status: "success" | "error";
  error?: string;
  data: Data;
}

/** Seconds between two scrapes. */
const scrapeSeconds = 2;

/** Prometheus and Alertmanager, as processes. */
export class Prometheus {
  private readonly processes: ChildProcess[] = [];
  private log = "";

  private constructor(
    readonly port: number,
    readonly alertmanager: number,
  ) {}

  /**
   * Starts both in a folder.
   * @param scrapeConfigs  with the ports of both; they need none for themselves
   */
  static async start(folder: string, scrapeConfigs: object[]): Promise<Prometheus> {
    const own = new Prometheus(await freePort(), await freePort());
    const receiver = { route: { receiver: "nobody" }, receivers: [{ name: "nobody" }] };
    const config = {
      global: { scrape_interval: `${scrapeSeconds}s`, scrape_timeout: `${scrapeSeconds}s` },
      scrape_configs: [
        ...scrapeConfigs,
        { job_name: "prometheus", static_configs: [{ targets: [`127.0.0.1:${own.port}`] }] },
        { job_name: "alertmanager", static_configs: [{ targets: [`127.0.0.1:${own.alertmanager}`] }] },
      ],
    };
    mkdirSync(folder, { recursive: true });
    const [prometheusFile, alertmanagerFile] = ["prometheus.yml", "alertmanager.yml"].map((name) => join(folder, name));
    writeFileSync(prometheusFile as string, stringify(config, { aliasDuplicateObjects: false }));
    writeFileSync(alertmanagerFile as string, stringify(receiver));
    own.launch("prometheus-alertmanager", [
      `--config.file=${alertmanagerFile}`,
      `--storage.path=${join(folder, "alertmanager")}`,
      `--web.listen-address=127.0.0.1:${own.alertmanager}`,
      "--cluster.listen-address=",
    ]);
    own.launch("prometheus", [
      `--config.file=${prometheusFile}`,
      `--storage.tsdb.path=${join(folder, "tsdb")}`,
      `--web.listen-address=127.0.0.1:${own.port}`,
      "--log.level=warn",
    ]);
    for (const port of [own.port, own.alertmanager])
      await until(
        () =>
          fetch(`http://127.0.0.1:${port}/-/ready`).then(
            ({ ok }) => ok,
            () => false,
          ),
        () => own.log,
        30,
      );
    return own;
  }

  private launch(program: (typeof programs)[number], args: string[]): void {
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
    child.stderr.on("data", (text) => (this.log += String(text)));
    this.processes.push(child);
  }

  private async ask<Data>(path: string, parameters: Record<string, string>): Promise<Data> {
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const { status, error, data } = (await response.json()) as Answer<Data>;
    if (status !== "success") throw new Error(`${parameters.query ?? path}: ${error}`);
    return data;
  }

  /** The values of a query at a time, in seconds. Throws where Prometheus cannot parse it. */
  async now(query: string, time: number): Promise<Series[]> {
    const { result } = await this.ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
      "query",
      {
        query,
        time: String(time),
      },
    );
    return result.map(({ metric, value }) => ({ metric, values: [value] }));
  }

  /** The values of a query between two times, one for each scrape. */
  async between(query: string, start: number, end: number): Promise<Series[]> {
    const parameters = { query, start: String(start), end: String(end), step: String(scrapeSeconds) };
    return (await this.ask<{ result: Series[] }>("query_range", parameters)).result;
  }

  /** The values of a label of series. */
  labelValues(series: string, label: string): Promise<string[]> {
    return this.ask<string[]>(`label/${label}/values`, { "match[]": series });
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((child) => stopped(child, "SIGKILL")));
  }
}
