import { expect } from "chai";
import { oneOffCharges, oneOffs, type Step } from "../../../planner/cost/one-off";
import type { PlannedResource } from "../../../planner/record/planned";
import { costContextWith } from "../../support/cost-context";
import { resource } from "../views/support";

const rds = "aws:rds/instance:Instance";
const copies = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";

/** What a step is charged for: item, paid, expected quantity, price a unit, expected USD. */
const charged = (step: Omit<Step, "path">, others: PlannedResource[] = []) => {
  const before = [...others, ...(step.before ? [step.before] : [])];
  return oneOffCharges(before, [{ path: "shop/a", ...step }], costContextWith()).map((charge) =>
    typeof charge === "string"
      ? charge
      : [charge.item, charge.paid, charge.quantity.expected, charge.usdPerUnit, charge.usd.expected, charge.priceId],
  );
};
const created = (type: string, inputs: object, others?: PlannedResource[]) =>
  charged({ action: "create", after: resource("shop/a", type, { ...inputs }) }, others);
const deleted = (type: string, inputs: object, action = "delete") =>
  charged({ action, before: resource("shop/a", type, { ...inputs }) });

describe("one-off costs", () => {
  it("are a copy of the data where RDS takes the place of the in-cluster Postgres", () => {
    const server = resource("shop/postgres/cluster/server", "kubernetes:apps/v1:StatefulSet", {});
    expect(created(rds, {}, [server])).to.deep.equal([
      ["your copy of the data to RDS, between zones", "once", 20, 0.01, 0.2, "xfer.interaz"],
    ]);
    expect(created(rds, {})).to.deep.equal([]);
  });

  it("are zero, and say so, for the first copy to a replica and to a standby", () => {
    expect(created(rds, { replicateSourceDb: "a" })).to.deep.equal([
      ["first copy of the data to a read replica", "once", 10, 0, 0, null],
    ]);
    const multi = (multiAz: boolean) => resource("shop/a", rds, { multiAz });
    const updated = (from: boolean, to: boolean) =>
      charged({ action: "update", before: multi(from), after: multi(to) });
    expect(updated(false, true)).to.deep.equal([["first copy of the data to the standby", "once", 10, 0, 0, null]]);
    expect(updated(true, false)).to.deep.equal([]);
  });

  it("are the first copy of backups to another region, and the copies that stay after the last", () => {
    expect(created(copies, { region: "us-west-2" })).to.deep.equal([
      ["first copy of the backups to the second region", "once", 10, 0.02, 0.2, "xfer.region.usw2"],
    ]);
    // 10 GiB and 15 days' change of 0.5 GiB, for half a month.
    expect(deleted(copies, { region: "us-west-2", retentionPeriod: 15 })).to.deep.equal([
      ["copies of the backups, until they expire", "once", 8.75, 0.095, 0.83, "rds.backup.usw2.gb"],
    ]);
    expect(created(copies, { region: "eu-west-1" })).to.deep.equal([
      "first copy of the backups to the second region (shop/a): no price xfer.region.eu-west-1; give one with --prices",
    ]);
  });

  it("are the snapshots and backups that a deletion leaves", () => {
    const kept = { skipFinalSnapshot: false, backupRetentionPeriod: 6, deleteAutomatedBackups: false };
    const left = [
      ["final snapshot of the database", "monthly", 10, 0.095, 0.95, "rds.backup.gb"],
      ["automated backups, until they expire", "once", 2.6, 0.095, 0.25, "rds.backup.gb"],
    ];
    expect(deleted(rds, kept)).to.deep.equal(left);
    expect(deleted(rds, { ...kept, skipFinalSnapshot: true, deleteAutomatedBackups: true })).to.deep.equal([]);
    expect(deleted(rds, { replicateSourceDb: "a", skipFinalSnapshot: true })).to.deep.equal([]);
    expect(deleted(rds, kept, "retained")).to.deep.equal([]);
    const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
    expect(deleted(cache, { finalSnapshotIdentifier: "a" })).to.deep.equal([
      ["final snapshot of the cache", "monthly", 0.2, 0.085, 0.02, "elasticache.backup.gb"],
    ]);
    expect(deleted(cache, {})).to.deep.equal([]);
    expect(deleted("aws:ebs/volume:Volume", { size: 10, finalSnapshot: true })).to.deep.equal([
      ["final snapshot of the volume", "monthly", 5, 0.05, 0.25, "ebs.snapshot.gb"],
    ]);
    expect(deleted("aws:ebs/volume:Volume", { size: 10 })).to.deep.equal([]);
    expect(deleted("aws:kms/key:Key", { deletionWindowInDays: 30 })).to.deep.equal([
      ["KMS key while its deletion is pending", "once", 1, 0, 0, null],
    ]);
  });

  it("have no size where a plan file has none", () => {
    expect(deleted("aws:ebs/volume:Volume", { size: "huge", finalSnapshot: true })).to.deep.equal([
      "final snapshot of the volume (shop/a): its size is unknown",
    ]);
  });

  it("of a replacement are those of the deletion and the creation", () => {
    const replica = resource("shop/a", rds, { replicateSourceDb: "b" });
    const primary = resource("shop/a", rds, { skipFinalSnapshot: false });
    expect(charged({ action: "replace", before: primary, after: replica }).map(([item]) => item)).to.deep.equal([
      "final snapshot of the database",
      "first copy of the data to a read replica",
    ]);
  });

  it("are in order from the least to the most data, each with a page that says so", () => {
    for (const { source, change } of oneOffs) expect(source, change).to.match(/^https:\/\//);
    const [charge] = oneOffCharges(
      [],
      [{ path: "a", action: "create", after: resource("a", copies, { region: "us-west-2" }) }],
      costContextWith(),
    );
    if (typeof charge !== "object") throw new Error("no charge");
    expect(charge.usd).to.deep.equal({ low: 0.04, expected: 0.2, high: 1.2 });
  });

  it("charges nothing for a replica that goes: RDS takes no final snapshot of it", () => {
    expect(deleted(rds, { replicateSourceDb: "primary" })).to.deep.equal([]);
  });
});
