import { expect } from "chai";
import { planStack } from "../../planner/plan";
import { readProject, readStack } from "../../planner/stacks";
import { testProject } from "../support/project";

const project = readProject(testProject());

/**
 * How many times as long as its longest resource the first deployment of a stack may take. Nothing can be faster than 1.
 * MVP: each step of node, database, pooler and application needs the one before it, and none is much longer than another.
 * Scale: RDS copies a replica from a primary that is available, standby and first backup included, so the two come one after
 * the other in any order of the rest.
 */
const mostRatio = { mvp: 2.3, startup: 1.25, growth: 1.7, scale: 1.75 };

describe("the first deployment of each stack", () => {
  for (const [stack, most] of Object.entries(mostRatio))
    it(`${stack}: takes at most ${most} times as long as its longest resource`, async () => {
      const { plan } = await planStack(project, readStack(project, stack), require("../../index"));
      const { minutes, longest, path } = plan.duration;
      expect(minutes / (longest?.minutes ?? 0), JSON.stringify(path)).to.be.within(1, most);
    });

  it("of growth does not wait for the read replica, and switches the edge once the application is ready", async () => {
    const { plan } = await planStack(project, readStack(project, "growth"), require("../../index"));
    const steps = plan.duration.path.map(({ path }) => path);
    expect(steps).to.not.include("tierstack/postgres/replica-0");
    expect(steps.indexOf("tierstack/app/service")).to.be.within(0, steps.indexOf("tierstack/edge/distribution") - 1);
  });
});
