import { readFileSync } from "node:fs";
import { expect } from "chai";
import { Secret } from "../../../support/record";
import { addressOf, postgresOf } from "../support";

const at = "postgres/pgbouncer";
const labels = { "app.kubernetes.io/name": "pgbouncer", "app.kubernetes.io/part-of": "tierstack" };
const selector = { matchLabels: labels };
const [primary, replica] = ["primary", "replica-0"].map(addressOf);
const readOnly = "connect_query='SET default_transaction_read_only = on'";

describe("PgBouncer", () => {
  it("is a Deployment of as many pods as its pools are reckoned with", async () => {
    const { spec, metadata } = (await postgresOf("scale")).inputs(`${at}/deployment`);
    expect(metadata).to.deep.include({ name: "pgbouncer", namespace: "data" });
    expect(spec).to.deep.include({
      replicas: 3,
      selector,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    const pod = spec.template.spec;
    expect(pod).to.deep.include({ serviceAccountName: "pgbouncer", automountServiceAccountToken: false });
    expect(pod.topologySpreadConstraints.map(({ topologyKey }: { topologyKey: string }) => topologyKey)).to.deep.equal([
      "topology.kubernetes.io/zone",
      "kubernetes.io/hostname",
    ]);
  });

  it("runs PgBouncer as the process that signals reach, with every file it may open", async () => {
    const [pgbouncer] = (await postgresOf("scale")).inputs(`${at}/deployment`).spec.template.spec.containers;
    expect(pgbouncer.command).to.deep.equal([
      "sh",
      "-c",
      'ulimit -S -n "$(ulimit -H -n)"; exec pgbouncer /etc/pgbouncer/pgbouncer.ini',
    ]);
    expect(pgbouncer.resources).to.deep.equal({
      requests: { cpu: "250m", memory: "608Mi" },
      limits: { memory: "608Mi" },
    });
    const tcpSocket = { port: "postgres" };
    expect(pgbouncer.readinessProbe).to.deep.equal({
      tcpSocket,
      periodSeconds: 5,
      failureThreshold: 2,
      timeoutSeconds: 3,
    });
    expect(pgbouncer.livenessProbe).to.deep.equal({
      tcpSocket,
      periodSeconds: 20,
      failureThreshold: 3,
      timeoutSeconds: 3,
    });
  });

  it("drains before it goes, within the pod's grace", async () => {
    const pod = (await postgresOf("scale")).inputs(`${at}/deployment`).spec.template.spec;
    expect(pod.containers[0].lifecycle.preStop.exec.command).to.deep.equal([
      "sh",
      "/etc/pgbouncer/drain.sh",
      "5432",
      "15",
      "120",
    ]);
    expect(pod.terminationGracePeriodSeconds).to.equal(15 + 120 + 60 + 15);
  });

  it("makes the Service after its pods, for which Pulumi waits a bounded time", async () => {
    const run = await postgresOf("growth");
    expect(run.at(`${at}/service`).dependsOn).to.include(`${at}/deployment`);
    expect(run.at(`${at}/deployment`).dependsOn).not.to.include(`${at}/service`);
  });

  it("reads one folder: configuration, users and certificate", async () => {
    const run = await postgresOf("growth");
    const pod = run.inputs(`${at}/deployment`).spec.template.spec;
    expect(pod.volumes[0]).to.deep.equal({
      name: "config",
      projected: {
        defaultMode: 0o440,
        sources: [
          { configMap: { name: "pgbouncer" } },
          { secret: { name: "pgbouncer-users" } },
          { secret: { name: "pgbouncer-tls" } },
        ],
      },
    });
    const { data } = run.inputs(`${at}/config`);
    expect(data).to.have.all.keys("drain.sh", "pgbouncer.ini", "server-ca.crt");
    expect(data["pgbouncer.ini"]).to.contain(
      `app = host=${primary} port=5432 dbname=app max_db_connections=36\n` +
        `app_ro = host=${replica},${replica},${replica},${primary} port=5432 dbname=app max_db_connections=36 ${readOnly}\n` +
        `app_session = host=${primary} port=5432 dbname=app max_db_connections=5 pool_mode=session pool_size=5 reserve_pool=0\n`,
    );
    expect(data["drain.sh"]).to.equal(readFileSync("components/postgres/pgbouncer/drain.sh", "utf8"));
    expect(data["server-ca.crt"].match(/BEGIN CERTIFICATE/g)).to.have.length(3);
  });

  it("checks the in-cluster server against the product's own authority", async () => {
    const { data } = (await postgresOf("mvp")).inputs(`${at}/config`);
    expect(data["server-ca.crt"]).to.equal("authority/certificate.certPem");
    expect(data["pgbouncer.ini"]).to.contain(
      `\napp_ro = host=postgres.data.svc.cluster.local port=5432 dbname=app max_db_connections=10 ${readOnly}\n`,
    );
  });

  it("keeps verifiers, key and the exporter's password in Secrets", async () => {
    const run = await postgresOf("mvp");
    const secret = (child: string, key: string): { type: string; text: string } => {
      expect(run.at(`${at}/${child}`).inputs.stringData).to.be.instanceOf(Secret);
      const { type, stringData } = run.inputs(`${at}/${child}`);
      return { type, text: stringData[key] };
    };
    expect(secret("users", "userlist.txt").text).to.match(
      /^"app" "SCRAM-SHA-256\$4096:.+"\n"app_b" "SCRAM-SHA-256\$4096:.+"\n"pgbouncer_exporter" "SCRAM-SHA-256\$4096:.+"\n$/,
    );
    expect(secret("tls", "tls.key").type).to.equal("kubernetes.io/tls");
    expect(secret("exporter", "connection-string").text).to.equal(
      "postgres://pgbouncer_exporter:password-of-postgres-pgbouncer-stats-password@127.0.0.1:5432/pgbouncer?sslmode=require",
    );
    expect(run.inputs("authority/pgbouncer-request").dnsNames).to.include("pgbouncer.data.svc.cluster.local");
  });

  it("has an exporter beside it, whose password comes from the Secret", async () => {
    const [, exporter] = (await postgresOf("mvp")).inputs(`${at}/deployment`).spec.template.spec.containers;
    expect(exporter.env).to.deep.equal([
      {
        name: "PGBOUNCER_EXPORTER_CONNECTION_STRING",
        valueFrom: { secretKeyRef: { name: "pgbouncer-exporter", key: "connection-string" } },
      },
      { name: "GOMEMLIMIT", value: "19MiB" },
    ]);
    expect(exporter.ports).to.deep.equal([{ name: "metrics", containerPort: 9127 }]);
    expect(exporter.securityContext).to.deep.include({ runAsUser: 65534, readOnlyRootFilesystem: true });
    expect(exporter).to.include.keys("readinessProbe", "livenessProbe");
  });

  it("has a disruption budget where there is more than one pod", async () => {
    expect((await postgresOf("growth")).inputs(`${at}/disruption-budget`).spec).to.deep.equal({
      maxUnavailable: 1,
      selector,
    });
    expect((await postgresOf("startup")).paths).to.not.include(`${at}/disruption-budget`);
  });

  it("is reached by the application's namespace, and reaches the server", async () => {
    const ports = [{ protocol: "TCP", port: 5432 }];
    const run = await postgresOf("growth");
    expect(run.inputs(`${at}/policy`).spec).to.deep.equal({
      podSelector: selector,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "app" } } }], ports }],
      egress: [{ to: [{ ipBlock: { cidr: "10.20.0.0/16" } }], ports }],
    });
    expect(run.inputs(`${at}/service`).spec).to.deep.equal({
      type: "ClusterIP",
      selector: labels,
      ports: [{ name: "postgres", port: 5432, targetPort: "postgres" }],
    });
    expect(run.inputs(`${at}/account`)).to.deep.include({ automountServiceAccountToken: false });
  });

  it("restarts when its configuration changes", async () => {
    const checksumOf = async (maxClientConnections: number) => {
      const run = await postgresOf("mvp", ({ pgbouncer }) => ({ pgbouncer: { ...pgbouncer, maxClientConnections } }));
      return run.inputs(`${at}/deployment`).spec.template.metadata.annotations["checksum/config"];
    };
    const checksum = await checksumOf(1000);
    expect(checksum).to.match(/^[0-9a-f]{64}$/);
    expect(await checksumOf(1000)).to.equal(checksum);
    expect(await checksumOf(1001)).to.not.equal(checksum);
  });
});
