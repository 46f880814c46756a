import { expect } from "chai";
import type { Policy } from "../../../scripts/deploy-role/statements";
import { needs } from "../../planner/preflight/support";
import { type IamRequest, isAllowed } from "../../support/iam";
import { account, bucketName, filledPolicies, own, ownPolicies, withTags } from "./support";

const tiers = ["mvp", "startup", "growth", "scale"];
const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:${account}:${name}`;
const volume = arn("ec2", "volume/vol-1");
const dump = `arn:aws:s3:::${bucketName}/nightly/dump`;

type Asked = [action: string, resource: string, context?: IamRequest["context"]];

const foreign = withTags({ ...own, "tierstack:stack": "staging" });
const eks = { "aws:ResourceTag/eks:eks-cluster-name": "shop" };
/** What the roles of a stack may not do, whatever their policies say. */
const refused: Asked[] = [
  ["iam:CreateUser", `arn:aws:iam::${account}:user/x`],
  ["iam:PutRolePolicy", `arn:aws:iam::${account}:role/cluster-role-1a2b3c4`],
  ["iam:PassRole", `arn:aws:iam::${account}:role/admin`],
  ["sts:AssumeRole", `arn:aws:iam::${account}:role/admin`],
  ["organizations:LeaveOrganization", "*"],
  ["ec2:TerminateInstances", arn("ec2", "instance/i-1"), foreign],
  ["ec2:TerminateInstances", arn("ec2", "instance/i-1"), withTags({ ...own, "tierstack:project": "bank" })],
  ["s3:GetObject", "arn:aws:s3:::bank-statements/file"],
  ["s3:ListBucket", "arn:aws:s3:::bank-statements"],
  ["s3:ListAllMyBuckets", "*"],
  ["s3:GetObject", "arn:aws:s3:::acme-state/.pulumi/stacks/bank/production.json"],
  ["s3:PutObject", "arn:aws:s3:::acme-state/.pulumi/stacks/shop/production.json"],
  ["s3:PutObject", "arn:aws:s3:::postgres-dumps-bucket-0f9e8d7/nightly/dump"],
  ["s3:GetObject", dump],
  ["s3:DeleteObject", dump],
  ["s3:DeleteObjectVersion", dump],
  ["s3:DeleteObjectVersion", "arn:aws:s3:::acme-uploads/file"],
  ["s3:PutLifecycleConfiguration", "arn:aws:s3:::acme-uploads"],
  ["s3:PutBucketPolicy", "arn:aws:s3:::acme-uploads"],
  ["s3:PutBucketVersioning", "arn:aws:s3:::acme-uploads"],
  ["s3:BypassGovernanceRetention", "arn:aws:s3:::acme-uploads/file"],
  ["s3:DeleteBucket", "arn:aws:s3:::acme-uploads"],
  ["ec2:DeleteVolume", volume, withTags(own)],
  ["ec2:DeleteVolume", volume, { ...withTags(own), ...eks }],
  ["ec2:DeleteVolume", volume],
  ["ec2:DeleteSnapshot", arn("ec2", "snapshot/snap-1")],
  ["ec2:DeleteSnapshot", arn("ec2", "snapshot/snap-1"), { ...withTags(own), ...eks }],
  ["ec2:DeleteTags", volume, withTags(own)],
  ["rds:DeleteDBSnapshot", arn("rds", "snapshot:x")],
  ["rds:DeleteDBInstanceAutomatedBackup", arn("rds", "auto-backup:x")],
  ["rds:ModifyDBSnapshotAttribute", arn("rds", "snapshot:x")],
  ["rds:ModifyDBInstance", arn("rds", "db:x"), withTags(own)],
  ["rds:StopDBInstanceAutomatedBackupsReplication", arn("rds", "db:x"), withTags(own)],
  ["elasticache:DeleteSnapshot", arn("elasticache", "snapshot:x")],
  ["elasticache:ModifyReplicationGroup", arn("elasticache", "replicationgroup:x")],
  ["dynamodb:DeleteTable", arn("dynamodb", "table/orders")],
  ["dynamodb:DeleteBackup", arn("dynamodb", "table/orders/backup/1")],
  ["backup:DeleteRecoveryPoint", arn("backup", "recovery-point:1")],
  ["elasticfilesystem:DeleteFileSystem", arn("elasticfilesystem", "file-system/fs-1")],
  ["secretsmanager:DeleteSecret", arn("secretsmanager", "secret:x")],
  ["kms:ScheduleKeyDeletion", arn("kms", "key/1")],
  ["kms:DisableKey", arn("kms", "key/1")],
  ["kms:PutKeyPolicy", arn("kms", "key/1")],
  ["kms:DeleteImportedKeyMaterial", arn("kms", "key/1")],
];

describe("guards of the deploy role", () => {
  let role: Policy[];
  let boundary: Policy;

  before(async function () {
    this.timeout(60_000);
    const policies = await filledPolicies();
    role = ownPolicies(policies);
    boundary = policies.boundary as Policy;
  });

  const may = (action: string, resource: string, context: IamRequest["context"] = {}) =>
    isAllowed(role, { action, resource, context });
  /** What a role may do whose own policy allows everything. */
  const most = (action: string, resource: string, context: IamRequest["context"] = {}) =>
    isAllowed([boundary], { action, resource, context });

  it("keep what a stack protects at any tier, from the role and from the roles that it creates", async () => {
    const deletes: Record<string, Asked> = {
      "aws:ebs/volume:Volume": ["ec2:DeleteVolume", volume, withTags(own)],
      "aws:s3/bucket:Bucket": ["s3:DeleteBucket", `arn:aws:s3:::${bucketName}`, { "aws:ResourceAccount": account }],
      "aws:rds/instance:Instance": ["rds:DeleteDBInstance", arn("rds", "db:any"), withTags(own)],
      "aws:elasticache/replicationGroup:ReplicationGroup": [
        "elasticache:DeleteReplicationGroup",
        arn("elasticache", "replicationgroup:redis-1"),
        withTags(own),
      ],
    };
    for (const tier of tiers) {
      const { plan } = await needs(tier);
      const stored = plan.resources.filter(({ type, options }) => options.protect && type.startsWith("aws:"));
      expect(stored, tier).not.to.deep.equal([]);
      for (const { type, path } of stored) {
        const request = deletes[type] as Asked;
        expect(may(...request), path).to.equal(false);
        expect(most(...request), path).to.equal(false);
      }
    }
  });

  it("deny what no tier asks for: what leaves a tier with data in it stays in the account", async () => {
    const removing = ["aws:rds/instance:Instance", "aws:kms/key:Key"];
    for (const tier of tiers) {
      const { plan } = await needs(tier);
      const deleted = plan.resources.filter(({ type, options }) => removing.includes(type) && !options.retainOnDelete);
      expect(
        deleted.map(({ path }) => path),
        tier,
      ).to.deep.equal([]);
    }
  });

  it("hold under another name, and for keys and read replicas", () => {
    const replica = arn("rds", "db:shop-production-postgres-replica-0-1a2b3c4d");
    // A database that was renamed goes by whatever name it was given.
    expect(may("rds:ModifyDBInstance", arn("rds", "db:shop-production-postgres-primary-1"), withTags(own))).to.equal(
      true,
    );
    expect(may("rds:DeleteDBInstance", replica, withTags(own))).to.equal(false);
    expect(may("kms:ScheduleKeyDeletion", arn("kms", "key/1"), withTags(own))).to.equal(false);
  });

  it("leave to the roles of a stack what they need", () => {
    const allowed: Asked[] = [
      ["s3:GetObject", "arn:aws:s3:::acme-uploads/file"],
      ["s3:ListBucket", "arn:aws:s3:::acme-uploads"],
      ["s3:DeleteObject", "arn:aws:s3:::acme-uploads/file"],
      ["s3:PutObject", dump],
      ["s3:AbortMultipartUpload", dump],
      ["cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": "shop/mvp" }],
      ["ec2:AttachVolume", volume, withTags(own)],
      // EKS deletes the volumes of claims, which have its tag.
      ["ec2:DeleteVolume", volume, { "aws:ResourceTag/eks:eks-cluster-name": "shop" }],
      ["iam:CreateInstanceProfile", `arn:aws:iam::${account}:instance-profile/eks-1`],
      ["sts:AssumeRole", `arn:aws:iam::${account}:role/app-identity-role-1a2b3c4`, withTags(own)],
      ["kms:Decrypt", arn("kms", "key/1")],
      ["sqs:SendMessage", arn("sqs", "orders")],
    ];
    for (const [action, resource, context] of allowed)
      expect(most(action, resource, context), `${action} ${resource}`).to.equal(true);
  });

  it("keep the roles of a stack from identities, stores, backups and the buckets of others", () => {
    for (const [action, resource, context] of refused)
      expect(most(action, resource, context), `${action} ${resource}`).to.equal(false);
  });

  it("deny each for a reason: without any one denial of the boundary, one of these requests is allowed", () => {
    const idle: string[] = [];
    for (const statement of boundary.Statement.filter(({ Effect }) => Effect === "Deny")) {
      const others = boundary.Statement.filter((one) => one !== statement);
      const actions = [statement.Action ?? []].flat();
      const rest = (action: string) => ({ ...statement, Action: actions.filter((one) => one !== action) });
      // A denial of one thing goes whole; of several, one action at a time.
      const weaker = actions.length > 1 ? actions.map((action) => [...others, rest(action)]) : [others];
      for (const [at, Statement] of weaker.entries()) {
        const opened = refused.some(([action, resource, context = {}]) =>
          isAllowed([{ Version: "2012-10-17", Statement }], { action, resource, context }),
        );
        if (!opened) idle.push(`${statement.Sid} ${actions[at] ?? ""}`);
      }
    }
    expect(idle).to.deep.equal([]);
  });

  it("have the bucket's name, by default the one that every stack's bucket begins with", async () => {
    const names = new Set<string>();
    for (const tier of tiers)
      for (const { type, name } of (await needs(tier)).plan.resources)
        if (type === "aws:s3/bucket:Bucket") names.add(name);
    expect([...names]).to.deep.equal(["postgres-dumps-bucket"]);
  });
});
