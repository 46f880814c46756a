import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { loadInputs, type StackInputs } from "../../config/load";
import { SettingsError } from "../../config/problems";
import { resolveSpec } from "../../config/resolve";
import { recorded } from "../support/record";
import { asConfig, asTexts, onAws, settingsOf } from "../support/settings";

/** What a program in the stack `test` reads. */
async function loaded(
  config: Record<string, string>,
  secretKeys: string[] = [],
  project = "tierstack",
): Promise<StackInputs> {
  let inputs: StackInputs | undefined;
  await recorded(
    () => {
      inputs = loadInputs();
    },
    { config, secretKeys, project },
  );
  return inputs as StackInputs;
}

/** The keys with a problem, or nothing where the configuration is valid; no resource may exist by then. */
async function keysRefused(input: object): Promise<string[]> {
  try {
    await loaded(asConfig(input));
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map(({ where }) => where);
  }
  return [];
}

describe("loading the inputs of a stack", () => {
  it("reads the settings and resolves the sizes", async () => {
    const input = { ...onAws, tier: "startup" as const, edge: { waf: true } };
    const settings = settingsOf(input);
    expect(await loaded(asConfig(input))).to.deep.equal({
      project: "tierstack",
      stack: "test",
      settings,
      spec: resolveSpec(settings),
      plainSecrets: [],
    });
  });

  it("tells secrets in plain text, and none in a key that is encrypted", async () => {
    const config = asConfig({ ...onAws, app: { secrets: { KEY: "x" } } });
    expect((await loaded(config)).plainSecrets).to.deep.equal(["app.secrets.KEY"]);
    expect((await loaded(config, ["tierstack:app"])).plainSecrets).to.deep.equal([]);
  });

  it("ignores the keys of other namespaces", async () => {
    const { settings } = await loaded({ ...asConfig(onAws), "aws:region": "eu-west-1", "other:tier": "huge" });
    expect(settings).to.deep.equal(settingsOf(onAws));
  });

  it("refuses the keys that a renamed project left behind, and no others", async () => {
    const own = Object.fromEntries(Object.entries(asTexts(onAws)).map(([key, value]) => [`shop:${key}`, value]));
    const left = { "tierstack:tier": "growth", "tierstack:domain": "app.example.com" };
    const error = await loaded({ ...own, ...left }, [], "shop").catch((thrown: unknown) => thrown);
    expect((error as SettingsError).message.split("\n")).to.deep.equal([
      "tierstack:tier: given a key of another project; allowed: keys of shop; fix: write shop:tier",
      "tierstack:domain: given a key of another project; allowed: keys of shop; fix: write shop:domain",
    ]);
    const { settings } = await loaded({ ...own, "tierstack:expireDays": "7", "other:tier": "growth" }, [], "shop");
    expect(settings).to.deep.equal(settingsOf(onAws));
  });

  it("reports all values that the schema refuses, and the rules that the others break", async () => {
    const brokenRule = { hostedZoneId: undefined };
    expect(await keysRefused({ ...onAws, ...brokenRule })).to.deep.equal(["tierstack:hostedZoneId"]);
    expect(
      await keysRefused({ ...onAws, ...brokenRule, region: "mars", app: { port: 80 }, colour: "red" }),
    ).to.have.members(["tierstack:region", "tierstack:app.port", "tierstack:colour", "tierstack:hostedZoneId"]);
  });

  it("reports all broken rules", async () => {
    const broken = {
      ...onAws,
      tier: "startup",
      hostedZoneId: undefined,
      context: "a",
      queues: [{ name: "a" }, { name: "a" }],
    };
    expect(await keysRefused(broken)).to.have.members([
      "tierstack:context",
      "tierstack:hostedZoneId",
      "tierstack:queues",
    ]);
  });

  it("reports nothing for a valid configuration", async () => {
    expect(await keysRefused(onAws)).to.deep.equal([]);
  });

  it("throws an error that the Pulumi CLI shows without a stack trace", async () => {
    const error = await loaded(asConfig({ ...onAws, image: undefined })).catch((thrown: unknown) => thrown);
    expect(pulumi.RunError.isInstance(error)).to.equal(true);
    expect((error as SettingsError).message).to.match(/^tierstack:image: given nothing; allowed: .+; fix: .+$/);
  });
});
