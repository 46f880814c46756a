import { expect } from "chai";
import { treeView } from "../../../planner/views/tree";
import { plain, plan } from "./support";

describe("tree view", () => {
  it("draws the tree with sizes, marks what is protected, and stays within 100 columns", () => {
    const lines = treeView(plan, plain).split("\n");
    expect(lines.slice(0, 6)).to.deep.equal([
      "growth  tier growth, 3 resources, 1 protected (!)",
      "sized for 20000 requests/min, 500 queries/s; 5000 clients on 99 of 413 database connections",
      "",
      "shop",
      "├─ ! db                                     rds.Instance  db.t4g.medium, 20 GiB",
      "└─ net",
    ]);
    expect(lines).to.include(`${"   ├─ vpc".padEnd(44)}ec2.Vpc  10.0.0.0/16`);
    const asked = lines.indexOf("Looked up");
    expect(lines.slice(asked - 1, asked + 5)).to.deep.equal([
      "",
      "Looked up",
      `  getAmi                ${"long-".repeat(10)}lo…  ami-0123456789abcdef0`,
      `  getManagedPrefixList  ${"cloudfront".padEnd(53)}  pl-01234567`,
      "",
      "Note",
    ]);
    expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(100);
    expect(lines.filter((line) => /^ {2}- Say much/.test(line)).length).to.equal(1);
  });

  it("says what the nodes can allocate and what pods request, and where that is too much", () => {
    const pool = (pool: "general" | "node", cpu: number, memory: number) => ({
      pool,
      cpuMillicores: { requested: cpu, allocatable: 1800 },
      memoryMiB: { requested: memory, allocatable: 1204 },
    });
    const lines = (...pools: ReturnType<typeof pool>[]) => treeView(plan, plain, pools).split("\n").slice(2, -1);
    expect(
      lines(pool("node", 1800, 1204), pool("general", 1801, 1), pool("general", 1, 1205)).slice(0, 4),
    ).to.deep.equal([
      "node at every autoscaler's maximum: 1800m of 1800m CPU, 1204 of 1204 MiB requested",
      "general nodes at every autoscaler's maximum: 1801m of 1800m CPU, 1 of 1204 MiB requested: too much",
      "general nodes at every autoscaler's maximum: 1m of 1800m CPU, 1205 of 1204 MiB requested: too much",
      "",
    ]);
  });

  it("says nothing of look-ups where there are none", () => {
    expect(treeView({ ...plan, lookUps: [] }, plain)).to.not.contain("Looked up");
  });

  it("colours only where it is asked to", () => {
    expect(treeView(plan, plain)).to.not.contain("\u001b");
    expect(treeView(plan, (style, text) => `<${style}>${text}</>`)).to.contain("<bold>growth</>");
  });
});
