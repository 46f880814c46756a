import { expect } from "chai";
import { parse } from "yaml";
import { renderAlertmanager, renderRules, runbookOf } from "../../../../components/observability/alerts/render";
import { rulesOf } from "../../../../components/observability/alerts/rules";
import { jobs } from "../../../../components/observability/jobs";

interface RuleFile {
  groups: { name: string; rules: Record<string, unknown>[] }[];
}

describe("rendered rules", () => {
  it("have a group for each service, with every rule once", () => {
    const { groups } = parse(renderRules({ jobs })) as RuleFile;
    expect(groups.map(({ name }) => name)).to.deep.equal([
      "application",
      "queues",
      "database",
      "pooler",
      "cache",
      "nodes",
      "kubernetes",
      "monitoring",
    ]);
    const names = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
    expect(names).to.have.members(rulesOf({ jobs }).map(({ name }) => name));
  });

  it("have labels, a summary and the address of the runbook", () => {
    const { groups } = parse(renderRules({ jobs, runbooks: "https://example.com/" })) as RuleFile;
    const rule = groups.find(({ name }) => name === "database")?.rules[0];
    expect(rule).to.deep.equal({
      alert: "PostgresDown",
      expr: 'max by (instance) (pg_up{job="postgres"}) == 0',
      for: "1m",
      labels: { severity: "critical", service: "database" },
      annotations: {
        summary: "Postgres {{ $labels.instance }} does not answer",
        runbook: "https://example.com/docs/alerts.md#postgresdown",
        help: "npm run ops -- status -s STACK",
      },
    });
  });

  it("name the page that helps by its address, and nothing where only the steps help", () => {
    const { groups } = parse(renderRules({ jobs, runbooks: "https://example.com/" })) as RuleFile;
    const all = groups.flatMap(({ rules }) => rules);
    const of = (name: string) => all.find(({ alert }) => alert === name);
    expect(of("PgBouncerClientsWait")).to.have.nested.property(
      "annotations.help",
      "https://example.com/docs/runbooks/connections-exhausted.md",
    );
    expect(of("Watchdog")).not.to.have.nested.property("annotations.help");
  });

  it("have a heading in docs/alerts.md as their runbook", () => {
    expect(runbookOf({ name: "ErrorsHigh" })).to.equal("docs/alerts.md#errorshigh");
  });

  it("have no `for` where an alert fires at once", () => {
    const { groups } = parse(renderRules({ jobs })) as RuleFile;
    const rule = groups.flatMap(({ rules }) => rules).find(({ alert }) => alert === "ErrorBudgetBurnsFast");
    expect(rule).to.not.have.property("for");
  });
});

describe("rendered configuration of Alertmanager", () => {
  const mail = { to: "ops@example.com", from: "alerts@example.com", smarthost: "mail.example.com:587" };

  it("is the same text each time, with causes of rules that not every stack has", () => {
    const text = renderAlertmanager({ mail });
    expect(renderAlertmanager({ mail })).to.equal(text);
    expect(text).to.include("CertificateAlmostExpired");
  });
});
