import { expect } from "chai";
import { changesBetween } from "../../planner/move/changes";
import { type Plan, planStack } from "../../planner/plan";
import { readProject, readStack } from "../../planner/stacks";
import type { Program } from "../../platform/program";
import { testProject } from "../support/project";

const program = require("../../index") as Program;
const key = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-123456789abc";

async function planOf(stack: string, kmsKeyArn?: string): Promise<Plan> {
  const project = readProject(testProject());
  const settings = { ...readStack(project, stack), stack: "shop" };
  if (kmsKeyArn) settings.config["tierstack:kmsKeyArn"] = kmsKeyArn;
  if (stack === "growth" || stack === "scale") settings.config["tierstack:keep"] = '{"nodeState": true}';
  return (await planStack(project, settings, program)).plan;
}

/** Where a plan names the key: the path of the resource and of its property. */
function uses({ resources }: Plan): string[] {
  const found = (value: unknown, at: string): string[] => {
    if (value === key) return [at];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, inner]) => found(inner, `${at}.${name}`));
  };
  return resources.flatMap(({ path, inputs }) => found(inputs, path.replace("tierstack/", "")));
}

const nodeState = [
  "node-state/volume.kmsKeyId",
  ...["server-ca", "client-ca", "request-header-ca"].flatMap((name) => [
    `node-state/${name}.crt.keyId`,
    `node-state/${name}.key.keyId`,
  ]),
];
const dumps = "postgres-dumps/encryption.rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId";
const rds = ["postgres/primary.performanceInsightsKmsKeyId", "postgres/primary.kmsKeyId"];
const managed = [...rds, "redis/cluster.kmsKeyId"];

describe("a KMS key of the user's", () => {
  const expected: Record<string, string[]> = {
    mvp: [dumps, ...nodeState],
    startup: [dumps, ...nodeState, ...managed],
    growth: [dumps, ...nodeState, ...managed, "postgres/replica-0.performanceInsightsKmsKeyId"],
    scale: [
      dumps,
      ...nodeState,
      ...managed,
      "postgres/replica-0.performanceInsightsKmsKeyId",
      "postgres/replica-1.performanceInsightsKmsKeyId",
    ],
  };

  for (const [stack, places] of Object.entries(expected))
    it(`encrypts all that holds data at ${stack}, and nothing names it without the setting`, async () => {
      expect(uses(await planOf(stack, key))).to.have.members(places);
      expect(uses(await planOf(stack))).to.deep.equal([]);
    });

  it("stays through the moves: no store is replaced", async () => {
    const stacks = Object.keys(expected);
    for (const [at, to] of stacks.slice(1).entries()) {
      const [before, after] = [await planOf(stacks[at] as string, key), await planOf(to, key)];
      for (const [left, right] of [
        [before, after],
        [after, before],
      ] as const) {
        const lost = changesBetween(left.resources, right.resources).filter(
          ({ data, action }) => data && (action === "replace" || action === "delete"),
        );
        expect(lost).to.deep.equal([]);
      }
    }
  });

  it("is refused where it comes later, because it would replace the stores", async () => {
    const changes = changesBetween((await planOf("startup")).resources, (await planOf("startup", key)).resources);
    const refused = changes
      .filter(({ action }) => action === "refused")
      .map(({ path, action, properties }) => [
        path,
        action,
        properties.filter(({ replaces }) => replaces).map(({ property }) => property),
      ]);
    expect(refused).to.deep.equal([
      ["tierstack/node-state/volume", "refused", ["kmsKeyId"]],
      ["tierstack/postgres/primary", "refused", ["kmsKeyId"]],
      ["tierstack/redis/cluster", "refused", ["kmsKeyId"]],
    ]);
  });
});
