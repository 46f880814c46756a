import { expect } from "chai";
import {
  engineVersionOf,
  largestMajorVersion,
  leastMajorVersion,
} from "../../../../components/postgres/managed/versions";
import { versions } from "../../../../versions";

describe("versions of managed Postgres", () => {
  it("are those of versions.ts, without a gap, each with the family of its major version", () => {
    expect([leastMajorVersion, largestMajorVersion]).to.deep.equal([17, 18]);
    expect(engineVersionOf()).to.equal(versions.rds);
    for (let major = leastMajorVersion; major <= largestMajorVersion; major++) {
      const { engineVersion, family } = engineVersionOf(major);
      expect([Number.parseInt(engineVersion, 10), family]).to.deep.equal([major, `postgres${major}`]);
    }
  });

  it("are no others", () => {
    expect(() => engineVersionOf(16)).to.throw("versions.ts has no PostgreSQL 16 of RDS");
  });
});
