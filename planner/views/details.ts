import type { LookUp } from "../record/look-ups";
import type { PlannedResource } from "../record/planned";
import { count } from "./text";

// biome-ignore lint/suspicious/noExplicitAny: inputs of a recorded resource have the form of its type
type Inputs = any;

const containers = (inputs: Inputs) => (inputs.spec?.template?.spec?.containers ?? []) as Inputs[];
const requests = (inputs: Inputs) =>
  containers(inputs)
    .map(({ resources }) => `${resources?.requests?.cpu ?? "-"} ${resources?.requests?.memory ?? "-"}`)
    .join(" + ");

/** Short descriptions for the tree, by resource type. */
const details: Record<string, (inputs: Inputs) => string> = {
  "aws:ec2/vpc:Vpc": ({ cidrBlock }) => cidrBlock,
  "aws:ec2/subnet:Subnet": ({ cidrBlock, availabilityZone }) => `${cidrBlock} ${availabilityZone}`,
  "aws:ec2/launchTemplate:LaunchTemplate": ({ imageId }) => imageId,
  "aws:autoscaling/group:Group": ({ minSize, maxSize, mixedInstancesPolicy }) => {
    const instanceType = mixedInstancesPolicy?.launchTemplate?.overrides?.[0]?.instanceType ?? "";
    const onDemand = mixedInstancesPolicy?.instancesDistribution?.onDemandPercentageAboveBaseCapacity;
    return `${minSize}-${maxSize} ${instanceType} ${onDemand === 0 ? "spot" : "on-demand"}`;
  },
  "aws:ebs/volume:Volume": ({ size, type, availabilityZone }) => `${size} GiB ${type} ${availabilityZone}`,
  "aws:eks/cluster:Cluster": ({ version }) => `Kubernetes ${version}, Auto Mode`,
  "aws:rds/instance:Instance": ({ instanceClass, allocatedStorage, multiAz, replicateSourceDb, availabilityZone }) =>
    replicateSourceDb
      ? `read replica, ${instanceClass}, ${availabilityZone}`
      : `${instanceClass}, ${allocatedStorage} GiB${multiAz ? ", Multi-AZ" : ""}`,
  "aws:elasticache/replicationGroup:ReplicationGroup": ({ nodeType, numNodeGroups, replicasPerNodeGroup }) =>
    `${nodeType}, ${count(numNodeGroups, "shard")} x ${1 + replicasPerNodeGroup}`,
  "aws:cloudfront/distribution:Distribution": ({ aliases }) => (aliases ?? []).join(" "),
  "aws:wafv2/webAcl:WebAcl": ({ rules }) => count((rules ?? []).length, "rule"),
  "aws:lb/loadBalancer:LoadBalancer": ({ internal }) => (internal ? "internal" : "internet-facing"),
  "aws:route53/record:Record": ({ name, type }) => `${name} ${type}`,
  "kubernetes:apps/v1:DaemonSet": (inputs) => `${requests(inputs)} a node`,
  "kubernetes:apps/v1:Deployment": (inputs) => requests(inputs),
  "kubernetes:apps/v1:StatefulSet": (inputs) => requests(inputs),
  "kubernetes:batch/v1:CronJob": ({ spec }) => `${spec?.schedule} UTC`,
  "kubernetes:core/v1:PersistentVolumeClaim": ({ spec }) => spec?.resources?.requests?.storage,
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": ({ spec }) => `${spec?.minReplicas}-${spec?.maxReplicas} pods`,
  "kubernetes:keda.sh/v1alpha1:ScaledObject": ({ spec }) => `${spec?.minReplicaCount}-${spec?.maxReplicaCount} pods`,
  "kubernetes:helm.sh/v3:Release": ({ chart, version }) => `${chart} ${version}`,
};

/** Returns the main sizes of a resource in a few words; empty for types without any. */
export function detailOf(resource: PlannedResource): string {
  return String(details[resource.type]?.(resource.inputs) ?? "");
}

/** Types whose size is that of their component, the most telling first. */
const telling = [
  "aws:rds/instance:Instance",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:eks/cluster:Cluster",
  "aws:autoscaling/group:Group",
  "aws:ec2/vpc:Vpc",
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  "kubernetes:keda.sh/v1alpha1:ScaledObject",
  "kubernetes:helm.sh/v3:Release",
  "aws:ebs/volume:Volume",
];

/** The size of a component in a few words: that of its most telling resource; empty where it has none. */
export function mainDetailOf(resources: PlannedResource[]): string {
  const found = telling.flatMap((type) => resources.filter((resource) => resource.type === type));
  return found[0] === undefined ? "" : detailOf(found[0]);
}

/** What a reader wants to know of the question of a look-up, by its token. */
const questions: Record<string, (args: Inputs) => string> = {
  "aws:ec2/getAmi:getAmi": ({ filters }) => (filters ?? []).flatMap(({ values }: Inputs) => values).join(" "),
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": ({ name }) => name,
  "aws:index/getAvailabilityZone:getAvailabilityZone": ({ zoneId }) => zoneId,
};

/** The argument of a look-up that tells it from others of its kind. */
export function questionOf({ token, arguments: args }: LookUp): string {
  return questions[token]?.(args) ?? "";
}

/** Returns `ec2.Vpc` for `aws:ec2/vpc:Vpc`, and `Deployment` for `kubernetes:apps/v1:Deployment`. */
export function shortType(type: string): string {
  const [sdk = "", group = "", name = ""] = type.split(":");
  const service = group.split("/")[0] ?? "";
  if (sdk === "kubernetes" || sdk === "pulumi") return sdk === "pulumi" ? `${name} provider` : name;
  return ["index", "local"].includes(service) || sdk === "tierstack" ? name : `${service}.${name}`;
}
