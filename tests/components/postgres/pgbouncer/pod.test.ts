import { expect } from "chai";
import { deploymentSpec } from "../../../../components/postgres/pgbouncer/pod";
import { tiers } from "../../../../tiers";

// biome-ignore lint/suspicious/noExplicitAny: a test reads into the spec
const spec: any = deploymentSpec({
  ini: "pgbouncer.ini",
  size: tiers.scale.pgbouncer,
  config: "config",
  users: "users",
  tls: "tls",
  exporter: "exporter",
  serviceAccount: "account",
  checksum: "sum",
});

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
});
