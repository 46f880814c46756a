/** The costs of whole stacks, recomputed without the planner's sum, and every type judged whatever the options. */
import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import { expect } from "chai";
import type { Settings, SettingsInput } from "../../config/schema";
import type { Plan } from "../../planner/plan";
import { planStack } from "../../planner/plan";
import { readProject, readStack } from "../../planner/stacks";
import { program } from "../../platform/program";
import { type Tier, tierNames } from "../../tiers";
import { testProject } from "../support/project";
import { asConfig, completeRegistry, type Overridden, onAws, onExisting } from "../support/settings";

const project = readProject(testProject());
const stackProgram = program();

/** Prices by id, as the file has them. */
const listed = new Map<string, { usd: number; unit: string }>(
  JSON.parse(readFileSync("planner/catalogues/aws-prices.json", "utf8")).map((one: { id: string }) => [one.id, one]),
);
const spot = JSON.parse(readFileSync("planner/catalogues/cost-assumptions.json", "utf8")).find(
  ({ id }: { id: string }) => id === "spot.pricePercent",
).values;

const levels = ["low", "expected", "high"] as const;
type Item = Plan["cost"]["items"][number];
const amountOf = (item: Item, level: (typeof levels)[number]) => (level === "expected" ? item : item[level]);

/** Whole cents. */
const centsOf = (usd: number) => Math.round(usd * 100);

describe("costs of whole stacks", () => {
  for (const stack of ["local", ...tierNames])
    it(`of ${stack} are quantities times the prices of the catalogue`, async () => {
      const { cost } = (await planStack(project, readStack(project, stack), stackProgram)).plan;
      const sums = { low: 0, expected: 0, high: 0 };
      for (const item of cost.items) {
        const price = listed.get(item.priceId);
        expect(item.unit, item.priceId).to.equal(price?.unit);
        for (const level of levels) {
          const share = item.item.startsWith("spot ") ? spot[level] / 100 : 1;
          const { quantity, usdPerUnit, monthlyUsd } = amountOf(item, level);
          const where = `${item.path}: ${item.item}, ${level}`;
          expect(usdPerUnit, where).to.be.closeTo((price?.usd as number) * share, 1e-12);
          // Half a cent of rounding, and what binary fractions leave.
          expect(monthlyUsd, where).to.be.closeTo(quantity * (price?.usd as number) * share, 0.005 + 1e-9);
          expect(centsOf(monthlyUsd), where).to.be.closeTo(monthlyUsd * 100, 1e-6);
          sums[level] += centsOf(monthlyUsd);
        }
        const [low, expected, high] = levels.map((level) => amountOf(item, level));
        for (const figure of ["quantity", "monthlyUsd"] as const) {
          expect(low?.[figure], `${item.path}: ${item.item}`).to.be.at.most(expected?.[figure] as number);
          expect(expected?.[figure], `${item.path}: ${item.item}`).to.be.at.most(high?.[figure] as number);
        }
      }
      expect(sums).to.deep.equal({
        low: centsOf(cost.low),
        expected: centsOf(cost.monthlyUsd),
        high: centsOf(cost.high),
      });
      expect(cost.low <= cost.monthlyUsd && cost.monthlyUsd <= cost.high).to.equal(true);
      expect(cost.notCounted.join("; ")).not.to.match(/not judged|no price/);
    });
});

describe("the excess that a tier accepts", () => {
  it("is over the budget, within its limit, and its reason names what it costs today", async () => {
    const { cost } = (await planStack(project, readStack(project, "mvp"), stackProgram)).plan;
    const { upToUsd, reason } = cost.accepted ?? { upToUsd: 0, reason: "" };
    expect(cost.monthlyUsd).to.be.within(cost.budgetUsd, upToUsd);
    const cents = cost.items
      .filter(({ priceId }) => /^(ec2\.ondemand|vpc\.ipv4)\./.test(priceId))
      .reduce((sum, { monthlyUsd }) => sum + centsOf(monthlyUsd), 0);
    expect(reason).to.contain(` ${(cents / 100).toFixed(2)} `);
  });
});

