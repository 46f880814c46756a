import { expect } from "chai";
import { stackPlan } from "../support/objects";
import { openCluster, withCertificates } from "./cluster";
import type { ControlPlane } from "./control-plane/control-plane";
import { deploy } from "./deploy";
import { faults } from "./faults/faults";
import { caught, findings, type Scene } from "./faults/run";
import { nodesOf } from "./nodes";
import { rolledOut } from "./rollout";

describe("seeded faults", () => {
  it("has at least 25 faults, each with a check that must find it", () => {
    expect(faults.length).to.be.at.least(25);
    expect(faults.filter(({ caughtBy }) => caughtBy.length === 0)).to.deep.equal([]);
    expect(new Set(faults.map(({ title }) => title)).size).to.equal(faults.length);
  });

  for (const stack of ["mvp", "growth"] as const)
    describe(stack, () => {
      let cluster: ControlPlane;
      let scene: Scene;

      before(async () => {
        cluster = await openCluster();
        const { spec, objects } = await stackPlan(stack);
        scene = { stack, api: cluster.api, objects: withCertificates(objects) };
        for (const node of nodesOf(spec, objects)) await cluster.api.apply(node);
        expect((await deploy(cluster.api, scene.objects)).rejected).to.deep.equal([]);
        await rolledOut(cluster.api);
      });

      after(() => cluster?.stop());

      it("has no findings without a fault", async () => {
        const all = scene.objects.map(({ object }) => object);
        expect([...(await findings(scene, all, all))]).to.deep.equal([]);
      });

      for (const fault of faults.filter((each) => each.stack === stack))
        it(`${fault.title}: ${fault.caughtBy.join(", ")}`, async () => {
          const found = await caught(scene, fault);
          const said = [...found].map(([check, lines]) => `${check}: ${lines.slice(0, 2).join(" | ")}`).join("\n");
          expect([...found.keys()], said).to.have.members(fault.caughtBy);
        });
    });
});
