import { expect } from "chai";
import type { Change, PropertyChange } from "../../../planner/move/change";
import { diffView } from "../../../planner/views/diff";
import { change, named, plain } from "./support";

const property = (name: string): PropertyChange => ({ property: name, before: 1, after: 2, replaces: false });
const view = (...changes: Change[]) =>
  diffView({ from: "startup", to: "growth", changes, phases: [] }, plain).split("\n");

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
    const keeps = (...changes: Change[]) =>
      / to keep (.+?)\.$/.exec(
        view(...changes)
          .slice(1, 3)
          .join(" ")
          .trim()
          .replaceAll(/\s+/g, " "),
      )?.[1];
    expect(keeps(change("volume", kept))).to.equal("it");
    expect(keeps(change("volume", kept), change("key", kept))).to.equal("both");
    expect(view(change("sg", { action: "delete" }))[1]).to.match(/^Data is safe/);
  });

  it("groups changes by what a reader wants to see first, each with the properties that cause it", () => {
    expect(
      view(
        change("new", { action: "create" }),
        change("db", { properties: [property("instanceClass"), property("multiAz")], data: true }),
        change("job", { action: "replace", type: "kubernetes:batch/v1:Job", properties: [property("spec.template")] }),
        change("volume", { action: "retained", data: true }),
      ),
    ).to.deep.equal([
      "startup -> growth  1 replace, 1 retained, 1 update, 1 create",
      "Data is safe: nothing that holds it is replaced or deleted.",
      "",
      "replace",
      "  +-  job  Job",
      "       spec.template: 1 -> 2",
      "",
      "retained",
      "  =  volume  rds.Instance (data)",
      "",
      "update",
      "  ~  db  rds.Instance (data)",
      "       instanceClass: 1 -> 2",
      "       multiAz: 1 -> 2",
      "",
      "create",
      "  +  new  rds.Instance",
      "",
    ]);
  });

  it("tells a change that would break the stack from one that AWS refuses", () => {
    const refused = { action: "refused" as const, properties: [property("keepers")], reason: "two steps at once" };
    const [, verdict] = view(change("password", { ...refused, refusedBy: "tierstack" }));
    expect(verdict).to.equal("This move would break the stack: 1 change is refused.");
  });

  it("tells who refuses changes", () => {
    const refused = (refusedBy: "AWS" | "Kubernetes") =>
      change(refusedBy, { action: "refused", reason: "a is immutable", refusedBy });
    expect(view(refused("Kubernetes"))[1]).to.equal("Kubernetes stops this move: it refuses 1 change.");
    expect(view(refused("Kubernetes"), refused("AWS"))[1]).to.equal(
      "AWS and Kubernetes stop this move: they refuse 2 changes.",
    );
  });

  it("tells why AWS refuses a change, and what to check before another, below it", () => {
    const reason = "size 10 -> 8: EBS cannot shrink a volume; keep 10 GiB or more (nodes.dataVolumeGiB)";
    const lines = view(
      change("volume", { action: "refused", data: true, properties: [property("size")], reason, refusedBy: "AWS" }),
      change("db", { properties: [property("allocatedStorage")], note: "allocatedStorage stays 50 GiB" }),
    );
    expect(lines.slice(1)).to.deep.equal([
      "AWS stops this move: it refuses 1 change.",
      "",
      "refused",
      "  x  volume  rds.Instance (data)",
      "       size: 1 -> 2",
      `       ${reason}`,
      "",
      "update",
      "  ~  db  rds.Instance",
      "       allocatedStorage: 1 -> 2",
      "       allocatedStorage stays 50 GiB",
      "",
    ]);
  });

  it("asks for maintenance where changes interrupt the product, and says how below each", () => {
    const lines = view(
      change("db", { properties: [property("instanceClass")], data: true, downtime: "RDS restarts: minutes" }),
      change("cache", {
        properties: [property("nodeType")],
        note: "memory shrinks",
        downtime: "connections break: seconds",
      }),
    );
    expect(lines.slice(1)).to.deep.equal([
      "Data is safe: nothing that holds it is replaced or deleted.",
      "2 changes (!) interrupt the product: turn on maintenance first (docs/moving.md#maintenance).",
      "",
      "update",
      "  ~  db     rds.Instance (data)",
      "       instanceClass: 1 -> 2",
      "       ! RDS restarts: minutes",
      "  ~  cache  rds.Instance",
      "       nodeType: 1 -> 2",
      "       memory shrinks",
      "       ! connections break: seconds",
      "",
    ]);
    expect(view(change("db", { downtime: "RDS restarts: minutes" }))[2]).to.equal(
      "1 change (!) interrupts the product: turn on maintenance first (docs/moving.md#maintenance).",
    );
  });

  it("cuts no property: each has its line below the resource", () => {
    const properties = ["allocatedStorage", "backupRetentionPeriod", "instanceClass"].map(property);
    const lines = view(
      change("tierstack/postgres/primary", { properties, data: true }),
      change("sg", { properties: [property("a")] }),
    );
    expect(lines.slice(4)).to.deep.equal([
      "  ~  tierstack/postgres/primary  rds.Instance (data)",
      "       allocatedStorage: 1 -> 2",
      "       backupRetentionPeriod: 1 -> 2",
      "       instanceClass: 1 -> 2",
      "  ~  sg                          rds.Instance",
      "       a: 1 -> 2",
      "",
    ]);
  });

  it("tells what carries a change onward and what is deleted first; then the steps with their checks, then the rest", () => {
    const carried = change("job", {
      action: "replace",
      cause: "namespace",
      deletedFirst: true,
      properties: [{ property: "metadata.namespace", before: "a", after: "[unknown]", replaces: true }],
    });
    const held = change("map", { action: "replace", cause: "provider" });
    const others = [change("sg", { action: "delete" }), change("db"), change("new", { action: "create" })];
    const phases = [{ title: "Move", commands: ["npx pulumi up -s a"], check: "it answers" }];
    expect(
      diffView({ from: "a", to: "b", changes: [carried, held, ...others], phases }, plain)
        .split("\n")
        .slice(1),
    ).to.deep.equal([
      "Data is safe: nothing that holds it is replaced or deleted.",
      "",
      "replace",
      "  +-  job  rds.Instance",
      "       metadata.namespace: a -> [unknown] (replaces)",
      "       is replaced because namespace is replaced",
      "       deleted first: gone until its replacement is there",
      "  +-  map  rds.Instance",
      "       its provider changes, so it is replaced",
      "",
      "delete",
      "  -  sg  rds.Instance",
      "",
      "phases",
      "  1. Move",
      "       npx pulumi up -s a",
      "     check: it answers",
      "",
      "update",
      "  ~  db  rds.Instance",
      "",
      "create",
      "  +  new  rds.Instance",
      "",
    ]);
  });

  it("shows long values by the lines in which they differ: every one of a replacement, the first twelve of an update", () => {
    const settings = (from: number) => Array.from({ length: 20 }, (_, at) => `key ${at} = ${from + at}`);
    const texts = (from: number) => ["[main]", ...settings(from), "end"].join("\n");
    const properties = [{ property: "data", before: texts(0), after: texts(100), replaces: true }];
    const shown = (action: "replace" | "update") => view(change("x", { action, properties })).slice(5, -1);
    const lines = (from: number, sign: string) => settings(from).map((line) => `         ${sign} ${line}`);
    const all = [...lines(0, "-"), ...lines(100, "+")];
    expect(shown("replace")).to.deep.equal(["       data: (replaces)", ...all]);
    expect(shown("update")).to.deep.equal([
      "       data: (replaces)",
      ...all.slice(0, 12),
      "         … 28 more lines (--format json has them)",
    ]);
    const more = [{ property: "rules", before: [{ port: 80 }], after: [{ port: 80 }, { to: "a".repeat(120) }] }];
    expect(
      view(change("x", { properties: more.map((one) => ({ ...one, replaces: false })) }))
        .slice(5, -1)
        .map((line) => line.trim()),
    ).to.deep.equal(["rules:", `+ {"to":"${"a".repeat(82)}`, `${"a".repeat(38)}"}`]);
  });

  it("shows short values, and a long one without lines that differ, beside each other and whole", () => {
    const [before, after] = ["b".repeat(110), `${"c".repeat(110)}`];
    const pair = { property: "p", replaces: false };
    const wide = (given: object) =>
      diffView(
        { from: "a", to: "b", changes: [change("x", { properties: [{ ...pair, ...given }] })], phases: [] },
        {
          ...plain,
          width: 2_000,
        },
      )
        .split("\n")
        .at(-2);
    expect(wide({ before, after })).to.equal(`       p: ${before} -> ${after}`);
    const [ended, line] = [`${"a".repeat(130)}\n`, "a".repeat(130)];
    expect(wide({ before: line, after: ended })).to.equal(`       p: ${line} -> ${line}\\n`);
  });

  it("shows what a terminal would obey as text", () => {
    const properties = [property("b\u0007"), { ...property("c"), after: "\u009b31m\u202e" }];
    expect(view(change("a\u001b[31m", { properties })).slice(4, 7)).to.deep.equal([
      "  ~  a\\u001b[31m  rds.Instance",
      "       b\\u0007: 1 -> 2",
      "       c: 1 -> \\u009b31m\\u202e",
    ]);
    const phases = [{ title: "Move", commands: ["npx pulumi up -s \u001b[2J"], check: "it answers" }];
    expect(diffView({ from: "a", to: "b", changes: [], phases }, plain)).to.contain("-s \\u001b[2J");
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
    const lines = diffView({ from: "a", to: "b", changes, phases: [] }, { ...plain, width: 50 }).split("\n");
    expect(lines.slice(-5)).to.deep.equal([
      `  +  ${"tierstack/a".padEnd(25)}  rds.Instance`,
      "  +  tierstack/security-groups/origin-https",
      "       vpc.SecurityGroupIngressRule",
      "  +  tierstack/security-groups/node  rds.Instance",
      "",
    ]);
  });

  it("colours each action, and stays within 100 columns", () => {
    const long = change("p".repeat(90), {
      properties: [property("q".repeat(70)), property("r".repeat(70))],
      action: "delete",
    });
    expect(Math.max(...view(long).map((line) => line.length))).to.be.at.most(100);
    const coloured = diffView({ from: "a", to: "b", changes: [long], phases: [] }, named);
    expect(coloured).to.contain("<red>  -  ppp").and.to.contain("<bold>a -> b</>");
  });
});
