import { expect } from "chai";
import { durationOf, durationOfMove, type Operation } from "../../../planner/duration/duration";
import { planned } from "../../support/planned";

const database = "aws:rds/instance:Instance";
const distribution = "aws:cloudfront/distribution:Distribution";
const bucket = "aws:s3/bucket:Bucket";

const stack = [
  planned("db", database),
  planned("replica", database, { replicateSourceDb: "db" }, { dependsOn: ["db"] }),
  planned("edge", distribution),
  planned("in-edge", bucket, {}, { parent: "edge" }),
];

describe("the duration of a first deployment", () => {
  it("is the longest path over dependencies", () => {
    expect(durationOf(stack)).to.deep.equal({
      minutes: 17,
      longest: { path: "replica", minutes: 9 },
      path: [
        { path: "db", minutes: 8 },
        { path: "replica", minutes: 9 },
      ],
    });
  });

  it("waits for parents and providers", () => {
    const child = planned("in-edge", bucket, {}, { parent: "edge" });
    expect(durationOf([planned("edge", distribution), child]).minutes).to.equal(4.1);
    const provided = planned("object", bucket, {}, { provider: "edge" });
    expect(durationOf([planned("edge", distribution), provided]).minutes).to.equal(4.1);
  });

  it("is nothing for nothing", () => {
    expect(durationOf([])).to.deep.equal({ minutes: 0, longest: null, path: [] });
  });
});

describe("the duration of a move", () => {
  const action = (path: string, action: string) => ({ path, action });

  it("counts what changes, and passes through what does not", () => {
    const to = stack.map((one) =>
      one.path === "replica" ? { ...one, inputs: { ...one.inputs, multiAz: true } } : one,
    );
    expect(durationOfMove(stack, to, [action("replica", "update")])).to.deep.equal({
      minutes: 10,
      longest: { path: "replica", minutes: 10 },
      path: [{ path: "replica", minutes: 10 }],
    });
    expect(durationOfMove(stack, stack, []).minutes).to.equal(0);
  });

  it("deletes at the end, what depends first", () => {
    const { minutes, path } = durationOfMove(
      stack,
      [planned("new", distribution)],
      ["db", "replica", "edge", "in-edge"].map((path) => action(path, "delete")).concat(action("new", "create")),
    );
    expect(path.map((step) => step.path)).to.deep.equal(["new", "replica", "db"]);
    expect(minutes).to.equal(12);
  });

  it("creates a replacement before it deletes, unless the change says otherwise", () => {
    const db = planned("db", database);
    const user = planned("user", distribution, {}, { dependsOn: ["db"] });
    const move = (replacement: Operation) =>
      durationOfMove([db, user], [db, user], [replacement, action("user", "update")]).path;
    expect(move(action("db", "replace"))).to.deep.equal([
      { path: "db", minutes: 8 },
      { path: "user", minutes: 4 },
      { path: "db", minutes: 4 },
    ]);
    expect(move({ ...action("db", "replace"), deletedFirst: true })).to.deep.equal([
      { path: "db", minutes: 12 },
      { path: "user", minutes: 4 },
    ]);
  });

  it("counts no change that is refused, and nothing that stays", () => {
    expect(durationOfMove(stack, [], [action("db", "refused"), action("replica", "retained")]).minutes).to.equal(0);
  });

  it("names the longest of the deletions too", () => {
    const database = planned("db", "aws:rds/instance:Instance");
    const { longest } = durationOfMove([database], [], [{ path: "db", action: "delete" }]);
    expect(longest?.path).to.equal("db");
  });
});
