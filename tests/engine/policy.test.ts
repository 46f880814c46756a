import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { violations } from "../../policy/rules";
import { Engine } from "./engine";
import { Stack } from "./stack";

const pack = ["--policy-pack", "policy"];

/** A program with a bucket that nothing protects. */
const broken = `
import * as aws from "@pulumi/aws";
import { program } from "./platform/program";
export = program(() => {
  new aws.s3.Bucket("uploads");
});
`;

describe("the policy pack with the real engine", () => {
  let engine: Engine;

  before(async function () {
    engine = await Engine.start(this, { clusters: false });
  });
  after(() => engine?.stop());

  for (const name of ["mvp", "growth"])
    it(`${name}: a preview passes`, async () => {
      const stack = new Stack(engine, name);
      await stack.init();
      const { code, output } = await stack.run("preview", ...pack);
      expect(code, output.slice(-3000)).to.equal(0);
      expect(output).to.match(/tierstack@v\d/);
      expect(output).to.not.contain("can't run policy");
    });

  it("a preview fails for an unprotected bucket, with the message of the plan", async () => {
    writeFileSync(join(engine.folder, "index.ts"), broken);
    const { code, output } = await new Stack(engine, "growth").run("preview", ...pack);
    expect(code, output.slice(-3000)).to.not.equal(0);
    const bucket = { type: "aws:s3/bucket:Bucket", name: "uploads", inputs: {}, options: { protect: false } };
    const [message = "", ...more] = violations([bucket], { allowDestroy: false });
    expect(more).to.deep.equal([]);
    expect(output.replaceAll(/\s+/g, " ")).to.contain(message);
    expect(output).to.contain("[mandatory]");
  });

  it("does not ask for protection where allowDestroy is true", async () => {
    const stack = new Stack(engine, "growth");
    stack.set("allowDestroy", "true");
    const { output } = await stack.run("preview", ...pack);
    expect(output).to.not.contain("data-protected");
    // The engine makes a provider of its own for the bucket, one without tags.
    expect(output).to.contain("[mandatory]  tagged");
  });
});
