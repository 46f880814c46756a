/**
 * What AWS refuses to create or to update although the preview of the engine accepts it. The planner and the engine
 * suite's stand-in for AWS use the same rules. Each rule names its source.
 */
import { leastMaxStorageGiB } from "../../tiers/limits";
import { sizes } from "../../tiers/sizes";
import { unknownText } from "../record/values";

export type Inputs = Record<string, unknown>;

interface UpdateRule {
  type: string;
  /** Where AWS or its provider says so. */
  source: string;
  /** Why AWS refuses the update; undefined if it does not. */
  refuses: (before: Inputs, after: Inputs) => string | undefined;
}

const volume = "aws:ebs/volume:Volume";
const database = "aws:rds/instance:Instance";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";

const numberAt = (inputs: Inputs, property: string): number | undefined => {
  const value = inputs[property];
  return typeof value === "number" ? value : undefined;
};

/** The two values of a property that shrinks. */
function shrinking(property: string, before: Inputs, after: Inputs): { from: number; to: number } | undefined {
  const [from, to] = [numberAt(before, property), numberAt(after, property)];
  return from !== undefined && to !== undefined && to < from ? { from, to } : undefined;
}

/**
 * With storage autoscaling, the provider does not pass on a smaller `allocatedStorage`: the database keeps its storage
 * (terraform-provider-aws, internal/service/rds/instance.go, DiffSuppressFunc of allocated_storage).
 */
const keepsStorage = (after: Inputs) =>
  (numberAt(after, "maxAllocatedStorage") ?? 0) > (numberAt(after, "allocatedStorage") ?? 0);

/** The major version of an engine: 17 of 17.11. */
const majorOf = (version: unknown) => /^\d+/.exec(String(version ?? ""))?.[0];

/** The two values of a property that changes. */
const changing = (property: string, before: Inputs, after: Inputs): string | undefined =>
  before[property] !== undefined && before[property] !== after[property]
    ? `${property} ${String(before[property])} -> ${String(after[property])}`
    : undefined;

/** How the refusal of a cache begins that would lose Multi-AZ and its replicas in one step. */
export const lastReplicas = "replicasPerNodeGroup -> 0";

/** What ElastiCache does not change together with the cluster mode. */
const besideMode = ["numNodeGroups", "replicasPerNodeGroup", "nodeType", "engineVersion"];

const updateRules: UpdateRule[] = [
  {
    type: "pulumi:providers:aws",
    source: "terraform-provider-aws 6.0 upgrade guide, region: a resource whose region changes is replaced",
    refuses(before, after) {
      const region = changing("region", before, after);
      return region && `${region}: it replaces every resource, and data does not move; start a new stack there`;
    },
  },
  {
    type: "aws:ec2/vpc:Vpc",
    source: "terraform-provider-aws, internal/service/ec2/vpc_.go: cidr_block is ForceNew",
    refuses(before, after) {
      const cidr = changing("cidrBlock", before, after);
      return cidr && `${cidr}: it replaces the VPC, and no store can leave its VPC; keep the first one`;
    },
  },
  {
    type: volume,
    source: "ModifyVolume: https://github.com/aws/aws-cli/issues/4216; EBS User Guide, Modify a volume, Limitations",
    refuses(before, after) {
      const size = shrinking("size", before, after);
      return (
        size &&
        `size ${size.from} -> ${size.to}: EBS cannot shrink a volume; keep ${size.from} GiB or more (nodes.dataVolumeGiB)`
      );
    },
  },
  {
    type: database,
    source: "RDS User Guide, Working with storage: you cannot reduce the amount of storage of a DB instance",
    refuses(before, after) {
      const size = shrinking("allocatedStorage", before, after);
      if (!size || keepsStorage(after)) return undefined;
      return `allocatedStorage ${size.from} -> ${size.to}: RDS cannot shrink storage; keep ${size.from} GiB or more`;
    },
  },
  {
    type: database,
    source: "InvalidParameterCombination: Max storage size must be greater than storage size (ModifyDBInstance)",
    refuses(before, after) {
      const limit = shrinking("maxAllocatedStorage", before, after);
      return (
        limit &&
        `maxAllocatedStorage ${limit.from} -> ${limit.to}: autoscaling may have used ${limit.from} GiB, and RDS refuses a ` +
          `lower limit; keep ${limit.from} GiB`
      );
    },
  },
  {
    type: database,
    source: "RDS User Guide, PostgreSQL major version upgrades: ModifyDBInstance needs AllowMajorVersionUpgrade",
    refuses(before, after) {
      const [from, to] = [majorOf(before.engineVersion), majorOf(after.engineVersion)];
      if (from === to || from === undefined || to === undefined || after.allowMajorVersionUpgrade === true)
        return undefined;
      return (
        `engineVersion ${from} -> ${to}: allowMajorVersionUpgrade is off, so RDS refuses another major version; ` +
        "see docs/upgrading-postgres.md"
      );
    },
  },
  {
    type: database,
    source: "https://github.com/hashicorp/terraform-provider-aws/issues/16054",
    refuses(before, after) {
      const [old, source] = [before.replicateSourceDb, after.replicateSourceDb];
      // A source of another name may be the same one, renamed: only one made anew is another for sure.
      if (source === undefined || source === old || (old !== undefined && source !== unknownText)) return undefined;
      return "replicateSourceDb: a database cannot get another source; create a new replica and remove this one";
    },
  },
  {
    type: cache,
    source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/modify-cluster-mode.html",
    refuses(before, after) {
      const mode = changing("clusterMode", before, after);
      if (mode === undefined) return undefined;
      if (before.clusterMode === "enabled") return `${mode}: ElastiCache cannot leave cluster mode; create a new cache`;
      if (before.clusterMode === "disabled" && after.clusterMode === "enabled")
        return `${mode}: it takes two deployments; set compatible first, then enabled`;
      const [beside] = besideMode.flatMap((property) => changing(property, before, after) ?? []);
      return beside && `${mode}: not together with another change; leave ${beside} to a deployment of its own`;
    },
  },
  {
    type: cache,
    source:
      "https://github.com/pulumi/pulumi/issues/11458: terraform-provider-aws, internal/service/elasticache/" +
      "replication_group.go, changes replicas_per_node_group before multi_az_enabled",
    refuses(before, after) {
      if (before.multiAzEnabled !== true || after.replicasPerNodeGroup !== 0) return undefined;
      return (
        `${lastReplicas}: Multi-AZ needs a replica, and the provider removes replicas first; ` +
        "set redis.multiAz to false, deploy, then remove the replicas"
      );
    },
  },
];

