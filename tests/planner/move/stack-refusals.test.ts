import { expect } from "chai";
import { postgresMajor, refusedByStack } from "../../../planner/move/stack-refusals";
import { images, versions } from "../../../versions";

const named = (type: string, name = "any") => ({ type, name });
const statefulSet = named("kubernetes:apps/v1:StatefulSet");

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
    expect(refusedByStack(named("kubernetes:apps/v1:Deployment"), major(16), major(17))).to.equal(undefined);
  });

  it("reads the major version of the pinned image, the same as RDS's", () => {
    expect(postgresMajor(images.postgres.image)).to.equal(versions.rds.engineVersion.split(".")[0]);
  });

  it("is a rotation of the passwords by another step than one", () => {
    const password = named("random:index/randomPassword:RandomPassword", "postgres-pgbouncer-stats-password");
    const at = (rotation: number) => (rotation > 0 ? { length: 32, keepers: { rotation: String(rotation) } } : {});
    const refused = (from: number, to: number) => refusedByStack(password, at(from), at(to));
    expect(refused(0, 2)).to.equal(
      "passwordRotation 0 -> 2: it would change passwords that pods and stores still use; keep 0, or set 1 " +
        "(docs/rotating-secrets.md)",
    );
    expect(refused(9, 12)).to.contain("passwordRotation 9 -> 12");
    expect(refused(1, 0)).to.contain("passwordRotation 1 -> 0").and.to.contain("keep 1, or set 2");
    for (const [from, to] of [
      [0, 0],
      [0, 1],
      [1, 2],
      [9, 10],
    ] as const)
      expect(refused(from, to), `${from} -> ${to}`).to.equal(undefined);
    // Half of the others change at every second rotation.
    expect(refusedByStack({ ...password, name: "postgres-app-password" }, at(0), at(2))).to.equal(undefined);
  });
});
