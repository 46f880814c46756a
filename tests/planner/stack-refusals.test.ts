import { expect } from "chai";
import { postgresMajor, refusedByStack } from "../../planner/stack-refusals";
import { images, versions } from "../../versions";

const statefulSet = "kubernetes:apps/v1:StatefulSet";

describe("what the stack does not survive", () => {
  const server = (image: string, name = "postgres") => ({
    spec: { template: { spec: { containers: [{ name, image }] } } },
  });
  const major = (version: number) => server(`docker.io/pgvector/pgvector:0.8.6-pg${version}-trixie`);

  it("is another major version of the in-cluster Postgres", () => {
    expect(refusedByStack(statefulSet, major(16), major(17))).to.equal(
      "PostgreSQL 16 -> 17: the new server cannot read the data folder, and its pod will not start; dump and restore " +
        "(docs/upgrading-postgres.md)",
    );
    expect(refusedByStack(statefulSet, major(17), major(16))).to.contain("PostgreSQL 17 -> 16");
  });

  it("is no minor version, no other server and no other type", () => {
    const minor = server("docker.io/pgvector/pgvector:0.9.0-pg17-bookworm");
    expect(refusedByStack(statefulSet, major(17), minor)).to.equal(undefined);
    const valkey = (version: number) => server(`docker.io/valkey/valkey:${version}.1.9`, "valkey");
    expect(refusedByStack(statefulSet, valkey(8), valkey(9))).to.equal(undefined);
    expect(refusedByStack("kubernetes:apps/v1:Deployment", major(16), major(17))).to.equal(undefined);
  });

  it("reads the major version of the pinned image, the same as RDS's", () => {
    expect(postgresMajor(images.postgres.image)).to.equal(versions.rds.engineVersion.split(".")[0]);
  });
});
