import { expect } from "chai";
import type { Change } from "../../../planner/move/changes";
import { diffView } from "../../../planner/views/diff";
import { named, plain } from "./support";

const change = (path: string, given: Partial<Change> = {}): Change => ({
  path,
  type: "aws:rds/instance:Instance",
  action: "update",
  data: false,
  properties: [],
  ...given,
});
const view = (...changes: Change[]) => diffView({ from: "startup", to: "growth", changes }, plain).split("\n");

describe("diff view", () => {
  it("begins with the verdict on data", () => {
    expect(view()).to.deep.equal([
      "startup -> growth  no change",
      "Data is safe: nothing that holds it is replaced or deleted.",
      "",
    ]);
    expect(
      view(change("db", { action: "delete", data: true }), change("db2", { action: "replace", data: true }))[1],
    ).to.equal("Data would be lost: the move replaces or deletes 2 resources that hold it.");
    expect(view(change("db", { action: "refused", data: true }))[1]).to.equal(
      "The engine stops this move: it would replace or delete 1 protected resource.",
    );
    const kept = { action: "refused", data: true, keep: "keep.nodeState" } as const;
    expect(view(change("volume", kept), change("db", { action: "refused" })).slice(1, 3)).to.deep.equal([
      "The engine stops this move: it would replace or delete 2 protected resources. Set keep.nodeState to",
      "  true to keep 1 of them.",
    ]);
    expect(view(change("sg", { action: "delete" }))[1]).to.match(/^Data is safe/);
  });

  it("groups changes by what a reader wants to see first, each with the properties that cause it", () => {
    expect(
      view(
        change("new", { action: "create" }),
        change("db", { properties: ["instanceClass", "multiAz"], data: true }),
        change("job", { action: "replace", type: "kubernetes:batch/v1:Job", properties: ["spec.template"] }),
        change("volume", { action: "retained", data: true }),
      ),
    ).to.deep.equal([
      "startup -> growth  1 replace, 1 retained, 1 update, 1 create",
      "Data is safe: nothing that holds it is replaced or deleted.",
      "",
      "replace",
      "  +-  job  Job  spec.template",
      "",
      "retained",
      "  =  volume  rds.Instance (data)",
      "",
      "update",
      "  ~  db  rds.Instance (data)  instanceClass, multiAz",
      "",
      "create",
      "  +  new  rds.Instance",
      "",
    ]);
  });

  it("tells a change that would break the stack from one that AWS refuses", () => {
    const refused = { action: "refused" as const, properties: ["keepers"], reason: "two steps at once" };
    const [, verdict] = view(change("password", { ...refused, refusedBy: "tierstack" }));
    expect(verdict).to.equal("This move would break the stack: 1 change is refused.");
  });

  it("tells why AWS refuses a change, and what to check before another, below it", () => {
    const reason = "size 10 -> 8: EBS cannot shrink a volume; keep 10 GiB or more";
    const lines = view(
      change("volume", { action: "refused", data: true, properties: ["size"], reason }),
      change("db", { properties: ["allocatedStorage"], note: "allocatedStorage stays 50 GiB" }),
    );
    expect(lines.slice(1)).to.deep.equal([
      "AWS stops this move: it refuses 1 change.",
      "",
      "refused",
      "  x  volume  rds.Instance (data)  size",
      `       ${reason}`,
      "",
      "update",
      "  ~  db  rds.Instance  allocatedStorage",
      "       allocatedStorage stays 50 GiB",
      "",
    ]);
  });

  it("asks for maintenance where changes interrupt the product, and says how below each", () => {
    const lines = view(
      change("db", { properties: ["instanceClass"], data: true, downtime: "RDS restarts: minutes" }),
      change("cache", { properties: ["nodeType"], note: "memory shrinks", downtime: "connections break: seconds" }),
    );
    expect(lines.slice(1)).to.deep.equal([
      "Data is safe: nothing that holds it is replaced or deleted.",
      "2 changes (!) interrupt the product: turn on maintenance first (docs/moving.md#maintenance).",
      "",
      "update",
      "  ~  db     rds.Instance (data)  instanceClass",
      "       ! RDS restarts: minutes",
      "  ~  cache  rds.Instance         nodeType",
      "       memory shrinks",
      "       ! connections break: seconds",
      "",
    ]);
    expect(view(change("db", { downtime: "RDS restarts: minutes" }))[2]).to.equal(
      "1 change (!) interrupts the product: turn on maintenance first (docs/moving.md#maintenance).",
    );
  });

  it("cuts no property: a list that is too long goes on below", () => {
    const properties = ["allocatedStorage", "backupRetentionPeriod", "instanceClass", "maxAllocatedStorage", "multiAz"];
    const lines = view(
      change("tierstack/postgres/primary", { properties, data: true }),
      change("sg", { properties: ["a"] }),
    );
    expect(lines.slice(4)).to.deep.equal([
      "  ~  tierstack/postgres/primary  rds.Instance (data)",
      "       allocatedStorage, backupRetentionPeriod, instanceClass, maxAllocatedStorage, multiAz",
      "  ~  sg                          rds.Instance         a",
      "",
    ]);
  });

  it("fits a narrow screen: the type stands as near as it can, or below the path", () => {
    const changes = [
      change("tierstack/a", { action: "create" }),
      change("tierstack/security-groups/origin-https", {
        action: "create",
        type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      }),
      change("tierstack/security-groups/node", { action: "create" }),
    ];
    const lines = diffView({ from: "a", to: "b", changes }, { ...plain, width: 50 }).split("\n");
    expect(lines.slice(-5)).to.deep.equal([
      `  +  ${"tierstack/a".padEnd(25)}  rds.Instance`,
      "  +  tierstack/security-groups/origin-https",
      "       vpc.SecurityGroupIngressRule",
      "  +  tierstack/security-groups/node  rds.Instance",
      "",
    ]);
  });

  it("colours each action, and stays within 100 columns", () => {
    const long = change("p".repeat(90), { properties: ["q".repeat(70), "r".repeat(70)], action: "delete" });
    expect(Math.max(...view(long).map((line) => line.length))).to.be.at.most(100);
    const coloured = diffView({ from: "a", to: "b", changes: [long] }, named);
    expect(coloured).to.contain("<red>  -  ppp").and.to.contain("<bold>a -> b</>");
  });
});
