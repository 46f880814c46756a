import { expect } from "chai";
import durations from "../../../planner/catalogues/durations.json";
import { minutesToCreate, minutesToDelete, minutesToUpdate } from "../../../planner/duration/minutes";
import { planned } from "../../support/planned";

const database = "aws:rds/instance:Instance";
const { [database]: rds } = durations.types;

describe("minutes of an operation", () => {
  it("are those of the type, or of the variant that the inputs match", () => {
    expect(minutesToCreate(planned("db", database))).to.equal(rds.create);
    expect(minutesToCreate(planned("db", database, { multiAz: false }))).to.equal(rds.create);
    expect(minutesToCreate(planned("db", database, { replicateSourceDb: "a", multiAz: false }))).to.equal(9);
    expect(minutesToCreate(planned("db", database, { multiAz: true }))).to.equal(13);
    expect(minutesToDelete(planned("db", database, { multiAz: true }))).to.equal(rds.delete);
  });

  it("of an update follow the changed property that takes longest", () => {
    const before = planned("db", database, { instanceClass: "a", allocatedStorage: 20, tags: {} });
    const changed = (inputs: object) => planned("db", database, { ...before.inputs, ...inputs });
    expect(minutesToUpdate(before, changed({ tags: { a: "b" } }))).to.equal(rds.update);
    expect(minutesToUpdate(before, changed({ instanceClass: "b", allocatedStorage: 30 }))).to.equal(
      rds.properties.instanceClass,
    );
  });

  it("of an update add up what the provider changes in calls of their own", () => {
    const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
    const { [cache]: known } = durations.types;
    const before = planned("cache", cache, {
      nodeType: "a",
      numNodeGroups: 1,
      authToken: "a",
      snapshotRetentionLimit: 1,
    });
    const changed = (inputs: object) => planned("cache", cache, { ...before.inputs, ...inputs });
    const { nodeType, numNodeGroups, authToken } = known.properties;
    expect(minutesToUpdate(before, changed({ numNodeGroups: 3 }))).to.equal(numNodeGroups);
    expect(minutesToUpdate(before, changed({ numNodeGroups: 3, snapshotRetentionLimit: 7 }))).to.equal(
      numNodeGroups + known.update,
    );
    expect(minutesToUpdate(before, changed({ numNodeGroups: 3, nodeType: "b", authToken: "b" }))).to.equal(
      numNodeGroups + nodeType + authToken,
    );
  });

  it("are the package's for a type that the catalogue does not name, and nothing for a component", () => {
    expect(minutesToCreate(planned("queue", "aws:sqs/queue:Queue"))).to.equal(durations.packages.aws.minutes);
    expect(minutesToCreate(planned("zone", "gcp:dns/zone:Zone"))).to.equal(durations.others.minutes);
    expect(minutesToCreate({ ...planned("c", "tierstack:edge:Edge"), custom: false })).to.equal(0);
  });

  it("have a source each", () => {
    const entries = [...Object.values(durations.types), ...Object.values(durations.packages), durations.others];
    expect(entries.filter(({ source }) => source.length < 5)).to.deep.equal([]);
  });
});
