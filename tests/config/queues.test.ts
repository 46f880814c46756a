import { expect } from "chai";
import { queuesOf } from "../../config/queues";
import { resolveSpec } from "../../config/resolve";
import type { SettingsInput } from "../../config/schema";
import { onAws, onExisting, settingsOf } from "../support/settings";

const jobsOf = (input: SettingsInput) => {
  const settings = settingsOf(input);
  return queuesOf(settings, resolveSpec(settings)).map(({ maxJobSeconds }) => maxJobSeconds);
};
const queues = [{ name: "mail" }, { name: "video", maxJobSeconds: 45 }];

describe("longest job of a queue", () => {
  it("defaults to 300 seconds, and on spot capacity to what the notice allows", () => {
    for (const tier of ["mvp", "scale"] as const)
      expect(jobsOf({ ...onAws, tier, queues }), tier).to.deep.equal([60, 45]);
    for (const tier of ["startup", "growth"] as const)
      expect(jobsOf({ ...onAws, tier, queues }), tier).to.deep.equal([300, 45]);
    expect(jobsOf({ ...onExisting, queues })).to.deep.equal([300, 45]);
  });

  it("defaults to 300 seconds on on-demand capacity at every tier", () => {
    expect(jobsOf({ ...onAws, tier: "mvp", queues, nodes: { capacity: "on-demand" } })).to.deep.equal([300, 45]);
    const video = { name: "video", capacity: "on-demand" } as const;
    expect(jobsOf({ ...onAws, tier: "scale", queues: [{ name: "mail" }, video] })).to.deep.equal([60, 300]);
  });
});