const onK3s = { ...onAws, tier: "mvp", queues: [{ name: "mail" }] } satisfies SettingsInput;
const onEks = { ...onK3s, tier: "scale" } satisfies SettingsInput;
const { domain: _, hostedZoneId: __, ...withoutDomain } = onK3s;
const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abc";
const app = {
  iamPolicy: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop-files/*" }],
  },
  migrate: { command: ["migrate"] },
  schedules: [{ name: "report", schedule: "15 3 * * *", command: ["report"] }],
  writable: [{ path: "/cache" }],
  secrets: { TOKEN: "secret" },
  egress: [{ cidr: "10.9.0.0/16", ports: [587] }],
} satisfies SettingsInput["app"];

/** For every option but those that tests/stacks/overrides.test.ts sets and judges, stacks that set it. A new option does not compile until it stands here. */
const variants: { [Option in Exclude<keyof Settings, Overridden>]: SettingsInput[] } = {
  tier: tierNames.map((tier: Tier) => ({ ...onEks, tier })),
  cluster: [onExisting],
  kubeconfig: [onExisting],
  context: [{ ...onExisting, context: "kind" }],
  storageClass: [{ ...onExisting, storageClass: "fast" }],
  namespacePrefix: [{ ...onExisting, namespacePrefix: "shop" }],
  kedaNamespace: [{ ...onExisting, kedaNamespace: "keda" }],
  adopt: [{ ...onExisting, adopt: true }],
  region: [{ ...onEks, region: "eu-central-1" }],
  backupRegion: [{ ...onEks, backupRegion: "ca-central-1" }],
  kmsKeyArn: [onK3s, onEks].map((stack) => ({ ...stack, kmsKeyArn })),
  permissionsBoundary: [{ ...onEks, permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" }],
  domain: [withoutDomain],
  hostedZoneId: [onK3s],
  apiAccessCidrs: [{ ...onEks, apiAccessCidrs: ["203.0.113.7/32", "203.0.113.8/32"] }],
  alertEmail: [{ ...onK3s, alertEmail: "ops@example.com" }],
  costAnomalies: [{ ...onK3s, alertEmail: "ops@example.com", costAnomalies: "new" }],
  image: [{ ...onK3s, image: "ghcr.io/acme/other:2.0.0" }],
  registry: [onK3s, onEks].map((stack) => ({ ...stack, registry: completeRegistry })),
  app: [
    { ...onK3s, tier: "startup", app },
    { ...onEks, app },
    { ...onExisting, app: { ...app, iamPolicy: undefined } },
  ],
  queues: [
    { ...onEks, queues: [] },
    { ...onEks, queues: [{ name: "mail", capacity: "on-demand" }, { name: "b" }] },
  ],
  budgetUsd: [{ ...onK3s, budgetUsd: 20 }],
  accountBudgetUsd: [{ ...onK3s, alertEmail: "ops@example.com", accountBudgetUsd: 400 }],
  maintenance: [onK3s, onEks].map((stack) => ({ ...stack, maintenance: true })),
  handover: [
    { ...onK3s, tier: "startup", handover: { image: "ghcr.io/acme/handover:0.1.0" } },
    {
      ...onK3s,
      tier: "mvp",
      nodes: { instanceTypes: ["t4g.medium"] },
      keep: { managedStores: true },
      handover: { image: "ghcr.io/acme/handover:0.1.0" },
    },
  ],
  allowDestroy: [onK3s, onEks].map((stack) => ({ ...stack, allowDestroy: true })),
  passwordRotation: [{ ...onEks, passwordRotation: 1 }],
};

describe("costs of the options", () => {
  const costOf = async (stack: SettingsInput, own = stackProgram) => {
    const config = asConfig({ region: "us-east-1", ...stack });
    return (await planStack(project, { stack: "shop", config, secretKeys: [] }, own)).plan.cost;
  };

  for (const [option, stacks] of Object.entries(variants))
    it(`${option}: every resource has a price, is free, or is named for a reason`, async () => {
      for (const stack of stacks) {
        const { notCounted } = await costOf(stack);
        expect(notCounted.filter((text) => text.includes("not judged"))).to.deep.equal([]);
        // The catalogue has the prices of backups in us-west-2.
        const elsewhere = /no price (xfer\.region|rds\.backup)\.(?!usw2)/;
        expect(notCounted.filter((text) => /no price/.test(text) && !elsewhere.test(text))).to.deep.equal([]);
      }
    });

  it("name a resource of the user's own that nobody has judged, and price one that has a rule", async () => {
    const own = program(() => {
      new aws.sqs.Queue("jobs");
      new aws.ec2.Eip("spare");
      return {};
    });
    const [before, after] = [await costOf(onK3s), await costOf(onK3s, own)];
    const added = after.notCounted.filter((text) => !before.notCounted.includes(text));
    expect(added).to.deep.equal(["jobs (aws:sqs/queue:Queue): not judged"]);
    expect(after.monthlyUsd - before.monthlyUsd).to.be.closeTo(3.65, 0.001);
  });
});
