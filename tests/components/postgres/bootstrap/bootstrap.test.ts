import { expect } from "chai";
import { postgresOf } from "../support";

const at = "postgres/bootstrap";

describe("Bootstrap", () => {
  it("runs psql with TLS checked to the end, and secrets out of a Secret", async () => {
    const { metadata, spec } = (await postgresOf("mvp")).inputs(`${at}/job`);
    expect(metadata.name).to.match(/^postgres-bootstrap-[0-9a-f]{8}$/);
    expect(metadata).to.deep.include({ namespace: "data", annotations: { "pulumi.com/replaceUnready": "true" } });
    expect(spec).to.deep.include({ backoffLimit: 6, activeDeadlineSeconds: 600, ttlSecondsAfterFinished: 86400 });
    const pod = spec.template.spec;
    expect(pod).to.deep.include({ restartPolicy: "OnFailure", automountServiceAccountToken: false });
    const [psql] = pod.containers;
    expect(psql.command).to.deep.equal(["sh", "/etc/bootstrap/bootstrap.sh", "/etc/bootstrap"]);
    expect(psql.terminationMessagePolicy).to.equal("FallbackToLogsOnError");
    const secret = (name: string, key: string) => ({
      name,
      valueFrom: { secretKeyRef: { name: "postgres-credentials", key } },
    });
    expect(psql.env).to.deep.equal([
      { name: "PGHOST", value: "postgres.data.svc.cluster.local" },
      { name: "PGPORT", value: "5432" },
      { name: "PGUSER", value: "postgres" },
      { name: "PGDATABASE", value: "postgres" },
      { name: "PGSSLMODE", value: "verify-full" },
      { name: "PGSSLROOTCERT", value: "/etc/bootstrap/ca.crt" },
      { name: "PGCONNECT_TIMEOUT", value: "10" },
      secret("SUPERUSER_PASSWORD", "superuser-password"),
      secret("PREVIOUS_SUPERUSER_PASSWORD", "previous-superuser-password"),
      secret("VERIFIER_POSTGRES", "postgres-verifier"),
      secret("VERIFIER_APP", "app-verifier"),
      secret("VERIFIER_APP_B", "app_b-verifier"),
    ]);
    expect(psql.securityContext).to.deep.include({ readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } });
  });

  it("trusts the server's authority, and limits each role to what the headroom leaves", async () => {
    const inCluster = (await postgresOf("mvp")).inputs(`${at}/script`).data;
    expect(inCluster).to.have.all.keys("bootstrap.sh", "bootstrap.sql", "superuser.sql", "ca.crt");
    expect(inCluster["bootstrap.sql"].match(/ CONNECTION LIMIT 50 /g)).to.have.length(2);
    expect(inCluster["ca.crt"]).to.equal("authority/certificate.certPem");
    const managed = await postgresOf("startup");
    expect(managed.inputs(`${at}/script`).data["bootstrap.sql"]).to.contain(" CONNECTION LIMIT 178 ");
    expect(managed.inputs(`${at}/script`).data["ca.crt"].match(/BEGIN CERTIFICATE/g)).to.have.length(3);
    expect(managed.inputs(`${at}/job`).spec.template.spec.containers[0].env[0].value).to.contain(".rds.amazonaws.com");
  });

  it("is another Job when its template changes, and the same when it does not", async () => {
    const nameAt = async (tier: "mvp" | "startup" | "growth") =>
      (await postgresOf(tier)).inputs(`${at}/job`).metadata.name;
    const mvp = await nameAt("mvp");
    expect(await nameAt("mvp")).to.equal(mvp);
    // Another server; and the same server with another limit.
    expect(new Set([mvp, await nameAt("startup"), await nameAt("growth")]).size).to.equal(3);
  });

  it("runs again at each rotation", async () => {
    const jobAt = async (passwordRotation: number) =>
      (await postgresOf("mvp", () => ({ passwordRotation }))).inputs(`${at}/job`).metadata.name;
    const first = await jobAt(1);
    expect(await jobAt(1)).to.equal(first);
    expect(await jobAt(0)).to.not.equal(first);
    expect(await jobAt(2)).to.not.equal(first);
  });

  it("reaches the server and nothing else", async () => {
    const egressOf = async (tier: "mvp" | "growth") => (await postgresOf(tier)).inputs(`${at}/policy`).spec;
    const ports = [{ protocol: "TCP", port: 5432 }];
    const selected = (name: string) => ({
      podSelector: { matchLabels: { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "tierstack" } },
    });
    const policy = { ...selected("postgres-bootstrap"), policyTypes: ["Ingress", "Egress"] };
    expect(await egressOf("mvp")).to.deep.equal({ ...policy, egress: [{ to: [selected("postgres")], ports }] });
    expect(await egressOf("growth")).to.deep.equal({
      ...policy,
      egress: [{ to: [{ ipBlock: { cidr: "10.20.0.0/16" } }], ports }],
    });
  });

  it("comes after the server and before the pooler", async () => {
    const run = await postgresOf("mvp");
    expect(run.at(`${at}/job`).dependsOn).to.include.members(["postgres/cluster/server", "postgres/bootstrap/policy"]);
    expect(run.at("postgres/pgbouncer/deployment").dependsOn).to.include("postgres/bootstrap/job");
  });
});
