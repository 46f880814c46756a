import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { renderAlertmanager, renderRules } from "../../../../components/observability/alerts/render";
import type { Job } from "../../../../components/observability/jobs";
import { alertmanagerFlags } from "../../../../components/observability/mail";
import { alertingTo } from "../../../../components/observability/prometheus/config";
import { until } from "../../../long/support/instance";
import { freePort, stopped } from "../../../long/support/postgres";
import { askedJobs, exporterCommands, type StoreExporter } from "../../support/exporters";
import type { Product } from "../../workload/support/product";
import { hastenedRoutes, hastenedRules } from "./hastened";
import { type Mail, MailServer } from "./mail-server";

/** What this suite scrapes. */
export const watchedJobs = [
  "app",
  "pgbouncer",
  "postgres",
  "redis",
  "prometheus",
  "alertmanager",
] as const satisfies Job[];

const scrapeSeconds = 2;
const day = 24 * 60 * 60 * 1000;
/** Who gets the mails. */
export const recipient = "ops@example.com";
/** At the mail server. */
export const login = { user: "alerts", password: "mail-password" };

type Ports = Record<"prometheus" | "alertmanager" | StoreExporter, number>;

/** Exporters, Prometheus and Alertmanager around a product, with the rules and the configuration that a stack renders. */
export class Watch {
  private readonly folder = mkdtempSync(join(tmpdir(), "tierstack-watch-"));
  private readonly processes = new Map<string, { process: ChildProcess; log: () => string }>();
  private certificatesExpire = new Date(Date.now() + 365 * day);

  private constructor(
    private readonly product: Product,
    private appPort: number,
    readonly ports: Ports,
    readonly mail: MailServer,
  ) {}

  /** Starts everything. Another process may take a port that was free a moment ago: then all of it on other ports. */
  static async start(product: Product, appPort: number): Promise<Watch> {
    for (let attempt = 1; ; attempt++) {
      const mail = await MailServer.listen();
      const ports = {} as Ports;
      for (const name of ["prometheus", "alertmanager", "pgbouncer", "postgres", "redis"] as const)
        ports[name] = await freePort();
      const watch = new Watch(product, appPort, ports, mail);
      try {
        await watch.startAll();
        return watch;
      } catch (error) {
        // What still runs would keep the suite from its end.
        await watch.close();
        if (attempt === 3) throw error;
      }
    }
  }

  private async startAll(): Promise<void> {
    this.startExporters();
    this.startAlertmanager();
    this.configure();
    this.run("prometheus", "prometheus", [
      `--config.file=${join(this.folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(this.folder, "metrics")}`,
      `--web.listen-address=127.0.0.1:${this.ports.prometheus}`,
      "--web.enable-lifecycle",
      // A resolved alert is told again at once.
      "--rules.alert.resend-delay=2s",
    ]);
    for (const [name, path] of [
      ["prometheus", "/-/ready"],
      ["alertmanager", "/-/ready"],
      ["pgbouncer", "/"],
      ["postgres", "/"],
      ["redis", "/"],
    ] as const)
      await this.answers(`${this.url(name)}${path}`, name);
  }

  private write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  private run(name: string, program: string, args: string[], env: Record<string, string> = {}): void {
    const process_ = spawn(program, args, { env: { PATH: process.env.PATH, ...env } });
    let log = "";
    for (const stream of [process_.stdout, process_.stderr]) stream.on("data", (text) => (log += String(text)));
    this.processes.set(name, { process: process_, log: () => log });
  }

  url = (name: keyof Ports) => `http://127.0.0.1:${this.ports[name]}`;

  private answers(url: string, name: string): Promise<void> {
    const running = this.processes.get(name);
    const log = () => `${name} does not answer:\n${running?.log()}`;
    const ready = async () => {
      if (running?.process.exitCode !== null) throw new Error(log());
      return (await fetch(url).catch(() => undefined))?.status === 200;
    };
    return until(ready, log, 60);
  }

  private startExporters(): void {
    for (const [name, { program, args, env }] of Object.entries(exporterCommands(this.product, this.ports)))
      this.run(name, program, args, env);
  }