interface StateRule {
  type: string;
  source: string;
  /** Why AWS refuses a resource with these inputs. */
  refuses: (inputs: Inputs) => string | undefined;
}

const stateRules: StateRule[] = [
  {
    type: database,
    source: "InvalidParameterCombination: The maximum allocated storage must be increased by at least 10 percent",
    refuses(inputs) {
      const [storage, limit] = [numberAt(inputs, "allocatedStorage"), numberAt(inputs, "maxAllocatedStorage")];
      if (storage === undefined || limit === undefined || limit >= leastMaxStorageGiB(storage)) return undefined;
      return `maxAllocatedStorage ${limit}: RDS demands 10 % more than allocatedStorage (${storage})`;
    },
  },
  {
    type: cache,
    source: "InvalidParameterValue: Must have at least 1 replica for Multi-AZ enabled Replication Group",
    refuses({ multiAzEnabled, replicasPerNodeGroup }) {
      if (multiAzEnabled !== true || replicasPerNodeGroup !== 0) return undefined;
      return "multiAzEnabled: Multi-AZ needs a replica; raise redis.replicasPerShard";
    },
  },
  {
    type: cache,
    source:
      "ElastiCache User Guide, AutoFailover: with cluster mode enabled, automatic failover is required; " +
      "https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1275",
    refuses({ clusterMode, automaticFailoverEnabled }) {
      if (clusterMode !== "enabled" || automaticFailoverEnabled === true) return undefined;
      return "automaticFailoverEnabled: cluster mode requires automatic failover";
    },
  },
];

/** Returns why AWS refuses a new resource; undefined if it does not. */
export function refusedCreate(type: string, inputs: Inputs): string | undefined {
  return first(stateRules.filter((rule) => rule.type === type).map((rule) => rule.refuses(inputs)));
}

/** Returns why AWS refuses an update, by what the resource is before it; undefined if AWS does not. */
export function refusedUpdate(type: string, before: Inputs, after: Inputs): string | undefined {
  const rules = updateRules.filter((rule) => rule.type === type);
  return first(rules.map((rule) => rule.refuses(before, after))) ?? refusedCreate(type, storedAs(type, before, after));
}

/** Returns what the user must know of an update that AWS accepts, or accepts only if the data allows it. */
export function noteOn(type: string, before: Inputs, after: Inputs): string | undefined {
  const storage = shrinking("allocatedStorage", before, after);
  if (type === database && storage && keepsStorage(after)) return `allocatedStorage stays ${storage.from} GiB`;
  // RDS User Guide, Promoting a read replica: it cannot become a replica again.
  if (type === database && before.replicateSourceDb !== undefined && after.replicateSourceDb === undefined)
    return "the replica becomes a database of its own, for good";
  if (type !== cache) return undefined;
  const [from, to] = [memoryOf(before), memoryOf(after)];
  if (from === undefined || to === undefined || to >= from) return undefined;
  // https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/best-practices-online-resharding.html
  return `memory shrinks from ${from} to ${to} MiB: AWS refuses if the data does not fit; check BytesUsedForCache first`;
}

/** Memory for data over all shards of a cache, in MiB. */
function memoryOf({ nodeType, numNodeGroups }: Inputs): number | undefined {
  const node = sizes.cacheNode(String(nodeType));
  return node && typeof numNodeGroups === "number"
    ? Math.floor((node.usableBytes * numNodeGroups) / 1024 / 1024)
    : undefined;
}

const first = (reasons: (string | undefined)[]) => reasons.find((reason) => reason !== undefined);

/** Returns the inputs as AWS has them after an update: storage that did not shrink is still there. */
export function storedAs(type: string, before: Inputs, after: Inputs): Inputs {
  if (type !== database || !shrinking("allocatedStorage", before, after)) return after;
  return { ...after, allocatedStorage: before.allocatedStorage };
}
