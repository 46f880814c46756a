/**
 * The heartbeat of a URL: the Alertmanager that the stack deploys, with the configuration and the rules that it renders,
 * posts to a server with TLS while mails can be sent, and only then. Debian's Prometheus evaluates the rules.
 */
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { renderAlertmanager, renderRules } from "../../../components/observability/alerts/render";
import { alertmanagerFlags } from "../../../components/observability/mail";
import { alertingTo } from "../../../components/observability/prometheus/config";
import { versionOf } from "../../long/alerts/promtool";
import { type Process, until } from "../../long/support/instance";
import { certificates, freePort, Sandbox } from "../../long/support/postgres";
import { exporter, goIsThere } from "../../support/exporters";
import { hastenedRoutes, hastenedRules } from "./support/hastened";
import { Listener } from "./support/listener";
import { MailServer } from "./support/mail-server";

const scrapeSeconds = 2;
const path = "/ping/4711-secret";
const watchdog = "Watchdog";

interface Alert {
  status: { state: string };
}

describe("heartbeat of a URL", function () {
  this.timeout(180_000);
  let sandbox: Sandbox;
  let listener: Listener;
  let mail: MailServer;
  let alertmanager: Process;
  let url: string;

  before(async function () {
    this.timeout(600_000);
    if (!versionOf("prometheus")) {
      console.log("    skipped: Prometheus is not installed (Debian: prometheus)");
      return this.skip();
    }
    if (!goIsThere()) {
      console.log("    skipped: Go is not installed, which builds Alertmanager");
      return this.skip();
    }
    const program = exporter("alertmanager");
    sandbox = new Sandbox();
    const tls = certificates(sandbox, "openssl");
    listener = await Listener.listen(tls);
    mail = await MailServer.listen();
    const [prometheusPort, port] = [await freePort(), await freePort()];
    url = `http://127.0.0.1:${port}`;
    const config = renderAlertmanager({
      mail: {
        to: "ops@example.com",
        from: "alerts@example.com",
        smarthost: `localhost:${mail.port}`,
        requireTls: false,
      },
      // A file ends with a line break, or not.
      heartbeat: { urlFile: sandbox.write("heartbeat-url", `https://localhost:${listener.port}${path}\n`) },
    });
    alertmanager = sandbox.start(
      program,
      alertmanagerFlags({
        config: sandbox.write("alertmanager.yml", hastenedRoutes(config)),
        storage: sandbox.path("alertmanager"),
        listen: `127.0.0.1:${port}`,
      }),
      { SSL_CERT_FILE: tls.ca },
    );
    startPrometheus(prometheusPort, port);
    await until(
      () => listener.beats.length > 0,
      () => `no heartbeat:\n${alertmanager.log()}`,
      60,
    );
  });

  after(async () => {
    await sandbox?.close();
    listener?.close();
    mail?.close();
  });

  function startPrometheus(own: number, alertmanagerPort: number): void {
    const rules = renderRules({ jobs: ["prometheus", "alertmanager"] });
    sandbox.write("alerts.yml", hastenedRules(rules));
    const interval = `${scrapeSeconds}s`;
    const scraped = (job_name: string, port: number) => ({
      job_name,
      static_configs: [{ targets: [`127.0.0.1:${port}`] }],
    });
    const config = stringify({
      global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
      rule_files: ["alerts.yml"],
      alerting: alertingTo(`127.0.0.1:${alertmanagerPort}`),
      scrape_configs: [scraped("prometheus", own), scraped("alertmanager", alertmanagerPort)],
    });
    sandbox.start("prometheus", [
      `--config.file=${sandbox.write("prometheus.yml", config)}`,
      `--storage.tsdb.path=${join(sandbox.folder, "metrics")}`,
      `--web.listen-address=127.0.0.1:${own}`,
      "--rules.alert.resend-delay=2s",
    ]);
  }

  /** The state of the alert that beats. */
  async function stateOf(alert: string): Promise<string | undefined> {
    const answer = await fetch(`${url}/api/v2/alerts?filter=alertname%3D${alert}`);
    return ((await answer.json()) as Alert[])[0]?.status.state;
  }

  const becomes = (alert: string, state: string) =>
    until(
      async () => (await stateOf(alert)) === state,
      () => `${alert} is not ${state}:\n${alertmanager.log()}`,
      90,
    );

  /** Waits until Alertmanager has held back so many notifications more, as it does for each heartbeat that is hidden. */
  async function heldBack(more: number): Promise<void> {
    const held = async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      return Number(
        /^alertmanager_notifications_suppressed_total\{reason="inhibition"\} (\d+)/m.exec(metrics)?.[1] ?? 0,
      );
    };
    const first = await held();
    await until(
      async () => (await held()) >= first + more,
      () => "no heartbeat is held back",
      90,
    );
  }

  const more = (than: number) =>
    until(
      () => listener.beats.length > than,
      () => `no heartbeat after ${than}:\n${alertmanager.log()}`,
      90,
    );

  it("is posted again and again, to the URL of the file", async () => {
    await more(2);
    for (const { method, path: at, body } of listener.beats) {
      expect([method, at]).to.deep.equal(["POST", path]);
      const { status, alerts } = JSON.parse(body);
      expect([status, alerts.length, alerts[0].labels.alertname]).to.deep.equal(["firing", 1, watchdog]);
    }
  });

  it("stops when mails cannot be sent, and goes on once they can", async () => {
    mail.close();
    const startsAt = new Date().toISOString();
    await fetch(`${url}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([
        {
          labels: { alertname: "Trial", severity: "critical", service: "monitoring" },
          annotations: { summary: "trial", runbook: "none" },
          startsAt,
        },
      ]),
    });
    await becomes(watchdog, "suppressed");
    // One may have been on its way.
    await heldBack(1);
    const before = listener.beats.length;
    await heldBack(3);
    expect(listener.beats).to.have.length(before);
    mail = await MailServer.listen(mail.port);
    await becomes(watchdog, "active");
    await more(before);
  });

  it("that is refused is mailed about, and is sent all the same", async () => {
    listener.status = 404;
    const mailed = () => mail.mails.find(({ text }) => text.includes("HeartbeatFails, firing:"));
    await until(
      () => mailed() !== undefined,
      () => `no mail:\n${alertmanager.log()}`,
      120,
    );
    expect(mailed()?.subject).to.match(/^warning: \d+ heartbeats by webhook failed within 15 minutes$/);
    expect([...mail.greetings]).to.deep.equal(["example.com"]);
    expect(await stateOf(watchdog)).to.equal("active");
    await more(listener.beats.length);
    listener.status = 200;
  });

  it("shows no part of the URL in the log, and none in the API", async () => {
    const path = "4711-secret";
    listener.close();
    await until(
      () => alertmanager.log().includes("connection refused"),
      () => alertmanager.log(),
      60,
    );
    expect(alertmanager.log()).to.not.contain(path);
    expect(await (await fetch(`${url}/api/v2/status`)).text())
      .to.contain("url_file")
      .and.not.contain(path);
  });
});
