import { expect } from "chai";
import { reveal } from "../../planner/record/values";
import type { Program } from "../../platform/program";
import { tierNames } from "../../tiers";
import { type Recorded, recorded } from "../support/record";
import { asTexts, onAws } from "../support/settings";

const program = require("../../index") as Program;

/** Three stacks of two products, as one account may have them. */
const products = [
  { project: "shop", stack: "prod" },
  { project: "shop", stack: "test" },
  { project: "blog", stack: "prod" },
];

type Product = (typeof products)[number];
type Inputs = Record<string, unknown>;

function stackOf({ project, stack }: Product, tier: string): Promise<Recorded> {
  const iamPolicy = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::files/*" }],
  };
  const settings = {
    ...onAws,
    tier,
    domain: `${stack}.${project}.com`,
    app: { iamPolicy },
    queues: [{ name: "mail" }],
  };
  const config = Object.entries(asTexts(settings)).map(([key, value]) => [`${project}:${key}`, value]);
  return recorded(() => program(), { project, stack, config: Object.fromEntries(config) });
}

/** Properties by which AWS names a resource itself. Others, such as `parameterGroupName`, name another one. */
const naming: ((inputs: Inputs, type: string) => unknown)[] = [
  ({ name }) => name,
  ({ namePrefix }) => namePrefix,
  ({ identifier }) => identifier,
  ({ clusterIdentifier }) => clusterIdentifier,
  ({ replicationGroupId }) => replicationGroupId,
  ({ finalSnapshotIdentifier }) => finalSnapshotIdentifier,
  ({ bucket }, type) => type === "aws:s3/bucket:Bucket" && bucket,
  ({ visibilityConfig }) => (visibilityConfig as { metricName: string } | undefined)?.metricName,
  ({ vpcOriginEndpointConfig }) => (vpcOriginEndpointConfig as { name: string } | undefined)?.name,
];

/** A suffix that Pulumi or `random` draws. In a plan it is a stand-in, the same in every stack. */
const drawn = /-[0-9a-f]{7,16}\b/;

/** The fixed names of a stack's resources on AWS, as `type: name`. A name that is left out gets a suffix by Pulumi. */
function namesOf(run: Recorded): string[] {
  const names = run.resources
    .filter(({ type }) => type.startsWith("aws:"))
    .flatMap(({ type, inputs }) =>
      naming
        .map((name) => name(reveal(inputs) as Inputs, type))
        .filter((name): name is string => typeof name === "string" && !drawn.test(name))
        .map((name) => `${type}: ${name}`),
    );
  // The A and the AAAA record of a domain have one name.
  return [...new Set(names)];
}

describe("two products in one account", () => {
  for (const tier of tierNames)
    it(`share no physical name (${tier})`, async () => {
      const names: string[] = [];
      for (const product of products) names.push(...namesOf(await stackOf(product, tier)));
      expect(names.length).to.be.greaterThan(products.length);
      expect(names.filter((name, at) => names.indexOf(name) !== at)).to.deep.equal([]);
    });

  for (const tier of tierNames)
    it(`have the tags of their project and stack on everything (${tier})`, async () => {
      const [product] = products as [Product];
      const run = await stackOf(product, tier);
      const tags = { "tierstack:project": product.project, "tierstack:stack": product.stack };
      const provider = run.inputs("aws");
      const { tags: defaults } = JSON.parse(String(provider.defaultTags));
      expect(defaults).to.deep.equal({ ...tags, "managed-by": "pulumi" });
      for (const { path, type, provider: its } of run.resources)
        if (type.startsWith("aws:")) expect(its, path).to.equal("aws");
      // What the default tags do not reach.
      for (const { path } of run.ofType("aws:ec2/launchTemplate:LaunchTemplate"))
        for (const started of run.inputs(path).tagSpecifications) expect(started.tags, path).to.include(tags);
      for (const { path } of run.ofType("aws:autoscaling/group:Group")) {
        const own = run.inputs(path).tags.map(({ key, value }: { key: string; value: string }) => [key, value]);
        expect(Object.fromEntries(own), path).to.include(tags);
      }
    });
});
