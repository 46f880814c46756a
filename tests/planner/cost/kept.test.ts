import { expect } from "chai";
import { keepingSettings, keptBySetting } from "../../../planner/cost/kept";
import { type TierSpec, tierNames, tiers } from "../../../tiers";
import { planned } from "../../support/planned";

describe("what settings keep of a tier that a stack has left", () => {
  const keeping = (spec: TierSpec, keep: Partial<TierSpec["keep"]>) =>
    keepingSettings({ ...spec, keep: { ...spec.keep, ...keep } });

  it("is nothing that the sizes use, and nothing by default", () => {
    for (const tier of tierNames) expect(keepingSettings(tiers[tier]), tier).to.deep.equal([]);
    const all = { managedStores: true, nodeState: true };
    const found = tierNames.map((tier) => [tier, keeping(tiers[tier], all)]);
    expect(Object.fromEntries(found)).to.deep.equal({
      mvp: ["keep.managedStores"],
      startup: [],
      growth: ["keep.nodeState"],
      scale: ["keep.nodeState"],
    });
  });

  it("is known by the component that has it", () => {
    const database = "aws:rds/instance:Instance";
    const resources = [
      planned("state", "tierstack:cluster:K3sState"),
      planned("state/volume", "aws:ebs/volume:Volume"),
      planned("postgres", "tierstack:postgres:Postgres"),
      planned("postgres/primary", database),
      planned("postgres/subnets", "aws:rds/subnetGroup:SubnetGroup"),
      planned("redis", "tierstack:redis:Redis"),
      planned("redis/cluster", "aws:elasticache/replicationGroup:ReplicationGroup"),
      // A database of the user's own.
      planned("own", database),
    ];
    const byPath = new Map(resources.map((one) => [one.path, one]));
    expect(
      resources.map((one) => [one.path, keptBySetting(one, byPath)]).filter(([, setting]) => setting),
    ).to.deep.equal([
      ["state/volume", "keep.nodeState"],
      ["postgres/primary", "keep.managedStores"],
      ["redis/cluster", "keep.managedStores"],
    ]);
  });
});
