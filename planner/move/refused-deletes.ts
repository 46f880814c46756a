/**
 * What AWS refuses to delete although the preview of the engine accepts it. The planner and the engine suite's stand-in
 * for AWS use the same rules. Each rule names its source.
 */
import { idOf, outputsOf } from "../record/outputs";
import type { PlannedResource } from "../record/planned";
import type { Inputs } from "./refused-updates";

const database = "aws:rds/instance:Instance";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";

interface Use {
  type: string;
  property: string;
}

interface DependencyRule {
  error: string;
  source: string;
  /** Resources that block the deletion while they exist, and the property that names the one to delete. */
  usedBy: Use[];
}

const apiReference = (service: string, action: string) =>
  `https://docs.aws.amazon.com/${service}/latest/APIReference/API_${action}.html`;

/** Types that AWS does not delete while something uses them. */
const dependencyRules: Record<string, DependencyRule> = {
  "aws:rds/subnetGroup:SubnetGroup": {
    error: "InvalidDBSubnetGroupStateFault",
    source: apiReference("AmazonRDS", "DeleteDBSubnetGroup"),
    usedBy: [{ type: database, property: "dbSubnetGroupName" }],
  },
  "aws:rds/parameterGroup:ParameterGroup": {
    error: "InvalidDBParameterGroupState",
    source: apiReference("AmazonRDS", "DeleteDBParameterGroup"),
    usedBy: [{ type: database, property: "parameterGroupName" }],
  },
  "aws:elasticache/subnetGroup:SubnetGroup": {
    error: "CacheSubnetGroupInUse",
    source: apiReference("AmazonElastiCache", "DeleteCacheSubnetGroup"),
    usedBy: [{ type: cache, property: "subnetGroupName" }],
  },
  "aws:elasticache/parameterGroup:ParameterGroup": {
    error: "InvalidCacheParameterGroupState",
    source: apiReference("AmazonElastiCache", "DeleteCacheParameterGroup"),
    usedBy: [{ type: cache, property: "parameterGroupName" }],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    error: "DependencyViolation",
    source: apiReference("AWSEC2", "DeleteSecurityGroup"),
    usedBy: [
      { type: database, property: "vpcSecurityGroupIds" },
      { type: cache, property: "securityGroupIds" },
      { type: "aws:lb/loadBalancer:LoadBalancer", property: "securityGroups" },
      { type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", property: "referencedSecurityGroupId" },
    ],
  },
  "aws:ec2/subnet:Subnet": {
    error: "DependencyViolation",
    source: apiReference("AWSEC2", "DeleteSubnet"),
    usedBy: [
      { type: database, property: "subnetIds" },
      { type: cache, property: "subnetIds" },
      { type: "aws:ec2/natGateway:NatGateway", property: "subnetId" },
      { type: "aws:lb/loadBalancer:LoadBalancer", property: "subnets" },
      { type: "aws:autoscaling/group:Group", property: "vpcZoneIdentifiers" },
    ],
  },
  "aws:ec2/vpc:Vpc": {
    error: "DependencyViolation",
    source: apiReference("AWSEC2", "DeleteVpc"),
    usedBy: [
      { type: "aws:ec2/subnet:Subnet", property: "vpcId" },
      { type: "aws:ec2/securityGroup:SecurityGroup", property: "vpcId" },
      { type: "aws:ec2/internetGateway:InternetGateway", property: "vpcId" },
      { type: "aws:ec2/routeTable:RouteTable", property: "vpcId" },
      { type: "aws:ec2/vpcEndpoint:VpcEndpoint", property: "vpcId" },
    ],
  },
};

/** What a dependency is called by: id, name, ARN. */
export type Handles = Set<unknown>;

/** Returns why AWS refuses to delete what a resource uses; undefined if the resource does not use it. */
export function refusedByUse(type: string, handles: Handles, user: { type: string; inputs: Inputs }) {
  const rule = dependencyRules[type];
  const uses = rule?.usedBy.some(
    (use) => use.type === user.type && [user.inputs[use.property]].flat().some((value) => handles.has(value)),
  );
  return rule && uses ? rule.error : undefined;
}

/** Returns the planner's stand-ins for the id, the name and the ARN of a planned resource. */
export function plannedHandles({ path, name, type, inputs }: PlannedResource): Handles {
  const self = { path, name, type, inputs, region: "" };
  const outputs = outputsOf(self);
  return new Set([idOf(self), name, inputs.name, outputs.name, outputs.arn].filter((handle) => handle !== undefined));
}

/** The final snapshot of a store that AWS deletes. AWS refuses the deletion if a snapshot has that name already. */
export const finalSnapshots: Record<string, { error: string; source: string } | undefined> = {
  [database]: { error: "DBSnapshotAlreadyExists", source: apiReference("AmazonRDS", "DeleteDBInstance") },
  [cache]: {
    error: "SnapshotAlreadyExistsFault",
    source: apiReference("AmazonElastiCache", "DeleteReplicationGroup"),
  },
};

/** Returns why AWS refuses to delete a resource that nothing uses; undefined if it does not. */
export function refusedDelete(type: string, inputs: Inputs): string | undefined {
  // RDS User Guide, Deleting a DB instance: deletion protection must be off.
  if (type === database && inputs.deletionProtection === true)
    return "InvalidParameterCombination: Cannot delete protected DB Instance";
  // S3 API, DeleteBucket: all objects must be deleted first. The provider does so only with forceDestroy.
  if (type === "aws:s3/bucket:Bucket" && inputs.forceDestroy !== true) return "BucketNotEmpty";
  return undefined;
}
