import { prefixLength, widestPrefix } from "../../config/networks";
import { openAcl, openPolicy } from "./grants";
import { type Check, demand, type Finding, mapping, mappings, onTypes, type ResourceRule, texts } from "./rule";

/** Of IPv6, IANA gives a registry at most a /12. */
const widestPrefixV6 = 12;

/** Local addresses of IPv6, which no router of the internet forwards: fc00::/7 and fe80::/10. */
const isLocal = (cidr: string) => /^f[cde]/i.test(cidr);

/**
 * Whether a network is as good as everybody: wider than any owner's. Narrower ones do not add up to everything: a
 * security group holds 60 rules unless AWS raises it, and an EKS endpoint 40 networks.
 */
const isWorld = (cidr: string) =>
  cidr.includes(":") ? prefixLength(cidr) < widestPrefixV6 && !isLocal(cidr) : prefixLength(cidr) < widestPrefix;

function open(where: string, cidr: unknown): Finding[] {
  if (typeof cidr !== "string" || !isWorld(cidr)) return [];
  return [
    {
      where,
      given: cidr,
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

const isPrivate: Check = ({ publiclyAccessible }) =>
  demand("publiclyAccessible", publiclyAccessible ?? false, false, "remove it");

const isInternal: Check = ({ internal }) =>
  demand("internal", internal, true, "make it internal; visitors come through CloudFront's VPC origin");

/** A domain of OpenSearch, also by the name it had. One in a VPC has no public address. */
const search: Check = ({ vpcOptions, accessPolicies }) =>
  vpcOptions === undefined ? openPolicy("accessPolicies")({ accessPolicies }) : [];

/** What opens each type to the internet. */
const openings: Record<string, Check> = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ({ cidrIpv4, cidrIpv6 }) => [
    ...open("cidrIpv4", cidrIpv4),
    ...open("cidrIpv6", cidrIpv6),
  ],
  "aws:ec2/securityGroup:SecurityGroup": ({ ingress }) => ofRules("ingress", ingress),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ({ ingress }) => ofRules("ingress", ingress),
  "aws:ec2/securityGroupRule:SecurityGroupRule": ({ type, ...rule }) =>
    type === "ingress" ? ofRules("rule", [rule]) : [],
  "aws:lb/loadBalancer:LoadBalancer": isInternal,
  "aws:alb/loadBalancer:LoadBalancer": isInternal,
  "aws:elb/loadBalancer:LoadBalancer": isInternal,
  "aws:rds/instance:Instance": isPrivate,
  "aws:rds/clusterInstance:ClusterInstance": isPrivate,
  "aws:redshift/cluster:Cluster": isPrivate,
  "aws:mq/broker:Broker": isPrivate,
  "aws:opensearch/domain:Domain": search,
  "aws:elasticsearch/domain:Domain": search,
  "aws:lambda/functionUrl:FunctionUrl": ({ authorizationType }) =>
    demand("authorizationType", authorizationType, "AWS_IAM", "let IAM say who may call it"),
  "aws:lambda/permission:Permission": ({ principal, ...conditions }) =>
    principal === "*" && ["principalOrgId", "sourceAccount", "sourceArn"].every((one) => conditions[one] === undefined)
      ? [{ where: "principal", given: "*", allowed: "a service or an account", fix: "name who may call it" }]
      : [],
  "aws:s3/bucket:Bucket": openAcl,
  "aws:s3/bucketV2:BucketV2": openAcl,
  "aws:s3/bucketAcl:BucketAcl": openAcl,
  "aws:s3/bucketObject:BucketObject": openAcl,
  "aws:s3/bucketObjectv2:BucketObjectv2": openAcl,
  "aws:s3/bucketPolicy:BucketPolicy": openPolicy("policy"),
  "aws:sqs/queue:Queue": openPolicy("policy"),
  "aws:sqs/queuePolicy:QueuePolicy": openPolicy("policy"),
  "aws:sns/topic:Topic": openPolicy("policy"),
  "aws:sns/topicPolicy:TopicPolicy": openPolicy("policy"),
  "aws:secretsmanager/secret:Secret": openPolicy("policy"),
  "aws:secretsmanager/secretPolicy:SecretPolicy": openPolicy("policy"),
  "aws:ecr/repositoryPolicy:RepositoryPolicy": openPolicy("policy"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": (inputs) =>
    privacy.flatMap((property) => demand(property, inputs[property], true, "set it")),
  "aws:eks/cluster:Cluster": ({ vpcConfig }) => {
    const { endpointPublicAccess, publicAccessCidrs } = mapping(vpcConfig);
    // AWS opens the endpoint to the world where nothing says otherwise.
    const cidrs = endpointPublicAccess === false ? [] : texts(publicAccessCidrs ?? ["0.0.0.0/0"]);
    return cidrs.flatMap((cidr) => open("vpcConfig.publicAccessCidrs", cidr));
  },
  "kubernetes:core/v1:Service": ({ spec }) => {
    const { type = "ClusterIP", externalTrafficPolicy } = mapping(spec);
    if (type !== "LoadBalancer" && type !== "NodePort") return [];
    // With it the pods see the caller's address, and their network policies admit or deny it.
    if (type === "NodePort" && externalTrafficPolicy === "Local") return [];
    return [
      { where: "spec.type", given: type, allowed: "ClusterIP", fix: "reach it through the application's ingress" },
    ];
  },
};

export const networkRules: ResourceRule[] = [
  {
    name: "no-public-ingress",
    demands:
      "No security group, load balancer, database, bucket, queue, function's URL, Kubernetes API or Service is open to the " +
      "internet. Only CloudFront is, and what is behind it admits CloudFront alone. A network wider than a /8, or a /12 of " +
      "IPv6, counts as the internet.",
    ...onTypes(openings),
  },
];
