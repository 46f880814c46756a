import { expect } from "chai";
import { treeView } from "../../../planner/views/tree";
import { named, plain, plan, resource } from "./support";

describe("tree view", () => {
  it("draws the tree with sizes, marks what is protected, and stays within 100 columns", () => {
    const lines = treeView(plan, plain).split("\n");
    expect(lines.slice(0, 10)).to.deep.equal([
      "growth  tier growth, 3 resources, 1 protected (!)",
      "carries 61700 of 20000 requests/min, 2140 of 500 queries/s, 3160 of 1000 users (not measured); 5000",
      "  clients on 99 of 413 database connections",
      "at the worst and best assumptions 10500 and 126000 requests/min; 750 jobs/min; 384 MiB of Redis data",
      "first at its limit: CPU of the application (app/deployment); raised by app.maxReplicas",
      "first deployment: about 9 minutes, by db",
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
      "  getAmi  ami-0123456789abcdef0",
      `    ${"long-".repeat(19)}`,
      "    long-",
      "  getManagedPrefixList  pl-01234567",
    ]);
    expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(100);
    expect(lines.filter((line) => /^ {2}- Say much/.test(line)).length).to.equal(1);
  });

  it("leaves out the root of a path, whatever the project is called", () => {
    const [, , , , line] = treeView({ ...plan, project: "renamed" }, plain).split("\n");
    expect(line).to.equal("first at its limit: CPU of the application (app/deployment); raised by app.maxReplicas");
  });

  it("says what the nodes can allocate and what pods request, and where that is too much", () => {
    const pool = (pool: "general" | "node", cpu: number, memory: number) => ({
      pool,
      cpuMillicores: { requested: cpu, allocatable: 1800 },
      memoryMiB: { requested: memory, allocatable: 1204 },
    });
    const lines = (...pools: ReturnType<typeof pool>[]) => treeView(plan, plain, pools).split("\n").slice(5, -1);
    expect(
      lines(pool("node", 1800, 1204), pool("general", 1801, 1), pool("general", 1, 1205)).slice(0, 4),
    ).to.deep.equal([
      "node at every autoscaler's maximum: 1800m of 1800m CPU, 1204 of 1204 MiB requested",
      "general nodes at every autoscaler's maximum: 1801m of 1800m CPU, 1 of 1204 MiB requested: too much",
      "general nodes at every autoscaler's maximum: 1m of 1800m CPU, 1205 of 1204 MiB requested: too much",
      "first deployment: about 9 minutes, by db",
    ]);
  });

  it("goes on below where a name or its sizes do not fit, with the branches before it", () => {
    const resources = [
      resource("shop", "tierstack:platform:Platform", {}),
      resource(`shop/${"part-".repeat(9)}end`, "aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }),
      resource(
        "shop/db-primary",
        "aws:rds/instance:Instance",
        { instanceClass: "db.t4g.medium", allocatedStorage: 20 },
        true,
      ),
      resource("shop/db-primary/key", "aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }),
    ];
    const lines = treeView({ ...plan, resources, outputs: {}, lookUps: [] }, { ...plain, width: 40 }).split("\n");
    expect(lines.slice(lines.indexOf("shop"))).to.deep.equal([
      "shop",
      `├─ ${"part-".repeat(6)}`,
      `│     ${"part-".repeat(3)}end`,
      "│       ec2.Vpc  10.0.0.0/16",
      "└─ ! db-primary",
      "   │    rds.Instance  db.t4g.medium, 20",
      "   │    GiB",
      "   └─ key        ec2.Vpc  10.0.0.0/16",
      "",
      "USD a month",
      "  290.50 expected, 250.00 to 410.00;",
      "    budget 300",
      "",
    ]);
  });

  it("says what the sizes do not carry, and from what the estimate was fitted", () => {
    const measured = { file: "result.json", date: "2026-11-20", points: 9, residual: 0.02, fitted: ["readCpuMs"] };
    const capacity = { ...plan.capacity, requestsPerMinute: 900, missed: ["requestsPerMinute" as const], measured };
    expect(treeView({ ...plan, capacity }, plain).split("\n")[1]).to.equal(
      "carries 900 of 20000 requests/min (too few), 2140 of 500 queries/s, 3160 of 1000 users (fitted from",
    );
    const without = { ...plan.capacity, required: { clientConnections: 10000 } };
    expect(treeView({ ...plan, capacity: without }, plain).split("\n")[1]).to.equal(
      "carries 61700 requests/min, 2140 queries/s, 3160 users (not measured); 5000 of 10000 clients on 99",
    );
  });

  it("says nothing of look-ups where there are none", () => {
    expect(treeView({ ...plan, lookUps: [] }, plain)).to.not.contain("Looked up");
  });

  it("colours only where it is asked to", () => {
    expect(treeView(plan, plain)).to.not.contain("\u001b");
    expect(treeView(plan, named)).to.contain("<bold>growth</>").and.to.contain("(<yellow>!</>)");
  });
});
