import { expect } from "chai";
import { rdsClient } from "../../../../components/postgres/restore/rds-client";
import { images } from "../../../../versions";

describe("pod that reaches RDS", () => {
  const { policy, pod } = rdsClient("shop-data", "10.30.0.0/16");

  it("may connect to Postgres in the VPC and to nothing else, and nobody to it", () => {
    expect(policy.spec).to.deep.equal({
      podSelector: {
        matchLabels: { "app.kubernetes.io/name": "rds-client", "app.kubernetes.io/part-of": "tierstack" },
      },
      policyTypes: ["Ingress", "Egress"],
      egress: [{ to: [{ ipBlock: { cidr: "10.30.0.0/16" } }], ports: [{ protocol: "TCP", port: 5432 }] }],
    });
    expect(policy.metadata.namespace).to.equal("shop-data");
    expect(pod.metadata.labels).to.include({
      "app.kubernetes.io/name": "rds-client",
      "app.kubernetes.io/part-of": "tierstack",
    });
  });

  it("logs in as the superuser, verifies the server, and has no other secret and no token", () => {
    const [container] = pod.spec.containers;
    expect(container?.image).to.equal(images.postgres.image);
    expect(container?.env).to.deep.equal([
      { name: "PGPORT", value: "5432" },
      { name: "PGUSER", value: "postgres" },
      { name: "PGDATABASE", value: "postgres" },
      { name: "PGSSLMODE", value: "verify-full" },
      { name: "PGSSLROOTCERT", value: "/etc/bootstrap/ca.crt" },
      { name: "PGCONNECT_TIMEOUT", value: "10" },
      { name: "PGOPTIONS", value: "-c statement_timeout=0" },
      { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "postgres-credentials", key: "superuser-password" } } },
    ]);
    expect(pod.spec.volumes).to.deep.equal([
      { name: "authorities", configMap: { name: "postgres-bootstrap", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      { name: "tmp", emptyDir: { sizeLimit: "16Mi" } },
    ]);
    expect(pod.spec.automountServiceAccountToken).to.equal(false);
  });

  it("ends by itself", () => {
    expect(pod.spec).to.deep.include({ activeDeadlineSeconds: 86400, restartPolicy: "Never" });
  });
});
