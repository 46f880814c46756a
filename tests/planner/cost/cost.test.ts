import { expect } from "chai";
import { type Assumption, catalogueAssumptions } from "../../../planner/cost/assumptions";
import { hourlyUsdOf, monthlyCostOf } from "../../../planner/cost/cost";
import { cataloguePrices, type Price } from "../../../planner/cost/prices";
import { planStack } from "../../../planner/plan";
import { refuseViolations } from "../../../planner/policy";
import { readProject, readStack } from "../../../planner/stacks";
import { costContextWith } from "../../support/cost-context";
import { testProject } from "../../support/project";
import { resource } from "../views/support";

const project = readProject(testProject());
const planOf = async (stack: string) =>
  (await planStack(project, readStack(project, stack), require("../../../index"))).plan;

const context = costContextWith();

describe("monthly cost", () => {
  it("is 0 on an existing cluster, and inside the budget of every tier but MVP", async () => {
    expect((await planOf("local")).cost).to.deep.include({ monthlyUsd: 0, low: 0, high: 0, items: [], notCounted: [] });
    for (const stack of ["startup", "growth", "scale"]) {
      const { monthlyUsd, budgetUsd } = (await planOf(stack)).cost;
      expect(monthlyUsd, stack).to.be.at.most(budgetUsd);
    }
    expect((await planOf("mvp")).cost.monthlyUsd)
      .to.be.above(10)
      .and.below(12);
  });

  it("uses RDS's own prices for Multi-AZ", () => {
    const inputs = { instanceClass: "db.t4g.small", allocatedStorage: 20, storageType: "gp3", multiAz: true };
    const { items } = monthlyCostOf([resource("db", "aws:rds/instance:Instance", inputs)], context);
    expect(items.slice(0, 2).map(({ priceId, usdPerUnit }) => [priceId, usdPerUnit])).to.deep.equal([
      ["rds.pg.multi.db.t4g.small", 0.065],
      ["rds.gp3.multi.gb", 0.23],
    ]);
  });

  it("names what nobody has judged, and what has no price", () => {
    const own = resource("shop/queue", "aws:sqs/queue:Queue", {});
    const odd = resource("shop/disk", "aws:ebs/volume:Volume", { size: 5, type: "io2" });
    expect(monthlyCostOf([odd, own], context)).to.deep.include({
      monthlyUsd: 0,
      notCounted: [
        "shop/queue (aws:sqs/queue:Queue): not judged",
        "taxes and AWS Support",
        "volume, 5 GiB of shop/disk: no price ebs.io2.gb; give one with --prices",
      ],
    });
  });

  it("says how many prices are another region's, until --prices gives those of the stack's", () => {
    const resources = [
      resource("shop/disk", "aws:ebs/volume:Volume", { size: 5, type: "gp3" }),
      resource("shop/address", "aws:ec2/eip:Eip", {}),
      // The price of a zone is the same everywhere.
      resource("shop/zone", "aws:route53/zone:Zone", {}),
    ];
    const notesWith = (region: string, given: Record<string, string | undefined>) => {
      const own = Object.entries(given).map(([id, of]) => {
        const { region: _, ...price } = cataloguePrices.get(id) as Price;
        return [id, { ...price, ...(of && { region: of }) }] as const;
      });
      const prices = new Map([...cataloguePrices, ...own]);
      return monthlyCostOf(resources, { ...context, region, prices }).notCounted.slice(1);
    };
    const note = (region: string, number: number, whose: string) => [
      `the difference to the prices of ${region}: ${number} of 3 are those of ${whose}, because --prices gives no others`,
    ];
    const here = "eu-central-1";
    expect(notesWith("us-east-1", {})).to.deep.equal([]);
    expect(notesWith(here, {})).to.deep.equal(note(here, 2, "us-east-1"));
    expect(notesWith(here, { "ebs.gp3.gb": here })).to.deep.equal(note(here, 1, "us-east-1"));
    expect(notesWith(here, { "ebs.gp3.gb": here, "vpc.ipv4.inuse": here })).to.deep.equal([]);
    // A file that names no region is about the stack's.
    expect(notesWith(here, { "ebs.gp3.gb": undefined, "vpc.ipv4.inuse": undefined })).to.deep.equal([]);
    // A file of another region says so at every stack.
    const elsewhere = { "ebs.gp3.gb": "eu-west-1", "vpc.ipv4.inuse": "eu-west-1" };
    expect(notesWith("us-east-1", elsewhere)).to.deep.equal(note("us-east-1", 2, "eu-west-1"));
    expect(notesWith(here, { "ebs.gp3.gb": "eu-west-1" })).to.deep.equal(note(here, 2, "eu-west-1 and us-east-1"));
  });

  it("of an hour counts what exists, not what is used", async () => {
    const { cost } = await planOf("scale");
    expect(hourlyUsdOf(cost, "tierstack/network/nat-0")).to.equal(0.045);
    expect(hourlyUsdOf(cost, "tierstack/network/vpc")).to.equal(0);
  });

  it("is compared with the user's own limit, which no accepted excess of the tier's softens", async () => {
    const stack = readStack(project, "mvp");
    const limits = async () => {
      const { budgetUsd, accepted } = (await planStack(project, stack, require("../../../index"))).plan.cost;
      return [budgetUsd, accepted?.upToUsd];
    };
    expect(await limits()).to.deep.equal([10, 12]);
    stack.config["tierstack:budgetUsd"] = "25";
    expect(await limits()).to.deep.equal([25, undefined]);
  });

  it("shares the traffic among NAT gateways", () => {
    const through = (...names: string[]) =>
      monthlyCostOf(
        names.map((name) => resource(name, "aws:ec2/natGateway:NatGateway", {})),
        context,
      )
        .items.filter(({ item }) => item.includes("data through"))
        .reduce((sum, { quantity }) => sum + quantity, 0);
    expect(through("a")).to.be.above(0);
    expect(through("a", "b")).to.be.closeTo(through("a"), 1e-6);
  });

  it("expects no fewer backups than at least", () => {
    const assumptions = new Map(catalogueAssumptions);
    const set = (id: string, values: { low: number; expected: number; high: number } | number) =>
      assumptions.set(id, { ...(catalogueAssumptions.get(id) as Assumption), values });
    set("database.storedGib", { low: 18, expected: 100, high: 100 });
    set("database.changeGib", 10);
    const inputs = {
      instanceClass: "db.t4g.small",
      storageType: "gp3",
      allocatedStorage: 20,
      maxAllocatedStorage: 500,
      backupRetentionPeriod: 7,
    };
    const database = resource("db", "aws:rds/instance:Instance", inputs);
    const { items } = monthlyCostOf([database], { ...context, assumptions });
    const backups = items.find(({ item }) => item.startsWith("backups"));
    expect(backups?.low.quantity).to.be.above(0);
    expect(backups?.quantity).to.be.at.least(backups?.low.quantity as number);
  });

  it("expects no more nodes of a pool than its limit allows", () => {
    const requirements = [{ key: "node.kubernetes.io/instance-type", values: ["t4g.large"] }];
    const pool = resource("pool", "kubernetes:karpenter.sh/v1:NodePool", {
      metadata: { name: "general" },
      spec: { limits: { cpu: "2" }, template: { spec: { requirements } } },
    });
    const { items } = monthlyCostOf([pool], { ...context, nodes: { general: { low: 1, expected: 3 } } });
    expect(items).to.have.length.above(0);
    for (const { item, quantity, high } of items) expect(quantity, item).to.be.at.most(high.quantity);
  });

  it("says what of it a setting keeps of the tier before, which the budget accepts", async () => {
    const stack = readStack(project, "mvp");
    const own = (await planOf("mvp")).cost;
    expect(own).to.not.have.property("kept");
    stack.config["tierstack:keep"] = '{"managedStores": true}';
    const planned = await planStack(project, stack, require("../../../index"));
    const { monthlyUsd, budgetUsd, accepted, kept, basis } = planned.plan.cost;
    expect(kept).to.deep.include({
      settings: ["keep.managedStores"],
      paths: ["tierstack/postgres/primary", "tierstack/redis/cluster"],
    });
    expect(basis.keeps).to.deep.equal(["keep.managedStores"]);
    // Without them RDS makes no backups, and the nightly dumps are paid for again.
    expect(kept?.monthlyUsd).to.be.closeTo(monthlyUsd - own.monthlyUsd, 0.001);
    expect([budgetUsd, accepted?.upToUsd]).to.deep.equal([10, 12]);
    expect(() => refuseViolations(planned)).to.not.throw();
  });

  it("of a database of the user's own is not what a setting keeps", () => {
    const database = { instanceClass: "db.t4g.small", allocatedStorage: 20, storageType: "gp3" };
    const cost = monthlyCostOf([resource("shop/db", "aws:rds/instance:Instance", database)], {
      ...context,
      keeps: ["keep.managedStores"],
    });
    expect(cost.monthlyUsd).to.be.above(20);
    expect(cost).to.not.have.property("kept");
  });
});
