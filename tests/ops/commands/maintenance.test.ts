import { expect } from "chai";
import { FakeReach, runOn } from "../world";

const held = {
  mode: { value: "read-only", otherwise: "normal", untilMs: Date.UTC(2026, 0, 1, 12) },
  limits: { value: 1, otherwise: 1 },
};

describe("ops maintenance", () => {
  it("says until when a mode holds, and what comes then", async () => {
    const { stdout } = await runOn({ reach: new FakeReach({ switches: held }) }, "maintenance");
    expect(stdout).to.equal(
      "mode read-only until 2026-01-01 12:00 UTC, then normal: writes get 503 with Retry-After, reads are\n" +
        "served, workers take no jobs\npulumi up does not change it. The edge has a switch of its own: tierstack:maintenance\n" +
        "(docs/moving.md#maintenance).\n",
    );
  });

  it("says that the edge answers, where the stack's file turns maintenance on", async () => {
    const stack = { name: "growth", maintenance: true };
    const { stdout } = await runOn({ reach: new FakeReach({ mode: held }), stack }, "maintenance", "off");
    expect(stdout.split("\n").slice(2).join(" ")).to.equal(
      "tierstack:maintenance is true in Pulumi.growth.yaml: the edge answers 503 until it is false and pulumi up has run ",
    );
  });

  it("asks before it turns the product off, not before it turns it on", async () => {
    const reach = new FakeReach({ mode: held });
    const { code, stderr } = await runOn({ reach, agrees: false }, "maintenance", "on");
    expect([code, stderr, reach.requests]).to.deep.equal([1, "not confirmed; nothing was changed\n", []]);
    expect((await runOn({ reach, agrees: false }, "maintenance", "off")).code).to.equal(0);
    expect(reach.requests).to.deep.equal([{ do: "mode", value: null }]);
  });
});