  startAlertmanager(): void {
    const mail = {
      to: recipient,
      from: "alerts@example.com",
      smarthost: `localhost:${this.mail.port}`,
      user: login.user,
      passwordFile: this.write("smtp-password", login.password),
      requireTls: false,
    };
    const file = this.write("alertmanager.yml", hastenedRoutes(renderAlertmanager({ mail })));
    const flags = alertmanagerFlags({
      config: file,
      storage: join(this.folder, "alertmanager"),
      listen: `127.0.0.1:${this.ports.alertmanager}`,
    });
    this.run("alertmanager", "prometheus-alertmanager", flags);
  }

  /** Ends Alertmanager. */
  async stopAlertmanager(): Promise<void> {
    const running = this.processes.get("alertmanager");
    if (running) await stopped(running.process, "SIGKILL");
  }

  /** Writes the rules and the scrape configuration. */
  private configure(more: object = {}): void {
    const rules = renderRules({ jobs: watchedJobs, certificatesExpire: this.certificatesExpire.toISOString() });
    this.write("alerts.yml", hastenedRules(rules));
    const own = (job_name: string, port: number, labels: Record<string, string> = {}) => ({
      job_name,
      static_configs: [{ targets: [`127.0.0.1:${port}`], labels }],
    });
    const scrape_configs = [
      own("app", this.appPort, { namespace: "app", pod: "app-1" }),
      own("pgbouncer", this.ports.pgbouncer, { namespace: "data", pod: "pgbouncer-1" }),
      ...askedJobs(this.product, this.ports),
      own("prometheus", this.ports.prometheus),
      own("alertmanager", this.ports.alertmanager),
    ];
    const interval = `${scrapeSeconds}s`;
    this.write(
      "prometheus.yml",
      stringify(
        {
          global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
          rule_files: ["alerts.yml"],
          alerting: alertingTo(`127.0.0.1:${this.ports.alertmanager}`),
          scrape_configs,
          ...more,
        },
        { aliasDuplicateObjects: false },
      ),
    );
  }

  /** Lets Prometheus read its configuration again. Returns whether it took it. */
  async reload(more: object = {}): Promise<boolean> {
    this.configure(more);
    return (await fetch(`${this.url("prometheus")}/-/reload`, { method: "POST" })).ok;
  }

  /** Scrapes the application on another port from now on. */
  async scrapeApp(port: number): Promise<void> {
    this.appPort = port;
    await this.reload();
  }

  /** Renders the rules for certificates that expire in so many days, and loads them. */
  async certificatesExpireIn(days: number): Promise<void> {
    this.certificatesExpire = new Date(Date.now() + days * day);
    await this.reload();
  }

  /** The value of the first series of a query; undefined where there is none. */
  async ask(query: string): Promise<number | undefined> {
    const url = `${this.url("prometheus")}/api/v1/query?query=${encodeURIComponent(query)}`;
    const { data } = (await (await fetch(url)).json()) as { data: { result: { value: [number, string] }[] } };
    const value = data.result[0]?.value[1];
    return value === undefined ? undefined : Number(value);
  }

  /** Names of all series that a job has now. */
  async names(job: Job): Promise<string[]> {
    const match = encodeURIComponent(`{job="${job}"}`);
    const url = `${this.url("prometheus")}/api/v1/label/__name__/values?match[]=${match}`;
    return ((await (await fetch(url)).json()) as { data: string[] }).data;
  }

  /**
   * Waits for a mail that tells an alert's state, among those after the first so many.
   * @param summary  what its text matches, without line ends: the same alert may be about something else @default any
   */
  async mailOf(alert: string, state: "firing" | "resolved", after = 0, summary = /^/): Promise<Mail> {
    const line = `${alert}, ${state}:`;
    const find = () =>
      this.mail.mails.slice(after).find(({ text }) => text.includes(line) && summary.test(text.replace(/\r?\n/g, " ")));
    const got = () =>
      `${line} ${summary} among ${
        this.mail.mails
          .slice(after)
          .map(({ subject }) => subject)
          .join("; ") || "no mail"
      }`;
    await until(() => find() !== undefined, got, 90);
    return find() as Mail;
  }

  async close(): Promise<void> {
    await Promise.all([...this.processes.values()].map(({ process }) => stopped(process, "SIGKILL")));
    this.mail.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
