import { expect } from "chai";
import { notYetKnown } from "../../../policy/rules/rule";
import { found, resource } from "../support";

const networks = "named networks, a security group or a prefix list";

describe("policy no-public-ingress", () => {
  const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
  const privacy = {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  };
  const everybody = JSON.stringify({ Statement: { Effect: "Allow", Principal: "*", Action: "*" } });
  const anybody = "given everybody as principal, without a condition; allowed: named accounts, roles or services";
  const broken: [type: string, inputs: Record<string, unknown>, finding: string][] = [
    [rule, { cidrIpv4: "0.0.0.0/0" }, `one cidrIpv4: given 0.0.0.0/0; allowed: ${networks}`],
    [rule, { cidrIpv6: "::/0" }, `one cidrIpv6: given ::/0; allowed: ${networks}`],
    [
      "aws:ec2/securityGroup:SecurityGroup",
      { ingress: [{}, { cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }] },
      `one ingress[1]: given 0.0.0.0/0; allowed: ${networks}`,
    ],
    [
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
      { ingress: [{ ipv6CidrBlocks: ["::/0"] }] },
      `one ingress[0]: given ::/0; allowed: ${networks}`,
    ],
    [
      "aws:ec2/securityGroupRule:SecurityGroupRule",
      { type: "ingress", cidrBlocks: ["0.0.0.0/0"] },
      `one rule[0]: given 0.0.0.0/0; allowed: ${networks}`,
    ],
    [rule, { cidrIpv4: "0.0.0.0/1" }, `one cidrIpv4: given 0.0.0.0/1; allowed: ${networks}`],
    [rule, { cidrIpv4: "52.0.0.0/7" }, `one cidrIpv4: given 52.0.0.0/7; allowed: ${networks}`],
    [rule, { cidrIpv6: "2000::/3" }, `one cidrIpv6: given 2000::/3; allowed: ${networks}`],
    [rule, { cidrIpv6: "2a00::/11" }, `one cidrIpv6: given 2a00::/11; allowed: ${networks}`],
    [
      "aws:eks/cluster:Cluster",
      { vpcConfig: { publicAccessCidrs: ["128.0.0.0/1"] } },
      `one vpcConfig.publicAccessCidrs: given 128.0.0.0/1; allowed: ${networks}`,
    ],
    ["aws:alb/loadBalancer:LoadBalancer", {}, "one internal: given nothing; allowed: true"],
    ["aws:elb/loadBalancer:LoadBalancer", { internal: false }, "one internal: given false; allowed: true"],
    ...["aws:rds/clusterInstance:ClusterInstance", "aws:redshift/cluster:Cluster", "aws:mq/broker:Broker"].map(
      (type): [string, Record<string, unknown>, string] => [
        type,
        { publiclyAccessible: true },
        "one publiclyAccessible: given true; allowed: false",
      ],
    ),
    [
      "aws:lambda/functionUrl:FunctionUrl",
      { authorizationType: "NONE" },
      'one authorizationType: given "NONE"; allowed: AWS_IAM',
    ],
    [
      "aws:lambda/permission:Permission",
      { principal: "*" },
      "one principal: given *; allowed: a service or an account",
    ],
    ...["opensearch", "elasticsearch"].map((module): [string, Record<string, unknown>, string] => [
      `aws:${module}/domain:Domain`,
      { accessPolicies: everybody },
      `one accessPolicies.Statement[0]: ${anybody}`,
    ]),
    ...[
      "aws:s3/bucketPolicy:BucketPolicy",
      "aws:sqs/queue:Queue",
      "aws:sqs/queuePolicy:QueuePolicy",
      "aws:sns/topic:Topic",
      "aws:sns/topicPolicy:TopicPolicy",
      "aws:secretsmanager/secret:Secret",
      "aws:secretsmanager/secretPolicy:SecretPolicy",
      "aws:ecr/repositoryPolicy:RepositoryPolicy",
    ].map((type): [string, Record<string, unknown>, string] => [
      type,
      { policy: everybody },
      `one policy.Statement[0]: ${anybody}`,
    ]),
    ...[
      "aws:s3/bucket:Bucket",
      "aws:s3/bucketV2:BucketV2",
      "aws:s3/bucketAcl:BucketAcl",
      "aws:s3/bucketObject:BucketObject",
      "aws:s3/bucketObjectv2:BucketObjectv2",
    ].map((type): [string, Record<string, unknown>, string] => [
      type,
      { acl: "public-read" },
      "one acl: given public-read; allowed: a private ACL",
    ]),
    ["aws:lb/loadBalancer:LoadBalancer", {}, "one internal: given nothing; allowed: true"],
    ["aws:rds/instance:Instance", { publiclyAccessible: true }, "one publiclyAccessible: given true; allowed: false"],
    [
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      { ...privacy, blockPublicPolicy: false },
      "one blockPublicPolicy: given false; allowed: true",
    ],
    ["aws:eks/cluster:Cluster", {}, `one vpcConfig.publicAccessCidrs: given 0.0.0.0/0; allowed: ${networks}`],
    [
      "kubernetes:core/v1:Service",
      { spec: { type: "LoadBalancer" } },
      "one spec.type: given LoadBalancer; allowed: ClusterIP",
    ],
    ["kubernetes:core/v1:Service", { spec: { type: "NodePort" } }, "one spec.type: given NodePort; allowed: ClusterIP"],
    [
      "kubernetes:core/v1:Service",
      { spec: { type: "LoadBalancer", externalTrafficPolicy: "Local" } },
      "one spec.type: given LoadBalancer; allowed: ClusterIP",
    ],
  ];
  for (const [type, inputs, finding] of broken)
    it(`finds ${JSON.stringify(inputs)} of ${type}`, () => {
      expect(found("no-public-ingress", [resource(type, inputs)])).to.deep.equal([finding]);
    });

  it("finds nothing in what is closed", () => {
    const closed = [
      resource(rule, { cidrIpv4: "203.0.113.7/32" }),
      // Its pods see who calls, and their network policies decide.
      resource("kubernetes:core/v1:Service", { spec: { type: "NodePort", externalTrafficPolicy: "Local" } }),
      resource(rule, { cidrIpv4: "52.0.0.0/8" }),
      resource(rule, { cidrIpv6: "2a00::/12" }),
      resource(rule, { cidrIpv6: "fc00::/7" }),
      resource(rule, { cidrIpv4: notYetKnown }),
      resource(rule, { prefixListId: "pl-1" }),
      resource("aws:lambda/functionUrl:FunctionUrl", { authorizationType: "AWS_IAM" }),
      resource("aws:lambda/permission:Permission", { principal: "events.amazonaws.com" }),
      resource("aws:lambda/permission:Permission", { principal: "*", principalOrgId: "o-1" }),
      resource("aws:opensearch/domain:Domain", { accessPolicies: everybody, vpcOptions: { subnetIds: ["subnet-1"] } }),
      resource("aws:ec2/securityGroupRule:SecurityGroupRule", { type: "egress", cidrBlocks: ["0.0.0.0/0"] }),
      resource("aws:lb/loadBalancer:LoadBalancer", { internal: true }),
      resource("aws:rds/instance:Instance"),
      resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", privacy),
      resource("aws:eks/cluster:Cluster", { vpcConfig: { endpointPublicAccess: false } }),
      resource("aws:eks/cluster:Cluster", { vpcConfig: { publicAccessCidrs: ["203.0.113.7/32"] } }),
      resource("kubernetes:core/v1:Service", { spec: {} }),
    ];
    expect(found("no-public-ingress", closed)).to.deep.equal([]);
  });
});
