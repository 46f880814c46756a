import type { Scope } from "./actions";
import type { RoleFacts } from "./facts";
import { keptByTheRole, otherStacks } from "./guards";
import { roleStatements } from "./roles";
import { dumpsBucket, type Policy, requestTags, resourceTags, type Statement, stateBucket } from "./statements";

/**
 * Reads that Pulumi's provider makes beside the actions of the catalogue. None of them returns what is in a database, a
 * bucket, a parameter or a log.
 */
const reads = [
  "acm:ListTagsForCertificate",
  "autoscaling:Describe*",
  "budgets:ListTagsForResource",
  "budgets:ViewBudget",
  "ce:GetAnomalyMonitors",
  "ce:GetAnomalySubscriptions",
  "ce:ListTagsForResource",
  "cloudfront:Describe*",
  "cloudfront:Get*",
  "cloudfront:List*",
  "cloudwatch:DescribeAlarms",
  "cloudwatch:ListTagsForResource",
  "ec2:Describe*",
  "eks:Describe*",
  "eks:List*",
  "elasticache:Describe*",
  "elasticache:List*",
  "elasticloadbalancing:Describe*",
  "kms:DescribeKey",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListResourceTags",
  "logs:Describe*",
  "logs:GetDelivery*",
  "logs:ListTagsForResource",
  "rds:Describe*",
  "rds:ListTagsForResource",
  "route53:GetHostedZone",
  "route53:ListHostedZones",
  "route53:ListResourceRecordSets",
  "sns:GetSubscriptionAttributes",
  "sns:GetTopicAttributes",
  "sns:ListTagsForResource",
  "ssm:DescribeParameters",
  "ssm:ListTagsForResource",
  "wafv2:Get*",
  "wafv2:List*",
];

const isRead = (action: string) =>
  reads.some((read) => (read.endsWith("*") ? action.startsWith(read.slice(0, -1)) : read === action));

/** Services of each policy. IAM allows 6,144 characters a managed policy, so there are several. */
const files = {
  network: ["autoscaling", "ec2"],
  data: ["elasticache", "kms", "rds", "ssm"],
  edge: ["acm", "cloudfront", "elasticloadbalancing", "logs", "wafv2"],
  cluster: ["eks"],
  alarms: ["budgets", "ce", "cloudwatch", "sns"],
};

/** What AWS owns and a stack uses. It has no tags. */
const ofAws: Record<keyof typeof files, string[]> = {
  network: ["arn:aws:ec2:*::image/*"],
  data: ["arn:aws:rds:*:<ACCOUNT>:og:default:*", "arn:aws:elasticache:*:<ACCOUNT>:parametergroup:default.*"],
  edge: ["arn:aws:wafv2:*:<ACCOUNT>:global/managedruleset/*/*"],
  cluster: [],
  alarms: [],
};

/** The actions that use it. */
const usesOfAws = [
  "ec2:RunInstances",
  "rds:CreateDBInstance",
  "elasticache:CreateReplicationGroup",
  "wafv2:CreateWebACL",
];

/** The default security group of a new VPC has no tags. All that may be done to it before it has is to close it. */
const closeUntagged: Statement = {
  Sid: "CloseTheDefaultSecurityGroup",
  Effect: "Allow",
  Action: ["ec2:CreateTags", "ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
  Resource: "arn:aws:ec2:*:<ACCOUNT>:security-group/*",
  Condition: { Null: { "aws:ResourceTag/tierstack:stack": "true" } },
};

/** EC2 tags at creation only, and what is the stack's. Elsewhere the name of the creating action is not known. */
const tagsAtCreation: Statement = {
  Sid: "TagWhatIsCreated",
  Effect: "Allow",
  Action: ["ec2:CreateTags"],
  Resource: "*",
  Condition: { StringEquals: requestTags, Null: { "ec2:CreateAction": "false" } },
};

function ofServices(name: keyof typeof files, scopes: Scope[]): Policy {
  const own = scopes.filter(({ service, action }) => files[name].includes(service) && !isRead(action));
  const actionsWhere = (test: (scope: Scope) => boolean) => own.filter(test).map(({ action }) => action);
  const shared = actionsWhere(({ action }) => usesOfAws.includes(action));
  const unscoped = actionsWhere(({ byTag, setsTags }) => !byTag && !setsTags);
  const statement = (Sid: string, Action: string[], rest: Pick<Statement, "Resource" | "Condition">): Statement[] =>
    Action.length === 0 ? [] : [{ Sid, Effect: "Allow", Action, ...rest }];
  return {
    Version: "2012-10-17",
    Statement: [
      ...statement(
        "CreateWithTheTags",
        actionsWhere(({ setsTags, action }) => setsTags && action !== "ec2:CreateTags"),
        { Resource: "*", Condition: { StringEquals: requestTags } },
      ),
      ...statement(
        "WhatHasTheTags",
        actionsWhere(({ byTag }) => byTag),
        {
          Resource: "*",
          Condition: { StringEquals: resourceTags },
        },
      ),
      ...statement("WhatAwsOwns", ofAws[name].length > 0 ? shared : [], { Resource: ofAws[name] }),
      ...statement("WhatHasNoTags", unscoped, { Resource: "*" }),
      ...(name === "network" ? [tagsAtCreation, closeUntagged] : []),
    ],
  };
}

function bucketStatements(scopes: Scope[]): Statement[] {
  const actions = scopes.filter(({ service }) => service === "s3").map(({ action }) => action);
  return [
    {
      Sid: "Buckets",
      Effect: "Allow",
      Action: [...actions, "s3:GetBucket*", "s3:GetAccelerateConfiguration", "s3:GetReplicationConfiguration"].sort(),
      Resource: dumpsBucket,
      Condition: { StringEquals: { "aws:ResourceAccount": "<ACCOUNT>" } },
    },
  ];
}

const zoneStatements: Statement[] = [
  {
    Sid: "Records",
    Effect: "Allow",
    Action: "route53:ChangeResourceRecordSets",
    Resource: "arn:aws:route53:::hostedzone/<ZONE>",
    Condition: {
      "ForAllValues:StringLike": {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["<DOMAIN>", "*.<DOMAIN>"],
      },
    },
  },
  { Sid: "RecordChanges", Effect: "Allow", Action: "route53:GetChange", Resource: "arn:aws:route53:::change/*" },
];

const stateStatements: Statement[] = [
  { Sid: "StateList", Effect: "Allow", Action: "s3:ListBucket", Resource: stateBucket },
  {
    Sid: "State",
    Effect: "Allow",
    Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
    Resource: `${stateBucket}/.pulumi/*`,
  },
];

const policyOf = (statements: Statement[]): Policy => ({ Version: "2012-10-17", Statement: statements });

/** The managed policies of the role that deploys, by file name. */
export function deployPolicies(scopes: Scope[], facts: RoleFacts): Record<string, Policy> {
  const names = Object.keys(files) as (keyof typeof files)[];
  const policies = Object.fromEntries(names.map((name) => [name, ofServices(name, scopes)]));
  policies.data?.Statement.push(...bucketStatements(scopes));
  policies.edge?.Statement.push(...zoneStatements);
  const guard: Statement[] = [
    ...otherStacks,
    ...keptByTheRole,
    { Sid: "Reads", Effect: "Allow", Action: reads, Resource: "*" },
    ...stateStatements,
  ];
  return { ...policies, roles: policyOf(roleStatements(facts)), guard: policyOf(guard) };
}
