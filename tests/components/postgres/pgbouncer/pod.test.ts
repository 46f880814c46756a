import { expect } from "chai";
import { deploymentSpec } from "../../../../components/postgres/pgbouncer/pod";
import { tiers } from "../../../../tiers";

// biome-ignore lint/suspicious/noExplicitAny: a test reads into the spec
const specWith = (scraped: boolean): any =>
  deploymentSpec({
    ini: "pgbouncer.ini",
    size: tiers.scale.pgbouncer,
    config: "config",
    users: "users",
    tls: "tls",
    scraped,
    exporter: "exporter",
    serviceAccount: "account",
    checksum: "sum",
  });
const spec = specWith(false);

describe("PgBouncer's pod", () => {
  const [pgbouncer, exporter] = spec.template.spec.containers;

  it("names the port that the Service and the probes use", () => {
    expect(pgbouncer.name).to.equal("pgbouncer");
    expect(pgbouncer.ports).to.deep.equal([{ name: "postgres", containerPort: 5432 }]);
    const probe = { tcpSocket: { port: "postgres" }, timeoutSeconds: 3 };
    expect(pgbouncer.readinessProbe).to.deep.equal({ ...probe, periodSeconds: 5, failureThreshold: 2 });
    expect(pgbouncer.livenessProbe).to.deep.equal({ ...probe, periodSeconds: 20, failureThreshold: 3 });
  });

  it("mounts its configuration read-only, and a folder for the socket", () => {
    expect(pgbouncer.volumeMounts).to.deep.equal([
      { name: "config", mountPath: "/etc/pgbouncer", readOnly: true },
      { name: "sockets", mountPath: "/tmp" },
    ]);
    expect(spec.template.spec.enableServiceLinks).to.equal(false);
  });

  it("probes the exporter's landing page: /metrics would log in to PgBouncer", () => {
    const page = { httpGet: { path: "/", port: "metrics" }, periodSeconds: 20, timeoutSeconds: 3 };
    expect(exporter.name).to.equal("exporter");
    expect(exporter.readinessProbe).to.deep.equal(page);
    expect(exporter.livenessProbe).to.deep.equal(page);
  });

  it("gives a scraped exporter its certificate, and none of PgBouncer's other files", () => {
    const { containers, volumes } = specWith(true).template.spec;
    const [, scraped] = containers;
    expect(scraped.args).to.deep.equal(["--web.config.file=/etc/pgbouncer-exporter/exporter-web.yml"]);
    expect(scraped.volumeMounts).to.deep.equal([
      { name: "exporter", mountPath: "/etc/pgbouncer-exporter", readOnly: true },
    ]);
    expect(scraped.livenessProbe.httpGet).to.deep.equal({ path: "/", port: "metrics", scheme: "HTTPS" });
    expect(volumes.at(-1)).to.deep.equal({
      name: "exporter",
      projected: {
        defaultMode: 0o440,
        sources: [
          { configMap: { name: "config", items: [{ key: "exporter-web.yml", path: "exporter-web.yml" }] } },
          { secret: { name: "tls" } },
        ],
      },
    });
    expect(exporter).to.not.have.any.keys("args", "volumeMounts");
    expect(exporter.livenessProbe.httpGet).to.deep.equal({ path: "/", port: "metrics" });
  });
});
