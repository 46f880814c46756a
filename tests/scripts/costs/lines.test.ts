import { expect } from "chai";
import fc from "fast-check";
import { volumeGiB } from "../../../components/cluster/volumes";
import { budgetLeft, costsOf, requiredSpotDiscount } from "../../../scripts/costs/budget";
import { type Line, sumOf, zones } from "../../../scripts/costs/lines";
import { centsOf, hoursPerMonth, isPriced, priceOf } from "../../../scripts/costs/prices";
import { type Target, targetOf, withTarget } from "../../../scripts/costs/target";
import { costTable } from "../../../scripts/tables/costs";
import { type NodePoolSize, type Tier, type TierSpec, tierNames, tiers } from "../../../tiers";
import { sizes } from "../../../tiers/sizes";
import { recordedPlatform } from "../../support/platform";
import { onAws } from "../../support/settings";

const eksTypes = sizes.instanceTypes.filter((type) => isPriced(`eks.auto.${type}`));
const count = fc.integer({ min: 1, max: 20 });

const pool: fc.Arbitrary<NodePoolSize> = fc.record({
  instanceTypes: fc.constantFrom(...eksTypes).map((type) => [type]),
  nodes: count,
  maxNodes: count,
});

const target: fc.Arbitrary<Target> = fc.oneof(
  fc.record({
    kind: fc.constant("k3s" as const),
    instanceTypes: fc.constantFrom(...sizes.instanceTypes).map((type) => [type]),
    capacity: fc.constantFrom("spot" as const, "on-demand" as const),
  }),
  fc.record({ kind: fc.constant("eks" as const), general: pool, spot: fc.option(pool, { nil: undefined }) }),
  fc.constant({ kind: "existing" as const }),
);

/** A tier with any sizes. */
const anySizes: fc.Arbitrary<[Tier, TierSpec]> = fc
  .record({
    tier: fc.constantFrom(...tierNames),
    target,
    egress: fc.constantFrom("public" as const, "nat" as const, "nat-per-zone" as const),
    instanceClass: fc.constantFrom(...sizes.databaseClasses),
    nodeType: fc.constantFrom(...sizes.cacheNodeTypes),
    place: fc.constantFrom("cluster" as const, "managed" as const),
    count,
    flag: fc.boolean(),
  })
  .map(({ tier, target, egress, instanceClass, nodeType, place, count, flag }) => {
    const { postgres, redis, network, edge, ...rest } = tiers[tier];
    const managed = { ...postgres.managed, instanceClass, multiAz: flag, replicas: count, storageGiB: 20 * count };
    return [
      tier,
      withTarget(
        {
          ...rest,
          dataVolumeGiB: 8 * count,
          network: { ...network, egress },
          postgres: { ...postgres, place, managed: { ...managed, crossRegionBackups: flag } },
          redis: { ...redis, place, managed: { ...redis.managed, nodeType, shards: count } },
          edge: { ...edge, waf: flag },
        },
        target,
      ),
    ];
  });

/** The amounts of a cost table: its lines', then its sum. */
const amounts = (text: string) =>
  text
    .split("\n")
    .slice(2)
    .map((line) => Math.round(Number(/([\d.]+)\**? \|$/.exec(line)?.[1]) * 100));

const quantity = (lines: Line[], prefix: string) =>
  lines
    .flatMap(({ items }) => items)
    .filter(({ priceId }) => priceId.startsWith(prefix))
    .reduce((total, item) => total + item.quantity, 0);

