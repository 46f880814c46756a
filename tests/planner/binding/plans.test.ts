import { expect } from "chai";
import { differingPlans } from "../../../planner/binding/plans";
import type { Plan } from "../../../planner/plan";

const plan = (resources: object[], others: object = {}) => ({ version: 1, outputs: {}, resources, ...others }) as Plan;
const resource = (path: string, inputs: object, options: object = {}) => ({ path, inputs, options });

describe("plans that differ", () => {
  it("say which resources and values moved, and nothing of equal ones", () => {
    const approved = plan([
      resource("a", { size: 1, tags: { x: 1 }, rules: [1, { port: 80 }] }),
      resource("b", {}),
      resource("c", {}),
    ]);
    expect(differingPlans(approved, approved)).to.deep.equal([]);
    const now = plan(
      [
        resource("a", { size: 2, tags: { y: 1 }, rules: [1, { port: 81 }] }),
        resource("b", {}, { protect: true }),
        resource("d", {}),
      ],
      { outputs: { url: "u" } },
    );
    expect(differingPlans(approved, now)).to.deep.equal([
      "a: another inputs.rules[1].port, inputs.size, inputs.tags.x, inputs.tags.y",
      "b: another options.protect",
      "c: only in the approved plan",
      "d: not in the approved plan",
      "outputs.url: another value",
    ]);
  });
});
