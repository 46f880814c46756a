import { demand, type Finding, type PolicyContext, type PolicyResource, type ResourceRule } from "./rule";

const fix =
  "create it with protect and retainOnDelete, or set allowDestroy to true to destroy the stack (docs/destroying.md)";

const isProtected = ({ options }: PolicyResource): Finding[] => demand("protect", options.protect, true, fix);

/** An in-cluster store that the tier no longer uses, or a copy of data: it may leave the program, but stays. */
const isKept = ({ options }: PolicyResource): Finding[] =>
  options.protect ? [] : demand("retainOnDelete", options.retainOnDelete ?? true, true, fix);

function database(resource: PolicyResource): Finding[] {
  const { deletionProtection, replicateSourceDb } = resource.inputs;
  const ownFix = "set it, or set allowDestroy to true to destroy the stack (docs/destroying.md)";
  const deletion = demand("deletionProtection", deletionProtection, true, ownFix);
  return [...(replicateSourceDb === undefined ? isProtected(resource) : isKept(resource)), ...deletion];
}

/** What is demanded of each type that holds data. */
const demands: Record<string, ((resource: PolicyResource) => Finding[]) | undefined> = {
  "aws:rds/instance:Instance": database,
  "aws:elasticache/replicationGroup:ReplicationGroup": isProtected,
  "aws:ebs/volume:Volume": isProtected,
  "aws:s3/bucket:Bucket": isProtected,
  "kubernetes:core/v1:PersistentVolumeClaim": isKept,
  "kubernetes:apps/v1:StatefulSet": isKept,
};

/** What AWS still snapshots when the user destroys a stack. */
function lastSnapshot({ type, inputs }: PolicyResource): Finding[] {
  const snapshot = "name a final snapshot";
  if (type === "aws:rds/instance:Instance" && inputs.replicateSourceDb === undefined)
    return demand("skipFinalSnapshot", inputs.skipFinalSnapshot, false, snapshot);
  if (type === "aws:elasticache/replicationGroup:ReplicationGroup" && inputs.finalSnapshotIdentifier === undefined)
    return [{ where: "finalSnapshotIdentifier", given: "nothing", allowed: "a name", fix: snapshot }];
  if (type === "aws:ebs/volume:Volume") return demand("finalSnapshot", inputs.finalSnapshot, true, snapshot);
  return [];
}

export const dataRules: ResourceRule[] = [
  {
    name: "data-protected",
    demands:
      "What holds data has `protect`, or `retainOnDelete` where it is a copy or a store that is only kept; RDS also has " +
      "`deletionProtection`. `allowDestroy: true` lifts this.",
    check: (resource: PolicyResource, { allowDestroy }: PolicyContext) =>
      allowDestroy ? [] : (demands[resource.type]?.(resource) ?? []),
  },
  {
    name: "data-final-snapshot",
    demands: "RDS, ElastiCache and volumes leave a final snapshot when they are deleted, with `allowDestroy`, too.",
    check: lastSnapshot,
  },
];