describe("costs", () => {
  it("are the sum of their lines, for any sizes", () => {
    fc.assert(
      fc.property(anySizes, ([tier, spec]) => {
        const costs = costsOf(tier, spec);
        const shown = amounts(costTable("title", costs));
        expect(shown.pop()).to.equal(shown.reduce((total, cents) => total + cents, 0));
        expect(costs.low <= costs.sum && costs.sum <= costs.high).to.equal(true);
      }),
    );
  });

  it("round each item as a bill does: half a cent goes up", () => {
    const balancer = { priceId: "elb.alb.hour", quantity: hoursPerMonth };
    expect(priceOf(balancer.priceId).usd * hoursPerMonth).to.be.closeTo(16.425, 1e-9);
    expect(centsOf(balancer)).to.equal(1643);
  });

  it("change with the instance type, in its line alone", () => {
    const node = targetOf(tiers.mvp);
    if (node.kind !== "k3s") throw new Error("MVP runs on k3s");
    const larger = withTarget(tiers.mvp, { ...node, instanceTypes: ["t4g.medium"] });
    const [before, after] = [costsOf("mvp").lines, costsOf("mvp", larger).lines];
    const changed = after.filter((line, at) => sumOf([line]) !== sumOf([before[at] as Line]));
    expect(changed.map(({ label }) => label)).to.deep.equal(["spot t4g.medium"]);
    expect(sumOf(changed)).to.equal(
      centsOf({ priceId: "ec2.ondemand.t4g.medium", quantity: hoursPerMonth, spot: true }),
    );
  });

  it("have no line for a price that nobody noted", () => {
    expect(() => priceOf("ec2.ondemand.x9.huge")).to.throw("aws-prices.json has no price ec2.ondemand.x9.huge");
  });

  it("hold a budget from the spot discount on that is named", () => {
    const { lines } = costsOf("mvp");
    const percent = requiredSpotDiscount("mvp") as number;
    expect(budgetLeft("mvp", sumOf(lines, percent))).to.be.at.least(0);
    expect(budgetLeft("mvp", sumOf(lines, percent - 1))).to.be.below(0);
  });

  // Every price names where it was seen, so that it can be looked up again.
  it("come from prices with a source", () => {
    const used = tierNames.flatMap((tier) => costsOf(tier).lines).flatMap(({ items }) => items);
    for (const { priceId } of used) expect(priceOf(priceId).source, priceId).not.to.equal("");
  });
});

describe("quantities of the costs", () => {
  for (const tier of tierNames) {
    it(`are those of the plan of ${tier}`, async () => {
      const plan = await recordedPlatform({ ...onAws, tier });
      const { lines } = costsOf(tier);
      const caches = plan.ofType("aws:elasticache/replicationGroup:ReplicationGroup").map(({ inputs }) => inputs);
      const made = {
        keys: plan.ofType("aws:kms/key:Key").length,
        gateways: plan.ofType("aws:ec2/natGateway:NatGateway").length,
        databases: plan.ofType("aws:rds/instance:Instance").length,
        cacheNodes: caches.reduce((total, group) => {
          const { numNodeGroups, replicasPerNodeGroup } = group as Record<string, number>;
          return total + (numNodeGroups as number) * (1 + (replicasPerNodeGroup as number));
        }, 0),
        clusters: plan.ofType("aws:eks/cluster:Cluster").length,
        balancers: plan.ofType("aws:lb/loadBalancer:LoadBalancer").length,
        webAcls: plan.ofType("aws:wafv2/webAcl:WebAcl").length,
      };
      const hours = (prefix: string) => quantity(lines, prefix) / hoursPerMonth;
      expect({
        keys: quantity(lines, "kms.key"),
        gateways: hours("vpc.nat.hour"),
        databases: hours("rds.pg."),
        cacheNodes: hours("elasticache."),
        clusters: hours("eks.controlplane"),
        balancers: hours("elb.alb.hour"),
        webAcls: quantity(lines, "waf.webacl"),
      }).to.deep.equal(made);
    });
  }

  it("are those of the plan where no tier sizes them", async () => {
    const startup = await recordedPlatform({ ...onAws, tier: "startup" });
    // biome-ignore lint/suspicious/noExplicitAny: a test reads into inputs of any form
    const [template] = startup.ofType("aws:ec2/launchTemplate:LaunchTemplate").map(({ inputs }) => inputs as any);
    expect(template.blockDeviceMappings[0].ebs.volumeSize).to.equal(volumeGiB.k3sRoot);
    const scale = await recordedPlatform({ ...onAws, tier: "scale", network: { egress: "nat-per-zone" } });
    const [nodeClass] = scale.resources.filter(({ type }) => type.endsWith(":NodeClass")).map(({ path }) => path);
    expect(scale.inputs(nodeClass as string).spec.ephemeralStorage.size).to.equal(`${volumeGiB.eksNode}Gi`);
    expect(scale.ofType("aws:ec2/natGateway:NatGateway")).to.have.length(zones);
  });
});
