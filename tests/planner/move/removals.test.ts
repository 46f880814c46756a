import { expect } from "chai";
import { changesBetween } from "../../../planner/move/changes";
import { keptBy } from "../../../planner/move/removals";
import { planned } from "../../support/planned";

describe("removals", () => {
  it("name the setting that keeps what is protected and would be deleted", () => {
    const protect = { protect: true };
    const state = planned("state", "tierstack:cluster:K3sState", {}, { custom: false });
    const volume = planned("state/volume", "aws:ebs/volume:Volume", {}, { parent: "state", options: protect });
    const other = planned("volume", "aws:ebs/volume:Volume", {}, { options: protect });
    const postgres = planned("postgres", "tierstack:postgres:Postgres", {}, { custom: false });
    const database = "aws:rds/instance:Instance";
    const primary = planned("postgres/primary", database, {}, { options: protect });
    // A database of the user's own.
    const own = planned("db", database, {}, { options: protect });
    const changes = changesBetween([state, volume, other, postgres, primary, own], [state, postgres]);
    expect(changes.map(({ path, action, keep }) => [path, action, keep])).to.deep.equal([
      ["db", "refused", undefined],
      ["postgres/primary", "refused", "keep.managedStores"],
      ["state/volume", "refused", "keep.nodeState"],
      ["volume", "refused", undefined],
    ]);
    expect(keptBy(changes)).to.deep.equal([
      { keep: "keep.managedStores", paths: ["postgres/primary"] },
      { keep: "keep.nodeState", paths: ["state/volume"] },
    ]);
    const [lifted] = changesBetween([postgres, planned(primary.path, database)], [postgres]);
    expect(lifted).to.not.have.property("keep");
  });

  it("tell that data goes for every type that a policy wants protected, and for what is protected", () => {
    const types = ["aws:dynamodb/table:Table", "aws:efs/fileSystem:FileSystem", "aws:sqs/queue:Queue"];
    const changes = changesBetween(
      [
        ...types.map((type, at) => planned(`${at}`, type)),
        planned("queue", "aws:sqs/queue:Queue", {}, { options: { protect: true } }),
      ],
      [],
    );
    expect(changes.map(({ path, action, data }) => [path, action, data])).to.deep.equal([
      ["0", "delete", true],
      ["1", "delete", true],
      ["2", "delete", false],
      ["queue", "refused", true],
    ]);
  });
});
