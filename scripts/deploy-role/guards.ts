import { dumpsBucket, resourceTags, type Statement } from "./statements";

/** Nothing may be done to what has the tags of another stack or project, whatever else allows it. */
export const otherStacks: Statement[] = Object.entries(resourceTags).map(([key, value]) => ({
  Sid: key.endsWith("stack") ? "OtherStacks" : "OtherProjects",
  Effect: "Deny",
  Action: "*",
  Resource: "*",
  // A negated operator also holds where there is no tag.
  Condition: { Null: { [key]: "false" }, StringNotEquals: { [key]: value } },
}));

const keep = (Sid: string, Action: string[], Condition?: Statement["Condition"]): Statement => ({
  Sid,
  Effect: "Deny",
  Action,
  Resource: "*",
  ...(Condition && { Condition }),
});

/**
 * The role that deploys deletes nothing that holds data, under whatever name. The program asks for none of it: what leaves
 * a tier stays in the account, read replicas and keys too (`retainOnDelete`).
 */
export const keptByTheRole: Statement[] = [
  keep("KeepTheData", [
    "ec2:DeleteVolume",
    "elasticache:DeleteReplicationGroup",
    "kms:ScheduleKeyDeletion",
    "rds:DeleteDBInstance",
    "s3:DeleteBucket",
  ]),
];

/**
 * The roles of the stack delete no store, backup or key, and do not change how one is kept. Volumes and snapshots are
 * deleted by EKS alone, and only its own: it tags what it makes (the managed policy AmazonEKSBlockStoragePolicy).
 */
export const keptByItsRoles: Statement[] = [
  keep("KeepTheData", [
    "backup:Delete*",
    "dynamodb:DeleteBackup",
    "dynamodb:DeleteTable",
    "elasticache:Delete*",
    "elasticache:Modify*",
    "elasticfilesystem:Delete*",
    "kms:DeleteImportedKeyMaterial",
    "kms:DisableKey",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "rds:Delete*",
    "rds:Modify*",
    "rds:StopDBInstanceAutomatedBackupsReplication",
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket*",
    "s3:DeleteObjectVersion*",
    "s3:PutBucketPolicy",
    "s3:PutBucketVersioning",
    "s3:PutLifecycleConfiguration",
    "secretsmanager:DeleteSecret",
  ]),
  keep("KeepTheVolumes", ["ec2:DeleteSnapshot", "ec2:DeleteTags", "ec2:DeleteVolume"], { StringEquals: resourceTags }),
  keep("KeepOtherVolumes", ["ec2:DeleteSnapshot", "ec2:DeleteVolume"], {
    Null: { "aws:ResourceTag/eks:eks-cluster-name": "true" },
  }),
];

/** The roles of the stack use two buckets: the application's, and that of the dumps, to which they only write. */
export const twoBuckets: Statement[] = [
  {
    Sid: "NoOtherBuckets",
    Effect: "Deny",
    Action: "s3:*",
    NotResource: ["arn:aws:s3:::<FILES-BUCKET>", "arn:aws:s3:::<FILES-BUCKET>/*", `${dumpsBucket}/*`],
  },
  {
    Sid: "DumpsAreWritten",
    Effect: "Deny",
    NotAction: ["s3:AbortMultipartUpload", "s3:PutObject"],
    Resource: `${dumpsBucket}/*`,
  },
];
