import { expect } from "chai";
import { found, resource } from "../support";

const ini = (host: string, pool: number) =>
  `app = host=${host} max_db_connections=${pool}\napp_ro = host=${host} max_db_connections=${pool}`;

/** A pooler of two pods before a database in the cluster with 60 connections, of which 10 are kept free. */
const pooled = (pool: number, host = "postgres.data.svc.cluster.local") => [
  resource("kubernetes:core/v1:ConfigMap", { data: { "pgbouncer.ini": ini(host, pool) } }),
  resource("kubernetes:core/v1:ConfigMap", { data: { "postgresql.conf": "max_connections = '60'\n" } }),
  resource("kubernetes:apps/v1:Deployment", { metadata: { name: "pgbouncer" }, spec: { replicas: 2 } }),
];

describe("policy connection-budget", () => {
  it("counts every pod of a rollout and every pool", () => {
    expect(found("connection-budget", pooled(6))).to.deep.equal([]);
    expect(found("connection-budget", pooled(7))).to.deep.equal([
      "one pools: given 4 pods in a rollout x 14 connections; allowed: at most 50 of 60",
    ]);
  });

  it("knows the connections of an RDS instance class", () => {
    const rds = resource("aws:rds/instance:Instance", { instanceClass: "db.t4g.small" });
    const replica = resource("aws:rds/instance:Instance", {
      instanceClass: "db.t4g.micro",
      replicateSourceDb: "primary",
    });
    expect(found("connection-budget", [...pooled(22, "db.example.com"), replica, rds])).to.deep.equal([]);
    expect(found("connection-budget", [...pooled(23, "db.example.com"), replica, rds])).to.deep.equal([
      "one pools: given 4 pods in a rollout x 46 connections; allowed: at most 178 of 198",
    ]);
  });
});
