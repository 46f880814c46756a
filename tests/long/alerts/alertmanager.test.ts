/** amtool, at the version that the stack deploys, on the configuration that the stack renders: whether Alertmanager takes it, and where each alert goes. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { AlertmanagerArgs } from "../../../components/observability/alerts/alertmanager";
import { renderAlertmanager } from "../../../components/observability/alerts/render";
import { rulesOf } from "../../../components/observability/alerts/rules";
import { jobs } from "../../../components/observability/jobs";
import { exporter, goIsThere } from "../../support/exporters";

const mail = { to: "ops@example.com", from: "alerts@example.com", smarthost: "mail.example.com:587" };
const heartbeat = { topicArn: "arn:aws:sns:us-east-1:123456789012:heartbeat", region: "us-east-1" };

let program: string;

function amtool(args: AlertmanagerArgs, ...words: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "tierstack-alertmanager-"));
  try {
    const file = join(folder, "alertmanager.yml");
    writeFileSync(file, renderAlertmanager(args));
    const given = words.map((word) => word.replace("FILE", file));
    const { status, stdout, stderr } = spawnSync(program, given, { encoding: "utf8" });
    return { status, said: stdout.trim(), stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("configuration of Alertmanager, in amtool", () => {
  before(function () {
    this.timeout(600_000);
    if (!goIsThere()) {
      console.log("    skipped: Go is not installed, which builds amtool");
      this.skip();
    }
    program = exporter("amtool");
  });

  const variants: Record<string, AlertmanagerArgs> = {
    "a server without a login": { mail: { ...mail, requireTls: false } },
    "a login": { mail: { ...mail, user: "alerts", passwordFile: "/etc/alertmanager/password" } },
    "a heartbeat": { mail, heartbeat },
    "a heartbeat of a URL": { mail, heartbeat: { urlFile: "/etc/alertmanager/heartbeat-url" } },
  };
  for (const [what, args] of Object.entries(variants))
    it(`is taken with ${what}`, () => {
      const { status, said, stderr } = amtool(args, "check-config", "FILE");
      expect(status, stderr).to.equal(0);
      expect(said).to.include("SUCCESS");
    });

  it("routes each alert by its severity, and the watchdog to the heartbeat", () => {
    const route = (args: AlertmanagerArgs, ...labels: string[]) =>
      amtool(args, "config", "routes", "test", "--config.file=FILE", ...labels).said;
    // One of each pair: amtool is started for each.
    const seen = new Map(rulesOf({ jobs }).map((rule) => [`${rule.severity} ${rule.service}`, rule]));
    for (const { name, severity, service } of seen.values()) {
      const receiver = name === "Watchdog" ? "heartbeat" : severity === "none" ? "nobody" : "mail";
      const labels = [`alertname=${name}`, `severity=${severity}`, `service=${service}`];
      expect(route({ mail, heartbeat }, ...labels), name).to.equal(receiver);
    }
    const watchdog = ["alertname=Watchdog", "severity=none", "service=monitoring"];
    expect(route({ mail, heartbeat }, ...watchdog)).to.equal("heartbeat");
    expect(route({ mail }, ...watchdog)).to.equal("nobody");
  });
});
