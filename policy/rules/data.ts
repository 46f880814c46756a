import {
  type Check,
  demand,
  type Finding,
  onTypes,
  type PolicyContext,
  type PolicyResource,
  type ResourceRule,
} from "./rule";

const fix =
  "create it with protect and retainOnDelete, or set allowDestroy to true to destroy the stack (docs/destroying.md)";

const isProtected = ({ options }: PolicyResource): Finding[] => demand("protect", options.protect, true, fix);

/** An in-cluster store that the tier no longer uses, or a copy of data: it may leave the program, but stays. */
const isKept = ({ options }: PolicyResource): Finding[] =>
  options.protect ? [] : demand("retainOnDelete", options.retainOnDelete ?? true, true, fix);

/** RDS and the databases like it have a protection of their own. */
function database(resource: PolicyResource): Finding[] {
  const { deletionProtection, replicateSourceDb } = resource.inputs;
  const ownFix = "set it, or set allowDestroy to true to destroy the stack (docs/destroying.md)";
  const deletion = demand("deletionProtection", deletionProtection, true, ownFix);
  return [...(replicateSourceDb === undefined ? isProtected(resource) : isKept(resource)), ...deletion];
}

/** What is demanded of each type that holds data. The planner takes what holds data from here, too. */
const demands: Record<string, (resource: PolicyResource) => Finding[]> = {
  "aws:rds/instance:Instance": database,
  "aws:elasticache/replicationGroup:ReplicationGroup": isProtected,
  "aws:ebs/volume:Volume": isProtected,
  "aws:s3/bucket:Bucket": isProtected,
  "aws:s3/bucketV2:BucketV2": isProtected,
  "aws:s3/directoryBucket:DirectoryBucket": isProtected,
  "aws:dynamodb/table:Table": isProtected,
  "aws:efs/fileSystem:FileSystem": isProtected,
  "aws:fsx/lustreFileSystem:LustreFileSystem": isProtected,
  "aws:fsx/ontapFileSystem:OntapFileSystem": isProtected,
  "aws:fsx/openZfsFileSystem:OpenZfsFileSystem": isProtected,
  "aws:fsx/windowsFileSystem:WindowsFileSystem": isProtected,
  "aws:rds/cluster:Cluster": database,
  "aws:docdb/cluster:Cluster": database,
  "aws:neptune/cluster:Cluster": database,
  "aws:redshift/cluster:Cluster": isProtected,
  "aws:memorydb/cluster:Cluster": isProtected,
  "aws:elasticache/serverlessCache:ServerlessCache": isProtected,
  "aws:opensearch/domain:Domain": isProtected,
  "aws:elasticsearch/domain:Domain": isProtected,
  "aws:msk/cluster:Cluster": isProtected,
  "aws:cognito/userPool:UserPool": isProtected,
  "kubernetes:core/v1:PersistentVolumeClaim": isKept,
  "kubernetes:apps/v1:StatefulSet": isKept,
};

/** Whether a type holds data. */
export const isDataType = (type: string): boolean => type in demands;

const snapshot = "name a final snapshot";

const named =
  (property: string): Check =>
  (inputs) =>
    inputs[property] === undefined ? [{ where: property, given: "nothing", allowed: "a name", fix: snapshot }] : [];

const skipsNone: Check = ({ skipFinalSnapshot }) => demand("skipFinalSnapshot", skipFinalSnapshot, false, snapshot);

/** What AWS still snapshots when the user destroys a stack. */
const lastSnapshots: Record<string, Check> = {
  "aws:rds/instance:Instance": (inputs) => (inputs.replicateSourceDb === undefined ? skipsNone(inputs) : []),
  "aws:rds/cluster:Cluster": skipsNone,
  "aws:docdb/cluster:Cluster": skipsNone,
  "aws:neptune/cluster:Cluster": skipsNone,
  "aws:redshift/cluster:Cluster": skipsNone,
  "aws:elasticache/replicationGroup:ReplicationGroup": named("finalSnapshotIdentifier"),
  "aws:memorydb/cluster:Cluster": named("finalSnapshotName"),
  "aws:ebs/volume:Volume": ({ finalSnapshot }) => demand("finalSnapshot", finalSnapshot, true, snapshot),
};

export const dataRules: ResourceRule[] = [
  {
    name: "data-protected",
    demands:
      "What holds data has `protect`, or `retainOnDelete` where it is a copy or a store that is only kept; RDS, DocumentDB " +
      "and Neptune also have `deletionProtection`. `allowDestroy: true` lifts this.",
    types: Object.keys(demands),
    check: (resource: PolicyResource, { allowDestroy }: PolicyContext) =>
      allowDestroy ? [] : (demands[resource.type]?.(resource) ?? []),
  },
  {
    name: "data-final-snapshot",
    demands:
      "Databases, caches and volumes of which AWS makes final snapshots leave one when they are deleted, with " +
      "`allowDestroy`, too.",
    ...onTypes(lastSnapshots),
  },
];
