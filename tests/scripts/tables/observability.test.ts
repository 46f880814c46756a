import { expect } from "chai";
import { percentOf } from "../../../components/alarms/budget";
import { changesBetween } from "../../../planner/move/changes";
import { refuseViolations } from "../../../planner/policy";
import { logged, observed } from "../../../scripts/tables/observability";
import { planTier } from "../../../scripts/tier-plan";
import { type Tier, tierNames } from "../../../tiers";

const alertEmail = "ops@example.com";

/** The claim of a component. */
const claimOf = ({ plan }: Awaited<ReturnType<typeof planTier>>, parent: string) =>
  plan.resources.find((one) => one.type.endsWith(":PersistentVolumeClaim") && one.parent === `tierstack/${parent}`);

describe("what observability takes", () => {
  for (const tier of tierNames)
    it(`${tier}: is a stack that the plan accepts, with the alarms of AWS too`, async () => {
      const { settings } = observed(tier);
      const planned = await planTier(tier, { ...settings, alertEmail });
      expect(() => refuseViolations(planned)).to.not.throw();
      expect(claimOf(planned, "observability")).to.exist;
      // Of a limit of the user's, AWS mails part of it: a month as planned is below.
      const { budgetUsd } = settings;
      if (budgetUsd !== undefined)
        expect(planned.plan.cost.monthlyUsd).to.be.below((budgetUsd * percentOf({ own: true }).forecast) / 100);
    });

  for (const tier of tierNames)
    it(`${tier}: so it is with the logs of the pods`, async () => {
      const { settings } = logged(tier);
      const planned = await planTier(tier, { ...settings, alertEmail });
      expect(() => refuseViolations(planned)).to.not.throw();
      expect(claimOf(planned, "observability/logs/store")?.inputs).to.have.nested.property(
        "spec.resources.requests.storage",
        `${settings.observability?.logsGiB}Gi`,
      );
      const { budgetUsd } = settings;
      if (budgetUsd !== undefined)
        expect(planned.plan.cost.monthlyUsd).to.be.below((budgetUsd * percentOf({ own: true }).forecast) / 100);
    });

  it("has volumes that keep their size, or grow where that is possible, on a move up; the tiers' own on a move down too", async () => {
    const refused = async (from: Tier, to: Tier, settings: (tier: Tier) => object) => {
      const resources = async (tier: Tier) => (await planTier(tier, settings(tier))).plan.resources;
      return changesBetween(await resources(from), await resources(to)).filter(
        ({ type, action }) => type.endsWith(":PersistentVolumeClaim") && ["refused", "replace"].includes(action),
      );
    };
    for (const [at, to] of tierNames.slice(1).entries()) {
      const from = tierNames[at] as Tier;
      expect(await refused(from, to, (tier) => logged(tier).settings), `${from} -> ${to}`).to.deep.equal([]);
      expect(await refused(to, from, (tier) => observed(tier).settings), `${to} -> ${from}`).to.deep.equal([]);
    }
  });

  it("is more than MVP's budget without one of its own", async () => {
    const { budgetUsd: _, ...settings } = observed("mvp").settings;
    const planned = await planTier("mvp", settings);
    expect(() => refuseViolations(planned)).to.throw(
      /cost\.monthlyUsd: given 1\d\.\d\d USD a month; allowed: at most 12 /,
    );
  });

  it("is shown as the keys of a stack file", () => {
    expect(observed("mvp").label).to.equal(
      "`observability.enabled: true`, `nodes.instanceTypes: [t4g.medium]`, `nodes.dataVolumeGiB: 15`, `budgetUsd: 23`",
    );
    expect(logged("mvp").label).to.equal("`observability.logsGiB: 2`, `nodes.dataVolumeGiB: 17`");
    expect(observed("growth").label).to.equal("`observability.enabled: true`");
  });
});
