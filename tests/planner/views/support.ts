import type { Change } from "../../../planner/move/change";
import type { Plan } from "../../../planner/plan";
import { planned } from "../../support/planned";

/** A resource as a plan has it. */
export const resource = (path: string, type: string, inputs: Record<string, unknown>, protect = false) =>
  planned(path, type, inputs, {
    name: path.split("/").slice(1).join("-") || path,
    custom: !type.startsWith("tierstack:"),
    options: { protect, retainOnDelete: protect },
  });

/** An update in place of a database, as far as not given otherwise. */
export const change = (path: string, given: Partial<Change> = {}): Change => ({
  path,
  type: "aws:rds/instance:Instance",
  action: "update",
  data: false,
  properties: [],
  effect: "in place",
  ...given,
});

const bottleneck = {
  path: "shop/app/deployment",
  resource: "CPU of the application",
  requestsPerMinute: 61700,
  raisedBy: ["app.maxReplicas"],
};

/** A small plan. */
export const plan: Plan = {
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
  cost: {
    monthlyUsd: 290.5,
    low: 250,
    high: 410,
    budgetUsd: 300,
    basis: { region: "us-east-1", nodes: {} },
    items: [],
    notCounted: [],
  },
  capacity: {
    requestsPerMinute: 61700,
    queriesPerSecond: 2140,
    concurrentUsers: 3160,
    jobsPerMinute: 750,
    clientConnections: 5000,
    serverConnections: 99,
    maxConnections: 413,
    redisMemoryMiB: 384,
    low: { requestsPerMinute: 10500, queriesPerSecond: 490, concurrentUsers: 404, jobsPerMinute: 60 },
    high: { requestsPerMinute: 126000, queriesPerSecond: 6760, concurrentUsers: 10500, jobsPerMinute: 2100 },
    required: { requestsPerMinute: 20000, queriesPerSecond: 500, concurrentUsers: 1000 },
    missed: [],
    bottleneck,
    limits: [bottleneck],
    measured: null,
    assumptions: [],
  },
  duration: { minutes: 8.5, longest: { path: "shop/db", minutes: 8 }, path: [{ path: "shop/db", minutes: 8 }] },
};

/** A screen without colours. */
export const plain = { paint: (_: unknown, text: string) => text, width: 100 };

/** A screen that names its colours. */
export const named = { paint: (style: unknown, text: string) => `<${style}>${text}</>`, width: 100 };
