import { expect } from "chai";
import { alertmanagerConfig, inhibitions } from "../../../../components/observability/alerts/alertmanager";
import type { AlertRule } from "../../../../components/observability/alerts/rule";

const mail = { to: "ops@example.com", from: "alerts@example.com", smarthost: "mail.example.com:587" };
const rule = (name: string, inhibitedBy: AlertRule["inhibitedBy"]): AlertRule => ({
  name,
  service: "cache",
  severity: "warning",
  expr: "vector(1)",
  summary: name,
  source: "assumed",
  act: [],
  inhibitedBy,
});

describe("configuration of Alertmanager", () => {
  it("mails over TLS, with a login whose password is in a file", () => {
    const login = { ...mail, user: "alerts", passwordFile: "/etc/alertmanager/password" };
    expect(alertmanagerConfig({ mail: login }, []).global).to.deep.equal({
      smtp_smarthost: "mail.example.com:587",
      smtp_from: "alerts@example.com",
      smtp_hello: "example.com",
      smtp_require_tls: true,
      smtp_auth_username: "alerts",
      smtp_auth_password_file: "/etc/alertmanager/password",
    });
  });

  it("has no login without a user, and mails in the clear only where that is asked for", () => {
    expect(alertmanagerConfig({ mail: { ...mail, requireTls: false } }, []).global).to.deep.equal({
      smtp_smarthost: "mail.example.com:587",
      smtp_from: "alerts@example.com",
      smtp_hello: "example.com",
      smtp_require_tls: false,
    });
  });

  it("sends the heartbeat to its topic, or to nobody", () => {
    const heartbeat = { topicArn: "arn:aws:sns:eu-west-1:123456789012:heartbeat", region: "eu-west-1" };
    const config = alertmanagerConfig({ mail, heartbeat }, []);
    // Equal times would leave out every other one.
    const times = { group_wait: "0s", group_interval: "5m", repeat_interval: "1m" };
    expect(config.route.routes[0]).to.include({ receiver: "heartbeat", ...times });
    expect(config.receivers.find(({ name }) => name === "heartbeat")).to.deep.equal({
      name: "heartbeat",
      sns_configs: [
        {
          topic_arn: heartbeat.topicArn,
          sigv4: { region: "eu-west-1" },
          subject: "heartbeat",
          message: "alerts are evaluated and sent",
          send_resolved: false,
        },
      ],
    });
    const without = alertmanagerConfig({ mail }, []);
    expect(without.route.routes[0]?.receiver).to.equal("nobody");
    expect(without.receivers.map(({ name }) => name)).to.deep.equal(["mail", "nobody"]);
  });

  it("sends the heartbeat to a URL that it reads from a file", () => {
    const config = alertmanagerConfig({ mail, heartbeat: { urlFile: "/etc/alertmanager/heartbeat-url" } }, []);
    expect(config.route.routes[0]).to.include({ receiver: "heartbeat", group_interval: "5m" });
    expect(config.receivers.find(({ name }) => name === "heartbeat")).to.deep.equal({
      name: "heartbeat",
      webhook_configs: [{ url_file: "/etc/alertmanager/heartbeat-url", send_resolved: false }],
    });
  });

  it("hides effects behind their causes: one rule for each cause and set of labels", () => {
    const down = { alert: "RedisDown", equal: [] };
    const same = { alert: "RedisMemoryFull", equal: ["instance"] };
    expect(inhibitions([rule("A", [down, same]), rule("B", [down]), rule("C", undefined)])).to.deep.equal([
      { source_matchers: ['alertname="RedisDown"'], target_matchers: ['alertname=~"A|B"'] },
      { source_matchers: ['alertname="RedisMemoryFull"'], target_matchers: ['alertname=~"A"'], equal: ["instance"] },
    ]);
  });
});
