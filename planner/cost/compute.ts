/** Prices of nodes, clusters and the network. */
import { sizes } from "../../tiers/sizes";
import { type Level, monthOf, product } from "./levels";
import type { Charge } from "./types";
import { type Inputs, logCharges, type Rule, type World } from "./world";

const isBurstable = (type: string) => type.startsWith("t4g.");

/** `2 x t4g.small`, or the type alone. */
const named = (count: Level, type: string) => (count.expected === 1 ? type : `${count.expected} x ${type}`);

const instanceCharge = (count: Level, type: string, spot: boolean, world: World): Charge => ({
  item: `${spot ? "spot" : "on-demand"} ${named(count, type)}`,
  priceId: `ec2.ondemand.${type}`,
  quantity: monthOf(count),
  ...(spot && { percent: world.assumed("spot.pricePercent") }),
});

const creditCharge = (count: Level, world: World): Charge => ({
  item: "CPU credits beyond the baseline",
  priceId: "ec2.t4g.credit",
  quantity: product(count, world.assumed("credits.nodeVcpuHours")),
});

/** An auto scaling group, with the root volumes of its launch template. */
export const autoScalingGroup: Rule = (inputs, world, { parent }) => {
  const { minSize, desiredCapacity, maxSize, mixedInstancesPolicy: policy } = inputs as Inputs;
  const template = world.ofType("aws:ec2/launchTemplate:LaunchTemplate").find((one) => one.parent === parent);
  const settings = template?.inputs as Inputs;
  const type: string = policy?.launchTemplate?.overrides?.[0]?.instanceType ?? settings?.instanceType ?? "unknown";
  const spot = policy?.instancesDistribution?.onDemandPercentageAboveBaseCapacity === 0;
  const count = { low: minSize, expected: Math.max(minSize, desiredCapacity ?? minSize), high: maxSize };
  const gib = (settings?.blockDeviceMappings ?? []).reduce(
    (sum: number, { ebs }: Inputs) => sum + (ebs?.volumeSize ?? 0),
    0,
  );
  return [
    instanceCharge(count, type, spot, world),
    { item: `root volume, ${gib} GiB`, priceId: "ebs.gp3.gb", quantity: product(count, gib) },
    ...(isBurstable(type) && settings?.creditSpecification?.cpuCredits !== "standard"
      ? [creditCharge(count, world)]
      : []),
  ];
};

/** The most nodes of a type that the limits of a NodePool allow. Infinite limits count as the expected nodes. */
function mostNodes(limits: Inputs, type: string, expected: number): number {
  const cpu = Number(limits?.cpu);
  const vcpu = sizes.instance(type)?.vcpu;
  return Number.isFinite(cpu) && vcpu ? Math.floor(cpu / vcpu) : expected;
}

const valuesOf = (spec: Inputs, key: string): string[] =>
  (spec.template?.spec?.requirements ?? []).find((one: Inputs) => one.key === key)?.values ?? [];

/** The nodes of a NodePool of EKS Auto Mode: instances, the fee on their on-demand price, volumes, addresses. */
export const nodePool: Rule = ({ metadata, spec }, world) => {
  const name: string = metadata?.name ?? "";
  const type = valuesOf(spec, "node.kubernetes.io/instance-type")[0] ?? "unknown";
  const spot = valuesOf(spec, "karpenter.sh/capacity-type")[0] === "spot";
  const known = world.context.nodes[name];
  const asked = known ?? { low: 0, expected: 1 };
  const most = mostNodes(spec.limits, type, asked.expected);
  const count = { low: Math.min(asked.low, most), expected: Math.min(asked.expected, most), high: most };
  const nodeClass = world
    .ofType("kubernetes:eks.amazonaws.com/v1:NodeClass")
    .map(({ inputs }) => inputs as Inputs)
    .find((one) => one.metadata?.name === spec.template?.spec?.nodeClassRef?.name);
  // Auto Mode's own default is 80 GiB.
  const gib = Number.parseInt(nodeClass?.spec?.ephemeralStorage?.size ?? "80", 10);
  return [
    instanceCharge(count, type, spot, world),
    { item: "Auto Mode fee", priceId: `eks.auto.${type}`, quantity: monthOf(count) },
    { item: `node volumes, ${gib} GiB each`, priceId: "ebs.gp3.gb", quantity: product(count, gib) },
    ...(nodeClass?.spec?.advancedNetworking?.associatePublicIPAddress
      ? [{ item: "public IPv4 of the nodes", priceId: "vpc.ipv4.inuse", quantity: monthOf(count) }]
      : []),
    ...(isBurstable(type) ? [creditCharge(count, world)] : []),
    ...(known ? [] : [`nodes of the NodePool ${name}: expected number unknown, counted as 1`]),
  ];
};

