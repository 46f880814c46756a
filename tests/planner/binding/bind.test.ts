import { expect } from "chai";
import { bind } from "../../../planner/binding/bind";
import type { Pulumi } from "../../../planner/binding/pulumi";
import type { Plan } from "../../../planner/plan";

describe("what binds a deployment to its approval", () => {
  it("is no preview that reports an error, whatever its exit code", async () => {
    const diagnostics = [{ severity: "error", message: "boom" }];
    const pulumi: Pulumi = async ([command]) => ({
      code: 0,
      output: command === "stack" ? "shop" : JSON.stringify({ steps: [], diagnostics }),
    });
    const approved = { resources: [] } as unknown as Plan;
    const error = await bind(pulumi, "shop", { approved, base: undefined, resumed: false }).catch((thrown) => thrown);
    expect(String(error)).to.contain("boom");
  });
});
