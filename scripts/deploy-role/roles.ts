import type { RoleFacts } from "./facts";
import { keptByItsRoles, otherStacks, twoBuckets } from "./guards";
import { type Policy, requestTags, resourceTags, type Statement } from "./statements";

/** The permissions boundary of every role that a stack creates: the setting `permissionsBoundary`. */
const boundary = "arn:aws:iam::<ACCOUNT>:policy/<PROJECT>-<STACK>-boundary";
const bounded = { "iam:PermissionsBoundary": boundary };

/** Names of roles that only older stacks have: AWS keeps the name when the program gives the resource another. */
const formerRoles = ["heartbeat-identity-role"];

const arnsOf = (kind: string, names: string[]) => names.map((name) => `arn:aws:iam::<ACCOUNT>:${kind}/${name}-*`);

/** Services whose service-linked roles AWS creates with their first resource in an account. */
const linkedServices = [
  "autoscaling.amazonaws.com",
  "delivery.logs.amazonaws.com",
  "eks.amazonaws.com",
  "elasticache.amazonaws.com",
  "elasticloadbalancing.amazonaws.com",
  "rds.amazonaws.com",
  "spot.amazonaws.com",
  "vpcorigin.cloudfront.amazonaws.com",
  "wafv2.amazonaws.com",
];

const arnsOfThere = (roles: string[]) => arnsOf("role", [...roles, ...formerRoles].sort());

/** What the role may do with roles: only those of the stack, by name and tags, and only within the boundary. */
export function roleStatements({ roles, profiles, services, attached }: RoleFacts): Statement[] {
  const Resource = arnsOf("role", roles);
  const there = { Resource: arnsOfThere(roles) };
  const allow = (Sid: string, Action: string[], rest: Pick<Statement, "Resource" | "Condition">): Statement => ({
    Sid,
    Effect: "Allow",
    Action,
    ...rest,
  });
  return [
    allow("CreateRoles", ["iam:CreateRole"], { Resource, Condition: { StringEquals: { ...requestTags, ...bounded } } }),
    allow("TagRoles", ["iam:TagRole"], { ...there, Condition: { StringEquals: requestTags } }),
    allow("BoundRoles", ["iam:PutRolePermissionsBoundary"], {
      Resource,
      Condition: { StringEquals: { ...resourceTags, ...bounded } },
    }),
    allow(
      "ChangeRoles",
      [
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePolicy",
        "iam:UpdateAssumeRolePolicy",
      ],
      { ...there, Condition: { StringEquals: { ...resourceTags, ...bounded } } },
    ),
    allow("AttachPoliciesOfAws", ["iam:AttachRolePolicy"], {
      Resource,
      Condition: { StringEquals: { ...resourceTags, ...bounded, "iam:PolicyARN": attached } },
    }),
    allow("PassRoles", ["iam:PassRole"], {
      ...there,
      Condition: { StringEquals: { "iam:PassedToService": services } },
    }),
    allow(
      "ReadRoles",
      ["iam:GetRole*", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRole*"],
      there,
    ),
    allow(
      "Profiles",
      [
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:GetInstanceProfile",
        "iam:ListInstanceProfileTags",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
      ],
      { Resource: arnsOf("instance-profile", profiles) },
    ),
    allow("ServiceLinkedRoles", ["iam:CreateServiceLinkedRole"], {
      Resource: "arn:aws:iam::<ACCOUNT>:role/aws-service-role/*",
      Condition: { StringEquals: { "iam:AWSServiceName": linkedServices } },
    }),
  ];
}

/**
 * The boundary: the most that a role of the stack can do, whatever its own policies say. EKS Auto Mode creates instance
 * profiles for its nodes, so its cluster's role may (the managed policy AmazonEKSComputePolicy).
 */
export function boundaryPolicy({ roles }: RoleFacts): Policy {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AllButIdentities",
        Effect: "Allow",
        NotAction: ["account:*", "iam:*", "organizations:*", "sso:*", "sts:AssumeRole*"],
        Resource: "*",
      },
      {
        Sid: "NodeProfilesOfEks",
        Effect: "Allow",
        Action: [
          "iam:AddRoleToInstanceProfile",
          "iam:CreateInstanceProfile",
          "iam:DeleteInstanceProfile",
          "iam:GetInstanceProfile",
          "iam:RemoveRoleFromInstanceProfile",
          "iam:TagInstanceProfile",
        ],
        Resource: "arn:aws:iam::<ACCOUNT>:instance-profile/eks*",
      },
      {
        Sid: "RolesOfTheStack",
        Effect: "Allow",
        Action: ["iam:GetRole", "iam:PassRole", "sts:AssumeRole"],
        Resource: arnsOfThere(roles),
      },
      ...otherStacks,
      ...keptByItsRoles,
      ...twoBuckets,
    ],
  };
}

/** Who may take a role: jobs of one repository that run in an environment. */
export const trustOf = (environment: string): Policy => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "FromGitHub",
      Effect: "Allow",
      Principal: { Federated: "arn:aws:iam::<ACCOUNT>:oidc-provider/token.actions.githubusercontent.com" },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
          "token.actions.githubusercontent.com:sub": `repo:<REPOSITORY>:environment:${environment}`,
        },
      },
    },
  ],
});

/** Who may take the role that deploys: jobs in the environment with the stack's name, which may ask for an approval. */
export const trustPolicy: Policy = trustOf("<STACK>");
