import { expect } from "chai";
import { stacks } from "../support/objects";
import { Engine, requireCli } from "./engine";
import { Stack } from "./stack";

describe("stacks under the real engine", () => {
  let engine: Engine;

  before(async function () {
    requireCli(this);
    engine = await Engine.start();
  });
  after(() => engine?.stop());

  for (const name of stacks())
    it(`${name}: preview, up, and nothing to do after`, async () => {
      const stack = new Stack(engine, name);
      await stack.init();
      expect(await stack.succeed("preview")).to.deep.equal([]);
      expect((await stack.up()).length).to.be.greaterThan(60);
      const held = await stack.held();
      expect(await stack.up()).to.deep.equal([]);
      // To the resource version: nobody has so much as touched an object.
      expect(await stack.held()).to.deep.equal(held);
      await stack.stop();
    });
});
