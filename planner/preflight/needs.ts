import { namedImagesOf } from "../../config/images";
import { createsCluster } from "../../config/resolve";
import type { Settings } from "../../config/schema";
import { sizes } from "../../tiers/sizes";
import { valuesAt } from "../move/properties";
import type { Plan, Planned } from "../plan";
import type { PlannedResource } from "../record/planned";

/** Instances that the stack may run at once, at every autoscaler's maximum. */
export interface Compute {
  path: string;
  instanceTypes: string[];
  /** Ids of the zones that they may run in. */
  zones: string[];
  onDemandVcpus: number;
  spotVcpus: number;
}

/** What a stack needs of an account. All of it follows from the plan. */
export interface Needs {
  project: string;
  /** Name of the stack in the account: a stack that moves keeps its name. */
  stack: string;
  region: string;
  /** The stack. */
  plan: Plan;
  compute: Compute[];
  /** The same, and what the stack runs before the move: both clusters run while it moves. */
  computeInMove: Compute[];
  addresses: number;
  vpcs: number;
  /** AZ ids of its subnets. */
  zones: string[];
  domain: { name: string; hostedZoneId: string } | undefined;
  /** Images of the user's that the stack's own nodes run. */
  images: string[];
  /** Credentials of a private registry. */
  registry: Settings["registry"];
  kmsKeyArn: string | undefined;
}

/** vCPUs of an instance type. Sizes outside of the catalogue follow from their name: xlarge has 4, 2xlarge has 8. */
export function vcpusOf(type: string): number {
  const size = type.split(".")[1] ?? "";
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  return sizes.instance(type)?.vcpu ?? (times === undefined ? 2 : 4 * Number(times || 1));
}

/** Families that the quotas of standard instances count (Amazon EC2, "On-Demand Instance limits"): A, C, D, H, I, M, R,
 * T and Z, without HPC, Inferentia and Trainium. */
const isStandard = (type: string) => /^(?!hpc|inf|trn)[acdhimrtz]/.test(type);

/** AZ ids by the names that the plan answers its look-ups with. */
function zonesByName({ lookUps }: Plan): Map<string, string> {
  const zones = lookUps.filter(({ arguments: { zoneId } }) => typeof zoneId === "string");
  return new Map(zones.map(({ result, arguments: { zoneId } }) => [result.name ?? "", String(zoneId)]));
}

function groupOf({ path, inputs }: PlannedResource, zones: string[]): Compute {
  const policy = inputs.mixedInstancesPolicy;
  const instanceTypes = valuesAt(policy, ["launchTemplate", "overrides", "instanceType"]) as string[];
  const vcpus = Number(inputs.maxSize) * Math.max(...instanceTypes.filter(isStandard).map(vcpusOf), 0);
  const onDemand = Number(valuesAt(policy, ["instancesDistribution", "onDemandPercentageAboveBaseCapacity"])) > 0;
  return { path, instanceTypes, zones, onDemandVcpus: onDemand ? vcpus : 0, spotVcpus: onDemand ? 0 : vcpus };
}

function poolOf({ path, inputs }: PlannedResource, zones: string[]): Compute {
  const requirements = valuesAt(inputs, ["spec", "template", "spec", "requirements"]) as Record<string, unknown>[];
  const valuesOf = (key: string) =>
    requirements.filter((one) => one.key === key).flatMap(({ values }) => values as string[]);
  const instanceTypes = valuesOf("node.kubernetes.io/instance-type");
  const limit = instanceTypes.some(isStandard) ? Number(valuesAt(inputs, ["spec", "limits", "cpu"])) : 0;
  const capacity = valuesOf("karpenter.sh/capacity-type");
  const ofCapacity = (kind: string) => (capacity.includes(kind) ? limit : 0);
  return { path, instanceTypes, zones, onDemandVcpus: ofCapacity("on-demand"), spotVcpus: ofCapacity("spot") };
}

function computeOf(plan: Plan): Compute[] {
  const names = zonesByName(plan);
  const zones = [...names.values()];
  // The node runs in the zone of its data volume.
  const volume = plan.resources.find(({ type }) => type === "aws:ebs/volume:Volume");
  const volumeZone = names.get(String(volume?.inputs.availabilityZone));
  return plan.resources.flatMap((resource) => {
    if (resource.type === "aws:autoscaling/group:Group") return groupOf(resource, volumeZone ? [volumeZone] : zones);
    return resource.type === "kubernetes:karpenter.sh/v1:NodePool" ? poolOf(resource, zones) : [];
  });
}

/** The larger of both sides of a move for what stays, and what only one side has. */
function inMove(before: Compute[], after: Compute[]): Compute[] {
  const gone = before.filter(({ path }) => !after.some((next) => next.path === path));
  const staying = after.map((next) => {
    const now = before.find(({ path }) => path === next.path);
    return {
      ...next,
      onDemandVcpus: Math.max(next.onDemandVcpus, now?.onDemandVcpus ?? 0),
      spotVcpus: Math.max(next.spotVcpus, now?.spotVcpus ?? 0),
    };
  });
  return [...gone, ...staying];
}

const pathsOf = (plans: Plan[], type: string) =>
  new Set(plans.flatMap(({ resources }) => resources.filter((one) => one.type === type).map(({ path }) => path)));

/** What a stack needs, and what the move to it needs where the stack is there already. */
export function needsOf({ plan, inputs }: Planned, from?: Plan): Needs {
  const { domain, hostedZoneId, region, registry, kmsKeyArn } = inputs.settings;
  const own = createsCluster(inputs.settings);
  const plans = from ? [from, plan] : [plan];
  const compute = computeOf(plan);
  return {
    project: plan.project,
    stack: plan.stack,
    region,
    plan,
    compute,
    computeInMove: from ? inMove(computeOf(from), compute) : compute,
    addresses: pathsOf(plans, "aws:ec2/eip:Eip").size,
    vpcs: pathsOf(plans, "aws:ec2/vpc:Vpc").size,
    zones: [...zonesByName(plan).values()],
    domain: domain && hostedZoneId && own ? { name: domain, hostedZoneId } : undefined,
    images: own ? namedImagesOf(inputs.settings) : [],
    registry,
    kmsKeyArn,
  };
}
