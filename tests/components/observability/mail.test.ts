import { expect } from "chai";
import { parse } from "yaml";
import { alertmanager, mailConfig } from "../../../components/observability/mail";
import { completeMail } from "../../support/settings";

const mail = { ...completeMail, to: "ops@example.com", port: 587 };

describe("mails of the alerts", () => {
  it("go to the server over TLS, with a login whose password is in a file", () => {
    const { global, receivers } = parse(mailConfig(mail));
    expect(global).to.deep.equal({
      smtp_smarthost: "smtp.example.com:587",
      smtp_from: "alerts@example.com",
      smtp_hello: "example.com",
      smtp_require_tls: true,
      smtp_auth_username: "alerts",
      smtp_auth_password_file: "/etc/alertmanager/smtp-password",
    });
    expect(receivers[0].email_configs[0].to).to.equal("ops@example.com");
  });

  it("need no login", () => {
    const { global } = parse(mailConfig({ ...mail, user: undefined }));
    expect(Object.keys(global)).to.deep.equal(["smtp_smarthost", "smtp_from", "smtp_hello", "smtp_require_tls"]);
  });

  it("come from one container, which keeps what it has told on the volume of the metrics", () => {
    const { args, env, volumeMounts, resources, securityContext } = alertmanager({ volume: "files", data: "metrics" });
    expect(args).to.deep.equal([
      "--config.file=/etc/alertmanager/alertmanager.yml",
      "--storage.path=/metrics/alertmanager",
      "--web.listen-address=:9093",
      "--cluster.listen-address=",
    ]);
    expect(env).to.deep.equal([{ name: "GOMEMLIMIT", value: "51MiB" }]);
    expect(volumeMounts).to.deep.equal([
      { name: "metrics", mountPath: "/metrics" },
      { name: "files", mountPath: "/etc/alertmanager", readOnly: true },
    ]);
    expect(resources).to.deep.equal({ requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "64Mi" } });
    expect(securityContext).to.include({ runAsUser: 65534, readOnlyRootFilesystem: true });
  });
});
