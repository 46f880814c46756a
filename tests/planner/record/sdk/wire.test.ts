/** What planner/record/sdk/wire.ts takes for granted of values between the Pulumi SDK and its monitor. */
import { expect } from "chai";
import { reveal, Secret } from "../../../../planner/record/values";
import { holds, Listener, listen, resource } from "./support";

describe("what planner/record/sdk/wire.ts relies on", () => {
  const wire = (what: string) => `planner/record/sdk/wire.ts ${what}`;
  const look = "serializeProperty and the special...Sig constants in node_modules/@pulumi/pulumi/runtime/rpc.js";

  holds(
    "a secret is an object with the secret's signature, both ways",
    "@pulumi/pulumi",
    {
      says: "no longer marks a secret with specialSigKey and specialSecretSig",
      relies: wire("tells secrets by it; without it plans show them"),
      look,
    },
    async () => {
      let isSecret: Promise<boolean> | undefined;
      const told = await listen(
        (pulumi) => {
          resource(pulumi, "thing", { password: pulumi.secret("hunter2") });
          const { result } = resource(pulumi, "other", { result: undefined });
          isSecret = (result as unknown as { isSecret: Promise<boolean> }).isSecret;
        },
        new Listener({ result: new Secret("from the engine") }),
      );
      const { password } = told.at("thing").inputs;
      expect(password).to.be.instanceOf(Secret);
      expect(reveal(password)).to.equal("hunter2");
      expect(await isSecret, "a secret of ours, back in the program").to.equal(true);
    },
  );

  holds(
    "a reference to a resource is an object with its id",
    "@pulumi/pulumi",
    {
      says: "no longer marks a reference to a resource with specialResourceSig and its id",
      relies: wire("puts the id in its place"),
      look,
    },
    async () => {
      const told = await listen((pulumi) => {
        const other = resource(pulumi, "other", {});
        resource(pulumi, "thing", { other });
      });
      expect(told.at("thing").inputs.other).to.equal("id-of-other");
    },
  );

  holds(
    "an unknown value is a text of its own",
    "@pulumi/pulumi",
    {
      says: "no longer writes an unknown value as runtime.unknownValue",
      relies: wire("shows [unknown] for it"),
      look,
    },
    async () => {
      const { decode, encode } = require("../../../../planner/record/sdk/wire");
      const { Output, runtime } = require("@pulumi/pulumi");
      await runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "p", "s", true);
      const [none, no] = [Promise.resolve(new Set()), Promise.resolve(false)];
      const unknown = new Output(new Set(), Promise.resolve(undefined), no, no, none);
      expect(decode(await runtime.serializeProperties("", { size: unknown }))).to.deep.equal({ size: "[unknown]" });
      expect(encode("[unknown]")).to.equal(runtime.unknownValue);
    },
  );
});
