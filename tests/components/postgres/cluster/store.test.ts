import { createHash } from "node:crypto";
import { expect } from "chai";
import { Secret } from "../../../support/record";
import { postgresOf } from "../support";

const at = "postgres/cluster";
const metadata = {
  name: "postgres",
  namespace: "data",
  labels: {
    "app.kubernetes.io/name": "postgres",
    "app.kubernetes.io/part-of": "tierstack",
    "app.kubernetes.io/component": "postgres",
    "app.kubernetes.io/managed-by": "pulumi",
  },
};

describe("in-cluster Postgres", () => {
  it("has its volume as a claim of its own", async () => {
    const claim = (await postgresOf("mvp")).inputs(`${at}/data`);
    expect(claim.metadata).to.deep.equal({
      ...metadata,
      name: "postgres-data",
      annotations: { "pulumi.com/skipAwait": "true" },
    });
    expect(claim.spec).to.deep.equal({
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "3Gi" } },
    });
  });

  it("takes a storage class where there is one", async () => {
    const run = await postgresOf("mvp", ({ cluster }) => ({ cluster: { ...cluster, storageClass: "fast" } }));
    expect(run.inputs(`${at}/data`).spec.storageClassName).to.equal("fast");
  });

  it("is one pod with a name of its own", async () => {
    const run = await postgresOf("mvp");
    const { spec, ...rest } = run.inputs(`${at}/server`);
    expect(rest.metadata).to.deep.equal(metadata);
    expect(spec).to.have.all.keys("podManagementPolicy", "replicas", "serviceName", "selector", "template");
    expect(spec).to.deep.include({ podManagementPolicy: "Parallel", replicas: 1, serviceName: "postgres" });
    expect(run.at(`${at}/server`).options.ignoreChanges).to.deep.equal(["spec.podManagementPolicy"]);
    expect(run.inputs(`${at}/service`).spec).to.deep.equal({
      clusterIP: "None",
      selector: spec.selector.matchLabels,
      ports: [{ name: "postgres", port: 5432, targetPort: "postgres" }],
    });
    expect(run.ofType("kubernetes:policy/v1:PodDisruptionBudget")).to.deep.equal([]);
  });

  it("keeps to the restricted standard", async () => {
    const pod = (await postgresOf("mvp")).inputs(`${at}/server`).spec.template.spec;
    expect(pod).to.deep.include({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 120,
    });
    expect(pod.securityContext).to.deep.include({ runAsNonRoot: true, runAsUser: 999, fsGroup: 999 });
    for (const container of [...pod.initContainers, ...pod.containers]) {
      expect(container.securityContext).to.deep.include({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(container.resources).to.deep.equal({
        requests: { cpu: "100m", memory: "256Mi" },
        limits: { memory: "256Mi" },
      });
    }
  });

  it("is asked through its socket whether it is there", async () => {
    const [server] = (await postgresOf("mvp")).inputs(`${at}/server`).spec.template.spec.containers;
    const command = ["pg_isready", "--quiet", "--host=/var/run/postgresql", "--username=postgres"];
    const probe = { exec: { command }, timeoutSeconds: 5 };
    expect(server.startupProbe).to.deep.equal({ ...probe, periodSeconds: 5, failureThreshold: 120 });
    expect(server.readinessProbe).to.deep.equal({ ...probe, periodSeconds: 10, failureThreshold: 3 });
    expect(server.livenessProbe).to.deep.equal({ ...probe, periodSeconds: 20, failureThreshold: 6 });
  });

  it("reads its key through the group alone, and gives the superuser's password to nothing but initdb", async () => {
    const pod = (await postgresOf("mvp")).inputs(`${at}/server`).spec.template.spec;
    const volume = (name: string) => pod.volumes.find((candidate: { name: string }) => candidate.name === name);
    expect(volume("tls").secret).to.deep.equal({ secretName: "postgres-tls", defaultMode: 0o440 });
    expect(volume("superuser").secret).to.deep.equal({
      secretName: "postgres-credentials",
      defaultMode: 0o440,
      items: [{ key: "superuser-password", path: "superuser-password" }],
    });
    expect(volume("data").persistentVolumeClaim).to.deep.equal({ claimName: "postgres-data" });
    const mounts = (container: { volumeMounts: { name: string }[] }) => container.volumeMounts.map(({ name }) => name);
    expect(mounts(pod.initContainers[0])).to.deep.equal(["data", "config", "superuser", "tmp"]);
    expect(mounts(pod.containers[0])).to.deep.equal(["data", "config", "tls", "sockets", "tmp"]);
  });

  it("shows in the pod's status why the data folder is refused", async () => {
    const pod = (await postgresOf("mvp")).inputs(`${at}/server`).spec.template.spec;
    expect(pod.initContainers[0].terminationMessagePolicy).to.equal("FallbackToLogsOnError");
  });

  it("has a certificate in its name, the key a secret", async () => {
    const run = await postgresOf("mvp");
    expect(run.at(`${at}/tls`).inputs.stringData).to.be.instanceOf(Secret);
    expect(run.inputs(`${at}/tls`)).to.deep.include({
      type: "kubernetes.io/tls",
      stringData: {
        "tls.crt": "authority/postgres-certificate.certPem",
        "tls.key": "authority/postgres-key.privateKeyPem",
      },
    });
    expect(run.inputs("authority/postgres-request").dnsNames).to.deep.equal([
      "postgres.data.svc.cluster.local",
      "postgres.data.svc",
      "postgres.data",
      "postgres",
    ]);
    expect(run.paths).to.not.include("authority/postgres");
    expect((await postgresOf("scale")).paths).to.not.include("authority/postgres-request");
  });

  it("restarts when its configuration changes", async () => {
    const checksumOf = async (memoryMiB: number) => {
      const run = await postgresOf("mvp", ({ size }) => ({
        size: { ...size, cluster: { ...size.cluster, container: { cpuMillicores: 100, memoryMiB } } },
      }));
      return run.inputs(`${at}/server`).spec.template.metadata.annotations["checksum/config"];
    };
    const checksum = await checksumOf(256);
    expect(checksum).to.match(/^[0-9a-f]{64}$/);
    expect(await checksumOf(256)).to.equal(checksum);
    expect(await checksumOf(512)).to.not.equal(checksum);
  });

  it("hands its log over only where a node takes it, and only while it is in use", async () => {
    const data = async (tier: "mvp" | "startup", archive: boolean) => {
      const keep = { cluster: true, managed: false };
      return (await postgresOf(tier, () => ({ archive, keep }))).inputs(`${at}/config`).data;
    };
    const files = ["archive.sh", "initdb.sh", "pg_hba.conf", "postgresql.conf", "restore.sh"];
    expect(Object.keys(await data("mvp", true)).sort()).to.deep.equal(files);
    for (const without of [await data("mvp", false), await data("startup", true)]) {
      expect(Object.keys(without).sort()).to.deep.equal(["initdb.sh", "pg_hba.conf", "postgresql.conf"]);
      expect(without["postgresql.conf"]).not.to.contain("archive");
    }
  });

  it("restarts when what hands over its log changes, and not when what restores it does", async () => {
    const run = (archive: boolean) => postgresOf("mvp", () => ({ archive }));
    const [off, on] = [await run(false), await run(true)];
    const template = (one: typeof on) => one.inputs(`${at}/server`).spec.template;
    expect(template(off).metadata.annotations).not.to.deep.equal(template(on).metadata.annotations);
    // No container, volume or right more than without.
    expect(template(on).spec).to.deep.equal(template(off).spec);
    expect(on.inputs(`${at}/policy`)).to.deep.equal(off.inputs(`${at}/policy`));
    const files = on.inputs(`${at}/config`).data;
    const { "restore.sh": _, ...read } = files;
    const parts = Object.entries({ ...read, ...on.inputs(`${at}/tls`).stringData }).sort(([a], [b]) =>
      a < b ? -1 : 1,
    );
    expect(template(on).metadata.annotations["checksum/config"]).to.equal(
      createHash("sha256").update(JSON.stringify(parts)).digest("hex"),
    );
  });

  it("lets PgBouncer and the bootstrap in, and nobody else", async () => {
    const peer = (name: string) => ({
      podSelector: { matchLabels: { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "tierstack" } },
    });
    expect((await postgresOf("mvp")).inputs(`${at}/policy`).spec).to.deep.equal({
      ...peer("postgres"),
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [peer("pgbouncer"), peer("postgres-bootstrap")], ports: [{ protocol: "TCP", port: 5432 }] }],
    });
  });
});
