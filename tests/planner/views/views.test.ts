import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Plan, PlannedResource } from "../../../planner/plan";
import type { Recording } from "../../../planner/record/record";
import { Secret } from "../../../planner/record/values";
import { jsonView } from "../../../planner/views/json";
import { manifestFiles, notRendered, writeManifests } from "../../../planner/views/manifests";
import { summaryView } from "../../../planner/views/summary";
import { treeView } from "../../../planner/views/tree";

const plain = (_: unknown, text: string) => text;

const resource = (path: string, type: string, inputs: Record<string, unknown>, protect = false): PlannedResource => ({
  path,
  type,
  name: path.split("/").slice(1).join("-") || path,
  custom: !type.startsWith("tierstack:"),
  parent: path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : null,
  provider: null,
  dependsOn: [],
  inputs,
  options: { protect, retainOnDelete: protect, ignoreChanges: [], deleteBeforeReplace: false, aliases: [] },
});

const plan: Plan = {
  version: 1,
  project: "shop",
  stack: "growth",
  tier: "growth",
  resources: [
    resource("shop", "tierstack:platform:Platform", {}),
    resource("shop/db", "aws:rds/instance:Instance", { instanceClass: "db.t4g.medium", allocatedStorage: 20 }, true),
    resource("shop/net", "tierstack:network:Network", {}),
    resource("shop/net/vpc", "aws:ec2/vpc:Vpc", { tags: { b: 1, a: 2 }, cidrBlock: "10.0.0.0/16" }),
    resource(`shop/net/${"long-".repeat(20)}name`, "aws:ec2/subnet:Subnet", { cidrBlock: "10.0.0.0/20" }),
  ],
  lookUps: [
    {
      token: "aws:ec2/getAmi:getAmi",
      arguments: { owners: ["self"], filters: [{ values: ["long-".repeat(20)], name: "name" }] },
      result: { id: "ami-0123456789abcdef0" },
    },
    {
      token: "aws:ec2/getManagedPrefixList:getManagedPrefixList",
      arguments: { name: "cloudfront" },
      result: { id: "pl-01234567" },
    },
  ],
  outputs: { url: "https://shop.example.com", nextSteps: [`Say ${"much ".repeat(40)}`.trim()] },
  cost: null,
  capacity: {
    requestsPerMinute: 20000,
    queriesPerSecond: 500,
    concurrentUsers: 1000,
    clientConnections: 5000,
    serverConnections: 99,
    maxConnections: 413,
  },
};

describe("views", () => {
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
      `  getAmi                ${"long-".repeat(10)}l…  ami-0123456789abcdef0`,
      `  getManagedPrefixList  ${"cloudfront".padEnd(52)}  pl-01234567`,
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

  it("says every stack on a line", () => {
    expect(summaryView([plan], plain).split("\n")).to.deep.equal([
      "stack   tier    resources  cost of budget, USD/month  requests/min  clients : connections",
      "growth  growth  3          not priced yet, of 300     20000         5000 : 99",
      "",
    ]);
  });

  it("writes JSON in the order of the contract, inputs sorted", () => {
    const text = jsonView(plan);
    const parsed = JSON.parse(text);
    expect(Object.keys(parsed)).to.deep.equal([
      "version",
      "project",
      "stack",
      "tier",
      "resources",
      "lookUps",
      "outputs",
      "cost",
      "capacity",
    ]);
    expect(Object.keys(parsed.resources[3])).to.deep.equal([
      "path",
      "type",
      "name",
      "custom",
      "parent",
      "provider",
      "dependsOn",
      "inputs",
      "options",
    ]);
    expect(JSON.stringify(parsed.resources[3].inputs)).to.equal('{"cidrBlock":"10.0.0.0/16","tags":{"a":2,"b":1}}');
    expect(JSON.stringify(parsed.lookUps[0])).to.equal(
      `{"token":"aws:ec2/getAmi:getAmi","arguments":{"filters":[{"name":"name","values":["${"long-".repeat(20)}"]}],` +
        `"owners":["self"]},"result":{"id":"ami-0123456789abcdef0"}}`,
    );
  });
});

describe("manifests", () => {
  const object = (name: string, inputs: Record<string, unknown>) =>
    resource(`shop/app/${name}`, "kubernetes:core/v1:Secret", { apiVersion: "v1", kind: "Secret", ...inputs });
  const recording = (resources: PlannedResource[]): Recording => ({
    project: "shop",
    stack: "growth",
    resources,
    lookUps: [],
    outputs: {},
    problems: [],
  });
  const secret = object("env", { metadata: { name: "env" }, data: new Secret({ URL: "cGc6Ly9wdw==" }) });
  const chart = resource("shop/keda/release", "kubernetes:helm.sh/v3:Release", { chart: "keda" });

  it("shows a Secret's keys and none of its values", () => {
    const text = manifestFiles(recording([secret])).get("app-env.yaml") as string;
    expect(text.split("\n").slice(1).join("\n")).to.equal(
      'apiVersion: v1\nkind: Secret\nmetadata:\n  name: env\nstringData:\n  URL: "[secret]"\n',
    );
  });

  it("leaves out what is no object, and says so", () => {
    expect([...manifestFiles(recording([secret, chart])).keys()]).to.deep.equal(["app-env.yaml"]);
    expect(notRendered(recording([secret, chart]))).to.deep.equal(["shop/keda/release"]);
  });

  it("replaces its own files and leaves those of others", () => {
    const folder = mkdtempSync(join(tmpdir(), "tierstack-manifests-"));
    try {
      writeFileSync(join(folder, "mine.yaml"), "kind: Mine\n");
      expect(writeManifests(recording([secret, object("old", {})]), folder)).to.equal(2);
      expect(writeManifests(recording([secret]), folder)).to.equal(1);
      expect(readdirSync(folder).sort()).to.deep.equal(["app-env.yaml", "mine.yaml"]);
      expect(readFileSync(join(folder, "mine.yaml"), "utf8")).to.equal("kind: Mine\n");
      expect(() => writeManifests(recording([secret]), join(folder, "mine.yaml"))).to.throw(
        /^--manifests: given .*mine\.yaml; allowed: a folder, or a name that does not exist; fix: choose another$/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
