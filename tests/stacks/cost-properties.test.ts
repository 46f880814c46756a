/** What holds for the costs of any stack, use and prices. */
import { expect } from "chai";
import fc from "fast-check";
import { type Assumption, assumed, catalogueAssumptions } from "../../planner/cost/assumptions";
import { monthlyCostOf } from "../../planner/cost/cost";
import { combined, exact, levels } from "../../planner/cost/levels";
import { cataloguePrices, type Prices } from "../../planner/cost/prices";
import type { Cost, CostContext } from "../../planner/cost/types";
import { type Plan, planStack } from "../../planner/plan";
import { readProject, readStack } from "../../planner/stacks";
import { program } from "../../platform/program";
import { tierNames } from "../../tiers";
import { costContextWith } from "../support/cost-context";
import { planned } from "../support/planned";
import { testProject } from "../support/project";

const project = readProject(testProject());
const rds = "aws:rds/instance:Instance";
const sumsOf = ({ low, monthlyUsd, high }: Cost) => [low, monthlyUsd, high];

/** Whether no level of the cost falls. */
const isNoCheaper = (before: Cost, after: Cost) =>
  sumsOf(after).every((sum, at) => sum >= (sumsOf(before)[at] as number) - 1e-9);

describe("costs of any stack", () => {
  const plans: Plan[] = [];

  before(async function () {
    this.timeout(60_000);
    for (const tier of tierNames) plans.push((await planStack(project, readStack(project, tier), program())).plan);
  });

  const anyPlan = () => fc.constantFrom(...plans);
  const costOf = ({ tier, resources, cost }: Plan, given: Partial<CostContext> = {}) =>
    monthlyCostOf(resources, costContextWith({ tier: tier as CostContext["tier"], ...cost.basis, ...given }));
  const pricesTimes = (factor: number): Prices =>
    new Map([...cataloguePrices].map(([id, price]) => [id, { ...price, usd: price.usd * factor }]));

  it("do not fall when an assumption grows, and do not rise when what is free grows", () => {
    for (const id of catalogueAssumptions.keys())
      fc.assert(
        fc.property(anyPlan(), fc.double({ min: 1, max: 50, noNaN: true }), (plan, factor) => {
          const values = combined(
            (figure) => exact(figure * factor),
            assumed(catalogueAssumptions, id, plan.tier as never),
          );
          const assumption = { ...(catalogueAssumptions.get(id) as Assumption), values };
          const grown = costOf(plan, { assumptions: new Map([...catalogueAssumptions, [id, assumption]]) });
          const isFree = id.startsWith("free.");
          expect(isFree ? isNoCheaper(grown, costOf(plan)) : isNoCheaper(costOf(plan), grown), id).to.equal(true);
        }),
        { numRuns: 10 },
      );
  });

  it("do not fall when there is more of a resource", () => {
    /** A resource by two numbers, in the order of growth, and what prices it beside the catalogue. */
    const grown: Record<string, (count: number, size: number) => [string, object, Partial<CostContext>?]> = {
      "storage of a database": (count, size) => [
        rds,
        { instanceClass: "db.t4g.small", storageType: "gp3", allocatedStorage: 20 + size, multiAz: count > 25 },
      ],
      "retention of backups": (count) => [
        rds,
        { instanceClass: "db.t4g.small", storageType: "gp3", allocatedStorage: 20, backupRetentionPeriod: count },
      ],
      "shards and replicas of a cache": (count, size) => [
        "aws:elasticache/replicationGroup:ReplicationGroup",
        { engine: "valkey", nodeType: "cache.t4g.micro", numNodeGroups: 1 + count, replicasPerNodeGroup: size % 6 },
      ],
      "a volume": (_, size) => ["aws:ebs/volume:Volume", { type: "gp3", size }],
      "nodes of a group": (count, size) => [
        "aws:autoscaling/group:Group",
        {
          minSize: count,
          desiredCapacity: count + size,
          maxSize: count + 2 * size,
          mixedInstancesPolicy: { launchTemplate: { overrides: [{ instanceType: "t4g.small" }] } },
        },
      ],
      "nodes of a pool": (count, size) => [
        "kubernetes:karpenter.sh/v1:NodePool",
        {
          metadata: { name: "general" },
          spec: {
            limits: { cpu: 2 * (count + size) },
            template: {
              spec: { requirements: [{ key: "node.kubernetes.io/instance-type", values: ["m7g.large"] }] },
            },
          },
        },
        { nodes: { general: { low: count, expected: count + size } } },
      ],
      "interface endpoints": (count) => [
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        { vpcEndpointType: "Interface", subnetIds: Array.from({ length: count }, () => "subnet") },
      ],
      "rules of a firewall": (count) => [
        "aws:wafv2/webAcl:WebAcl",
        { rules: Array.from({ length: count }, () => ({})) },
      ],
    };
    const number = () => fc.nat({ max: 50 });
    for (const [what, make] of Object.entries(grown))
      fc.assert(
        fc.property(number(), number(), number(), number(), (count, size, moreCount, moreSize) => {
          // Replicas of a cache repeat after six: grow the other number alone.
          const sizeAfter = what.includes("cache") ? size : size + moreSize;
          const [before, after] = [make(count, size), make(count + moreCount, sizeAfter)].map(([type, inputs, given]) =>
            monthlyCostOf([planned("shop/a", type, { ...inputs })], costContextWith(given ?? {})),
          ) as [Cost, Cost];
          expect(isNoCheaper(before, after), what).to.equal(true);
          expect(before.high, what).to.be.at.least(before.monthlyUsd).and.at.least(0);
        }),
        { numRuns: 50 },
      );
  });

  it("do not fall when a stack gets another database or another node", () => {
    for (const plan of plans)
      for (const [type, inputs] of [
        [rds, { instanceClass: "db.t4g.small", storageType: "gp3", allocatedStorage: 20 }],
        ["aws:ec2/eip:Eip", {}],
        ["aws:ec2/natGateway:NatGateway", {}],
      ] as const) {
        const resources = [...plan.resources, planned("tierstack/zz", type, inputs)];
        expect(isNoCheaper(costOf(plan), costOf({ ...plan, resources })), `${plan.tier}: ${type}`).to.equal(true);
      }
  });

  it("are each twice as much at twice the prices, and nothing where every price is 0", () => {
    fc.assert(
      fc.property(anyPlan(), fc.integer({ min: 0, max: 8 }), (plan, factor) => {
        const [own, other] = [costOf(plan), costOf(plan, { prices: pricesTimes(factor) })];
        expect(other.items.map(({ path, item }) => [path, item])).to.deep.equal(
          own.items.map(({ path, item }) => [path, item]),
        );
        other.items.forEach((item, at) => {
          const before = own.items[at] as (typeof own.items)[number];
          expect(item.quantity).to.equal(before.quantity);
          expect(item.usdPerUnit).to.be.closeTo(before.usdPerUnit * factor, 1e-9);
        });
        // Each item is rounded to a cent, before and after.
        const rounding = own.items.length * 0.005 * (factor + 1);
        sumsOf(other).forEach((sum, at) => {
          expect(sum).to.be.closeTo((sumsOf(own)[at] as number) * factor, rounding);
        });
        if (factor === 0) expect(sumsOf(other)).to.deep.equal([0, 0, 0]);
      }),
      { numRuns: 40 },
    );
  });

  it("do not depend on the order of the resources", () => {
    fc.assert(
      fc.property(
        anyPlan().chain((plan) =>
          fc.tuple(fc.constant(plan), fc.shuffledSubarray(plan.resources, { minLength: plan.resources.length })),
        ),
        ([plan, resources]) => {
          expect(costOf({ ...plan, resources })).to.deep.equal(costOf(plan));
        },
      ),
      { numRuns: 20 },
    );
  });

  it("are in order: the least, the expected and the most use of every item", () => {
    for (const plan of plans)
      for (const item of costOf(plan).items) {
        const amounts = levels.map((level) => (level === "expected" ? item : item[level]).monthlyUsd);
        expect(amounts, `${plan.tier}: ${item.path}: ${item.item}`).to.deep.equal([...amounts].sort((a, b) => a - b));
      }
  });
});