export const cluster: Rule = ({ enabledClusterLogTypes: logs = [] }, world) => [
  { item: "EKS control plane", priceId: "eks.controlplane", quantity: monthOf() },
  ...(logs.some((log: string) => log !== "audit")
    ? logCharges("control plane", world.assumed("logs.controlPlaneGb"), world)
    : []),
  ...(logs.includes("audit") ? logCharges("audit of the control plane", world.assumed("logs.auditGb"), world) : []),
];

export const volume: Rule = ({ size = 0, type = "gp2" }) => [
  { item: `volume, ${size} GiB`, priceId: `ebs.${type}.gb`, quantity: product(size) },
];

/** A claim makes an EBS volume on EKS. Elsewhere it lies on a volume of the node, or on the existing cluster. */
export const claim: Rule = ({ spec }, world) => {
  if (world.ofType("aws:eks/cluster:Cluster").length === 0) return [];
  const gib = Number.parseInt(spec?.resources?.requests?.storage ?? "0", 10);
  return [{ item: `volume, ${gib} GiB`, priceId: "ebs.gp3.gb", quantity: product(gib) }];
};

export const address: Rule = () => [{ item: "public IPv4", priceId: "vpc.ipv4.inuse", quantity: monthOf() }];

export const natGateway: Rule = (_, world) => {
  const all = world.ofType("aws:ec2/natGateway:NatGateway").length;
  return [
    { item: "NAT gateway", priceId: "vpc.nat.hour", quantity: monthOf() },
    {
      item: "data through the NAT gateway",
      priceId: "vpc.nat.gb",
      quantity: product(world.assumed("nat.gb"), 1 / all),
    },
  ];
};

export const internetGateway: Rule = (_, world) => [
  {
    item: "data from the nodes to the internet",
    priceId: "xfer.internet.t1",
    quantity: world.assumed("egress.gb"),
    free: { id: "free.internetGb", perUnit: 1 },
  },
];

export const endpoint: Rule = ({ vpcEndpointType = "Gateway", subnetIds = [] }, _, { path }) =>
  vpcEndpointType === "Gateway"
    ? []
    : [
        { item: "interface endpoint", priceId: "vpce.interface.hour", quantity: monthOf(subnetIds.length) },
        `data through the interface endpoint ${path}`,
      ];

export const balancer: Rule = ({ loadBalancerType = "application", internal = false, subnets = [] }, world) => {
  const kind = { application: "alb", network: "nlb" }[loadBalancerType as string] ?? loadBalancerType;
  return [
    { item: "load balancer", priceId: `elb.${kind}.hour`, quantity: monthOf() },
    { item: "load balancer capacity units", priceId: `elb.${kind}.lcu`, quantity: monthOf(world.assumed("alb.lcu")) },
    ...(internal
      ? []
      : [
          {
            item: "public IPv4 of the load balancer",
            priceId: "vpc.ipv4.inuse",
            quantity: monthOf(Math.max(1, subnets.length)),
          },
        ]),
  ];
};

export const service: Rule = ({ spec }, _, { path }) =>
  spec?.type === "LoadBalancer" ? [`load balancer that the cluster makes for ${path}`] : [];

export const flowLog: Rule = (_, world) => logCharges("flows", world.assumed("logs.flowsGb"), world);

/** A key. Its first two yearly rotations add the price of a key each. */
export const key: Rule = ({ enableKeyRotation }, world) => [
  {
    item: enableKeyRotation ? "KMS key; high: after two rotations" : "KMS key",
    priceId: "kms.key",
    quantity: { low: 1, expected: 1, high: enableKeyRotation ? 3 : 1 },
  },
  {
    item: "requests to the KMS key",
    priceId: "kms.requests",
    quantity: product(world.assumed("kms.requests"), 1 / 10_000),
  },
];
