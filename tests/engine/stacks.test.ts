import { expect } from "chai";
import { stacks } from "../support/objects";
import { Engine } from "./engine";
import { Stack } from "./stack";

describe("stacks with the real engine", () => {
  let engine: Engine;

  before(async function () {
    engine = await Engine.start(this);
  });
  after(() => engine?.stop());

  for (const name of stacks())
    it(`${name}: preview, up, then no changes`, async () => {
      const stack = new Stack(engine, name);
      await stack.init();
      expect(await stack.succeed("preview")).to.deep.equal([]);
      expect((await stack.up()).length).to.be.greaterThan(60);
      const held = await stack.held();
      expect(await stack.up()).to.deep.equal([]);
      // Equal resource versions: no object was written.
      expect(await stack.held()).to.deep.equal(held);
      await stack.stop();
    });
});
