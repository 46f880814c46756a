import { expect } from "chai";
import type { SettingsInput } from "../../../config/schema";
import { rules, violations } from "../../../policy/rules";
import { recordedPlatform } from "../../support/platform";
import { onAws, onExisting } from "../../support/settings";

describe("policies", () => {
  const options: [string, SettingsInput][] = [
    ["the smallest", onExisting],
    ...(["mvp", "startup", "growth", "scale"] as const).flatMap((tier): [string, SettingsInput][] => [
      [tier, { ...onAws, tier }],
      [`${tier} on an existing cluster`, { ...onExisting, tier }],
      [`${tier} without protection`, { ...onAws, tier, allowDestroy: true }],
      [
        `${tier} with queues and schedules`,
        {
          ...onAws,
          tier,
          // MVP's node has no room for another queue beside these.
          ...(tier !== "mvp" && { queues: [{ name: "mail" }] }),
          app: {
            migrate: { command: ["migrate"] },
            schedules: [{ name: "report", schedule: "15 3 * * *", command: ["report"] }],
          },
        },
      ],
    ]),
    ["growth that keeps the node's state", { ...onAws, tier: "growth", keep: { nodeState: true } }],
    ["mvp that keeps the managed stores", { ...onAws, tier: "mvp", keep: { managedStores: true } }],
  ];
  for (const [what, settings] of options)
    it(`hold for ${what}`, async () => {
      const { resources } = await recordedPlatform(settings);
      expect(violations(resources, { allowDestroy: settings.allowDestroy === true })).to.deep.equal([]);
    });

  it("judge types that the SDK has", () => {
    const types = rules.flatMap((rule) => ("check" in rule ? rule.types : []));
    for (const type of new Set(types.filter((one) => one.startsWith("aws:")))) {
      const [, module = "", name = ""] = type.split(":");
      expect(require(`@pulumi/aws/${module}`)[name].__pulumiType).to.equal(type);
    }
  });

  it("have names of their own", () => {
    expect(new Set(rules.map(({ name }) => name)).size).to.equal(rules.length);
  });
});
