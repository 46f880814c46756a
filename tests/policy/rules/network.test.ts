import { expect } from "chai";
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
  ];
  for (const [type, inputs, finding] of broken)
    it(`finds ${JSON.stringify(inputs)} of ${type}`, () => {
      expect(found("no-public-ingress", [resource(type, inputs)])).to.deep.equal([finding]);
    });

  it("finds nothing in what is closed", () => {
    const closed = [
      resource(rule, { cidrIpv4: "203.0.113.7/32" }),
      resource(rule, { prefixListId: "pl-1" }),
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
