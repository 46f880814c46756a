import { expect } from "chai";
import { helpOf } from "../../../components/observability/alerts/help";
import { runbookOf } from "../../../components/observability/alerts/render";
import type { AlertRule } from "../../../components/observability/alerts/rule";
import { rulesOf } from "../../../components/observability/alerts/rules";
import { jobs } from "../../../components/observability/jobs";
import { cases } from "./cases";
import type { Case } from "./cases/case";
import { expires } from "./cases/monitoring";
import { ahead, neverVerified, unseen } from "./cases/restores";
import { type Expectation, promtool, versionOf } from "./promtool";

const rules = rulesOf({ jobs, certificatesExpire: expires, restorable: "cluster" });
const own = rules.filter(({ name }) => name !== "Watchdog" && !name.startsWith("Certificate"));

const minutesOf = (duration = "0m") => Number.parseInt(duration, 10) * (duration.endsWith("h") ? 60 : 1);

const helpFor = (rule: AlertRule): Record<string, string> => {
  const help = helpOf(rule, "");
  return help === undefined ? {} : { help };
};

const alertOf = (rule: AlertRule, labels: Record<string, string>, summary: string) => ({
  labels: { ...labels, severity: rule.severity, service: rule.service },
  annotations: { summary, runbook: runbookOf(rule), ...helpFor(rule) },
});

/** Fires at its minute, and not before its `for` is over. */
function firing(rule: AlertRule, { at = 60, labels, summary, early }: Case): Expectation[] {
  const wait = minutesOf(rule.for);
  const before = wait > 0 && !early ? [{ alertname: rule.name, at: wait - 1, alerts: [] }] : [];
  return [...before, { alertname: rule.name, at, alerts: [alertOf(rule, labels, summary)] }];
}

const silence = ({ name }: AlertRule, { at = 60 }: Case): Expectation[] =>
  [at / 2, at].map((minute) => ({ alertname: name, at: Math.floor(minute), alerts: [] }));

describe("alerts, each in promtool", () => {
  before(function () {
    const version = versionOf("promtool");
    if (!version) {
      console.log("    skipped: promtool is not installed (Debian's package prometheus)");
      this.skip();
    }
    console.log(`    promtool ${version}`);
  });

  it("have a case each", () => {
    expect(own.map(({ name }) => name)).to.have.members(Object.keys(cases));
  });

  for (const rule of own)
    it(`${rule.name} fires, and stays silent`, () => {
      const one = cases[rule.name] as Case;
      expect(one.silent).to.have.length.above(0);
      const groups = [
        { name: "fires", series: one.fires, expected: firing(rule, one) },
        ...one.silent.map((change, index) => ({
          name: `silent ${index}`,
          series: { ...one.fires, ...change },
          expected: silence(rule, one),
        })),
      ];
      expect(promtool(groups, { only: [rule.name] })).to.equal("");
    });

  it("RestoreUnverified fires of a stack that has never verified one, or in the future, too", () => {
    const rule = rules.find(({ name }) => name === "RestoreUnverified") as AlertRule;
    const alert = alertOf(rule, {}, "No restore of a backup has been verified for 8.2 days (limit 8 days)");
    const expected = [{ alertname: rule.name, at: 61, alerts: [alert] }];
    const groups = Object.entries({ neverVerified, ahead }).map(([name, series]) => ({ name, series, expected }));
    expect(promtool(groups, { only: [rule.name] })).to.equal("");
  });

  it("RestoreUnverified goes on firing while its series are missing", () => {
    const rule = rules.find(({ name }) => name === "RestoreUnverified") as AlertRule;
    const alert = alertOf(rule, {}, "No restore of a backup has been verified for 8.2 days (limit 8 days)");
    const expected = [69, 78, 90].map((at) => ({ alertname: rule.name, at, alerts: [alert] }));
    expect(promtool([{ name: "away", series: unseen, expected }], { only: [rule.name] })).to.equal("");
  });

  it("of the certificates fire by the days that are left, and not before", () => {
    const certificates = ["CertificateExpires", "CertificateAlmostExpired"];
    const named = (name: string) => rules.find((rule) => rule.name === name) as AlertRule;
    const day = 24 * 60;
    const expected = (name: string, atDay: number, days?: string): Expectation => {
      const summary = `A certificate of the product's own authority expires in ${days} days`;
      return { alertname: name, at: atDay * day, alerts: days ? [alertOf(named(name), {}, summary)] : [] };
    };
    const warned = [
      expected("CertificateExpires", 0.5, "7.0"),
      expected("CertificateAlmostExpired", 0.5),
      expected("CertificateAlmostExpired", 1, "6.5"),
    ];
    expect(
      promtool([{ name: "near", series: {}, expected: warned }], { only: certificates, certificatesExpire: expires }),
    ).to.equal("");
    const quiet = certificates.map((name) => expected(name, 1));
    const far = new Date(32 * day * 60_000).toISOString();
    expect(
      promtool([{ name: "far", series: {}, expected: quiet }], { only: certificates, certificatesExpire: far }),
    ).to.equal("");
  });

  it("Watchdog always fires", () => {
    const watchdog = rules.find(({ name }) => name === "Watchdog") as AlertRule;
    const expected = [0, 60].map((at) => ({
      alertname: "Watchdog",
      at,
      alerts: [alertOf(watchdog, {}, watchdog.summary)],
    }));
    expect(promtool([{ name: "always", series: {}, expected }], { only: ["Watchdog"] })).to.equal("");
  });
});
