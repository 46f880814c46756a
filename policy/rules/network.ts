import {
  type Check,
  demand,
  type Finding,
  mapping,
  mappings,
  type PolicyResource,
  type ResourceRule,
  texts,
} from "./rule";

const world = ["0.0.0.0/0", "::/0"];

function open(where: string, cidr: unknown): Finding[] {
  if (!world.includes(cidr as string)) return [];
  return [
    {
      where,
      given: String(cidr),
      allowed: "named networks, a security group or a prefix list",
      fix: "open it to what needs it; visitors come through CloudFront",
    },
  ];
}

const ofRules = (where: string, rules: unknown): Finding[] =>
  mappings(rules).flatMap(({ cidrBlocks, ipv6CidrBlocks }, at) =>
    [...texts(cidrBlocks), ...texts(ipv6CidrBlocks)].flatMap((cidr) => open(`${where}[${at}]`, cidr)),
  );

const privacy = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/** What opens each type to the internet. */
const openings: Record<string, Check | undefined> = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ({ cidrIpv4, cidrIpv6 }) => [
    ...open("cidrIpv4", cidrIpv4),
    ...open("cidrIpv6", cidrIpv6),
  ],
  "aws:ec2/securityGroup:SecurityGroup": ({ ingress }) => ofRules("ingress", ingress),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ({ ingress }) => ofRules("ingress", ingress),
  "aws:ec2/securityGroupRule:SecurityGroupRule": ({ type, ...rule }) =>
    type === "ingress" ? ofRules("rule", [rule]) : [],
  "aws:lb/loadBalancer:LoadBalancer": ({ internal }) =>
    demand("internal", internal, true, "make it internal; visitors come through CloudFront's VPC origin"),
  "aws:rds/instance:Instance": ({ publiclyAccessible }) =>
    demand("publiclyAccessible", publiclyAccessible ?? false, false, "remove it"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": (inputs) =>
    privacy.flatMap((property) => demand(property, inputs[property], true, "set it")),
  "aws:eks/cluster:Cluster": ({ vpcConfig }) => {
    const { endpointPublicAccess, publicAccessCidrs } = mapping(vpcConfig);
    // AWS opens the endpoint to the world where nothing says otherwise.
    const cidrs = endpointPublicAccess === false ? [] : texts(publicAccessCidrs ?? world.slice(0, 1));
    return cidrs.flatMap((cidr) => open("vpcConfig.publicAccessCidrs", cidr));
  },
  "kubernetes:core/v1:Service": ({ spec }) => {
    const { type = "ClusterIP" } = mapping(spec);
    if (type !== "LoadBalancer" && type !== "NodePort") return [];
    return [
      { where: "spec.type", given: type, allowed: "ClusterIP", fix: "reach it through the application's ingress" },
    ];
  },
};

export const networkRules: ResourceRule[] = [
  {
    name: "no-public-ingress",
    demands:
      "No security group, load balancer, database, bucket, Kubernetes API or Service is open to the internet. Only " +
      "CloudFront is, and what is behind it admits CloudFront alone.",
    check: ({ type, inputs }: PolicyResource) => openings[type]?.(inputs) ?? [],
  },
];
