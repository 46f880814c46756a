import { expect } from "chai";
import fc from "fast-check";
import { knownFacts } from "../../config/known";
import { resolveSpec } from "../../config/resolve";
import { UnknownValue } from "../../config/rules/rule";
import { settingsSchema } from "../../config/schema";
import { tiers } from "../../tiers";
import { asTexts, formProblemsOf, onAws, problemsOf, settingsOf } from "../support/settings";

const factsOf = (input: object) => knownFacts(asTexts(input));

/** Keys with a problem, without the project. */
const keysOf = (input: object) => problemsOf(input).map((problem) => problem.slice("tierstack:".length).split(":")[0]);

describe("known values of a configuration with mistakes", () => {
  it("are the settings and sizes of a configuration without any", () => {
    const input = { ...onAws, tier: "growth" as const, nodes: { maxNodes: 8 }, queues: [{ name: "mail" }] };
    const { settings, spec } = factsOf(input);
    expect(settings).to.deep.equal(settingsOf(input));
    const sizes = resolveSpec(settingsOf(input));
    for (const key of Object.keys(sizes) as (keyof typeof sizes)[]) expect(spec[key], key).to.deep.equal(sizes[key]);
  });

  it("throw where a value is asked for that the schema refuses", () => {
    const { settings, spec } = factsOf({
      ...onAws,
      tier: "growth",
      region: "mars",
      app: { port: 80 },
      postgres: { replicas: "two" },
    });
    expect(() => settings.region).to.throw(UnknownValue);
    expect(() => settings.app.port).to.throw(UnknownValue);
    expect(settings.app.healthPath).to.equal("/healthz");
    expect(() => spec.postgres).to.throw(UnknownValue);
    expect(spec.redis).to.deep.equal(tiers.growth.redis);
    expect(spec.app).to.deep.equal(tiers.growth.app);
  });

  it("lack every size without a tier", () => {
    const { settings, spec } = factsOf({ ...onAws, tier: "huge" });
    expect(settings.domain).to.equal("app.example.com");
    for (const key of Object.keys(tiers.mvp) as (keyof typeof spec)[]) expect(() => spec[key]).to.throw(UnknownValue);
  });

  it("lack what a misspelt key was meant to be", () => {
    const { settings } = factsOf({ ...onAws, teir: "growth", nodes: { maxNodess: 8 } });
    expect(() => settings.tier).to.throw(UnknownValue);
    expect(() => settings.nodes.maxNodes).to.throw(UnknownValue);
    expect(settings.nodes.capacity).to.equal(undefined);
  });

  it("lack a whole list where an item cannot do without its mistake, and else only the mistake", () => {
    expect(() => factsOf({ ...onAws, queues: [{ name: "MAIL" }, { name: "b" }] }).settings.queues).to.throw(
      UnknownValue,
    );
    const { queues } = factsOf({ ...onAws, queues: [{ name: "a", concurrency: 0 }, { name: "b" }] }).settings;
    expect(queues.map(({ name }) => name)).to.deep.equal(["a", "b"]);
    expect(() => queues[0]?.concurrency).to.throw(UnknownValue);
    expect(queues[1]?.concurrency).to.equal(5);
  });

  it("include neither an image nor anything of a text in the place of an object", () => {
    const { settings } = factsOf({ ...onAws, image: undefined, app: "hunter2" });
    expect(() => settings.image).to.throw(UnknownValue);
    expect(() => settings.app).to.throw(UnknownValue);
  });
});

describe("rules beside mistakes of form", () => {
  it("report what the known values break", () => {
    const queues = [{ name: "a" }, { name: "a" }];
    expect(keysOf({ ...onAws, tier: "startup", region: "mars", queues, hostedZoneId: undefined })).to.deep.equal([
      "region",
      "hostedZoneId",
      "queues",
    ]);
    expect(keysOf({ ...onAws, domain: "-", apiAccessCidrs: ["52.0.0.1/8"], app: { port: 15021 } })).to.deep.equal([
      "domain",
      "apiAccessCidrs[0]",
    ]);
  });

  it("report nothing that another value of the mistake would mend", () => {
    // Of mvp, these would be ignored; of growth, they are right.
    const ofGrowth = { ...onAws, nodes: { maxNodes: 8 }, postgres: { multiAz: true } };
    for (const tier of [{ teir: "growth" }, { tier: "grwoth" }, { tier: 3 }])
      expect(keysOf({ ...ofGrowth, ...tier })).to.deep.equal(Object.keys(tier));
    expect(keysOf({ ...onAws, tier: "growth", domain: "-" })).to.deep.equal(["domain"]);
    expect(keysOf({ ...onAws, domain: undefined, hostedZoneId: "x" })).to.deep.equal(["hostedZoneId"]);
  });

  it("end, whatever the configuration", () => {
    const keys = Object.keys(settingsSchema.shape);
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.dictionary(fc.constantFrom("port", "name", "cidr", "x"), fc.jsonValue()),
    );
    const configuration = fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), value, { maxKeys: 6 });
    fc.assert(
      fc.property(configuration, (input) => {
        const form = formProblemsOf({ ...onAws, ...input });
        expect(problemsOf({ ...onAws, ...input }).slice(0, form.length)).to.deep.equal(form);
      }),
    );
  });
});
