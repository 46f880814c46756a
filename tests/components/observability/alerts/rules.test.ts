import { expect } from "chai";
import { jobsOf, metricsOf } from "../../../../components/observability/alerts/rule";
import { rulesOf } from "../../../../components/observability/alerts/rules";
import { inventory } from "../../../../components/observability/inventory";
import { type Job, jobs } from "../../../../components/observability/jobs";
import { applicationMetrics } from "../../../../scripts/tables/application-metrics";

const rules = rulesOf({ jobs, certificatesExpire: "2029-01-01T00:00:00Z", restorable: "cluster" });
const named = (name: string) => rules.find((rule) => rule.name === name);

/** Every name that a job's series may have. `up` is Prometheus' own. */
const application = new Set(applicationMetrics().flatMap(({ series }) => series));
const exported = (job: Job): Set<string> =>
  new Set(["up", ...(job in inventory ? inventory[job as keyof typeof inventory].metrics : application)]);

describe("alert rules", () => {
  it("have names of their own", () => {
    const names = rules.map(({ name }) => name.toLowerCase());
    expect(names).to.deep.equal([...new Set(names)]);
  });

  for (const rule of rules)
    it(`${rule.name} reads only metrics that its jobs export, and says what to do`, () => {
      const from = jobsOf(rule);
      const known = new Set(from.flatMap((job) => [...exported(job)]));
      const metrics = metricsOf(rule.expr).filter((metric) => metric !== "up");
      expect(metrics.filter((metric) => !known.has(metric))).to.deep.equal([]);
      // Each selector names its job, so no other series of the same name is taken.
      const selectors = rule.expr.match(/[a-zA-Z_:][\w:]*\{[^}]*\}/g) ?? [];
      expect(selectors.filter((selector) => !/\bjob=~?"/.test(selector))).to.deep.equal([]);
      expect(metrics.filter((metric) => !new RegExp(`\\b${metric}\\{`).test(rule.expr))).to.deep.equal([]);
      expect(rule.act).to.have.length.above(0);
      expect(rule.source).to.match(
        /^(tier step|vertical step|healthy|alarms|service target|workers|Redis cluster|circuit breaker|assumed|no threshold)\b/,
      );
    });

  it("show a figure, where they have a threshold", () => {
    const without = rules.filter(
      ({ summary, source }) => !summary.includes("$value") && !/^no threshold|^assumed|^circuit/.test(source),
    );
    expect(without.map(({ name }) => name)).to.deep.equal([]);
  });

  it("are hidden by causes that exist, share the labels, and are not hidden by them in turn", () => {
    for (const rule of rules)
      for (const { alert, equal } of rule.inhibitedBy ?? []) {
        const cause = named(alert);
        expect(cause, `${rule.name}: ${alert}`).to.not.equal(undefined);
        expect(cause?.inhibitedBy?.map((one) => one.alert) ?? [], `${rule.name} and ${alert}`).to.not.include(
          rule.name,
        );
        for (const label of equal)
          for (const { expr, name } of [rule, cause as typeof rule])
            expect(expr, `${name}: ${label}`).to.match(new RegExp(`by \\([^)]*\\b${label}\\b`));
      }
  });

  it("never hide a critical alert behind a warning", () => {
    const hidden = rules.flatMap((rule) =>
      (rule.inhibitedBy ?? [])
        .filter(({ alert }) => rule.severity === "critical" && named(alert)?.severity === "warning")
        .map(({ alert }) => `${rule.name} by ${alert}`),
    );
    expect(hidden).to.deep.equal([]);
  });

  it("are left out where Prometheus does not scrape what they read", () => {
    const few = rulesOf({ jobs: ["app", "prometheus"] });
    expect(few.map(({ name }) => name)).to.include.members(["ErrorsHigh", "Watchdog", "TargetDown", "NoAppScraped"]);
    expect(few.flatMap(jobsOf).filter((job) => job !== "app" && job !== "prometheus")).to.deep.equal([]);
    expect(few.map(({ name }) => name)).to.not.include.members([
      "PostgresDown",
      "NoRedisScraped",
      "CertificateExpires",
    ]);
  });

  it("ask for a verified restore only where there is a backup that the drill can restore", () => {
    expect(rulesOf({ jobs }).map(({ name }) => name)).to.not.include("RestoreUnverified");
    expect(rulesOf({ jobs: ["app"], restorable: "cluster" }).map(({ name }) => name)).to.not.include(
      "RestoreUnverified",
    );
    expect(named("RestoreUnverified")?.expr).to.equal(
      '(time() - (max(kube_lease_renew_time{job="kube-state-metrics",lease="drill-restore"} <= time()) or ' +
        'min(kube_deployment_created{job="kube-state-metrics",deployment="pgbouncer"}))) / 86400 > 8',
    );
  });

  it("count a verified restore for the place that it was restored from", () => {
    const [rule] = rulesOf({ jobs, restorable: "managed" }).filter(({ name }) => name === "RestoreUnverified");
    expect(rule?.expr).to.contain('lease="drill-restore-rds"').and.not.to.contain('lease="drill-restore"');
  });

  it("take the time of the certificates in seconds", () => {
    expect(named("CertificateExpires")?.expr).to.equal("(vector(1861920000) - time()) / 86400 < 30");
  });
});
