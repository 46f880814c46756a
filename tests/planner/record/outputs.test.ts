import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { hex, type Identity, idOf, isSecretOutput, outputsOf } from "../../../planner/record/outputs";
import { recorded } from "../../support/record";

const path = "shop/db";
const digits = createHash("sha256").update(path).digest("hex");
const self = (type: string, inputs: Record<string, unknown> = {}): Identity => ({
  path,
  name: "shop-db",
  type,
  inputs,
  region: "eu-west-1",
});
const account = "123456789012";

/** Types whose id has the form that AWS gives it. */
const ids: Record<string, string> = {
  "aws:ec2/vpc:Vpc": `vpc-${digits.slice(0, 17)}`,
  "aws:ec2/subnet:Subnet": `subnet-${digits.slice(0, 17)}`,
  "aws:ec2/securityGroup:SecurityGroup": `sg-${digits.slice(0, 17)}`,
  "aws:ec2/routeTable:RouteTable": `rtb-${digits.slice(0, 17)}`,
  "aws:ec2/internetGateway:InternetGateway": `igw-${digits.slice(0, 17)}`,
  "aws:ec2/natGateway:NatGateway": `nat-${digits.slice(0, 17)}`,
  "aws:ec2/launchTemplate:LaunchTemplate": `lt-${digits.slice(0, 17)}`,
  "aws:ebs/volume:Volume": `vol-${digits.slice(0, 17)}`,
  "aws:kms/key:Key": `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4000-8000-${digits.slice(12, 24)}`,
  "aws:cloudfront/distribution:Distribution": `E${digits.slice(0, 13).toUpperCase()}`,
  "aws:acm/certificate:Certificate": `arn:aws:acm:eu-west-1:${account}:certificate/${digits.slice(0, 8)}-${digits.slice(8, 12)}-4000-8000-${digits.slice(12, 24)}`,
  "aws:sqs/queue:Queue": "shop/db.id",
};

/** Outputs whose form matters: the type, its inputs, and what a provider would say. */
const outputs: [type: string, inputs: Record<string, unknown>, expected: Record<string, unknown>][] = [
  ["aws:iam/role:Role", {}, { arn: `arn:aws:iam::${account}:role/shop-db` }],
  ["aws:kms/key:Key", {}, { arn: `arn:aws:kms:eu-west-1:${account}:key/${ids["aws:kms/key:Key"]}` }],
  [
    "aws:kms/key:Key",
    { region: "eu-west-2" },
    { arn: `arn:aws:kms:eu-west-2:${account}:key/${ids["aws:kms/key:Key"]}` },
  ],
  ["aws:cloudwatch/logGroup:LogGroup", {}, { arn: `arn:aws:logs:eu-west-1:${account}:log-group:shop-db` }],
  ["aws:cloudwatch/logGroup:LogGroup", { name: "/a" }, { arn: `arn:aws:logs:eu-west-1:${account}:log-group:/a` }],
  [
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
    { region: "us-east-1" },
    { arn: `arn:aws:logs:us-east-1:${account}:delivery-destination:shop-db` },
  ],
  [
    "tls:index/selfSignedCert:SelfSignedCert",
    { validityPeriodHours: 25 },
    { validityEndTime: "2026-01-02T01:00:00.000Z" },
  ],
  [
    "tls:index/locallySignedCert:LocallySignedCert",
    { validityPeriodHours: 24 },
    { validityEndTime: "2026-01-02T00:00:00.000Z" },
  ],
  ["aws:s3/bucket:Bucket", {}, { arn: "arn:aws:s3:::shop-db" }],
  ["aws:ssm/parameter:Parameter", { name: "/a" }, { arn: `arn:aws:ssm:eu-west-1:${account}:parameter/a` }],
  ["aws:ssm/parameter:Parameter", {}, { arn: `arn:aws:ssm:eu-west-1:${account}:parametershop-db` }],
  ["aws:ec2/vpc:Vpc", {}, { ownerId: account }],
  [
    "aws:ec2/eip:Eip",
    {},
    {
      publicIp: "203.0.113.10",
      publicDns: "ec2-203-0-113-10.compute-1.amazonaws.com",
      allocationId: `eipalloc-${digits.slice(0, 17)}`,
    },
  ],
  [
    "aws:acm/certificate:Certificate",
    { domainName: "shop.example.com" },
    {
      arn: ids["aws:acm/certificate:Certificate"],
      domainValidationOptions: [
        {
          domainName: "shop.example.com",
          resourceRecordName: "_validation.shop.example.com",
          resourceRecordType: "CNAME",
          resourceRecordValue: "_value.acm-validations.aws",
        },
      ],
    },
  ],
  [
    "aws:lb/loadBalancer:LoadBalancer",
    {},
    {
      arn: `arn:aws:elasticloadbalancing:eu-west-1:${account}:loadbalancer/app/shop-db/${digits.slice(0, 16)}`,
      dnsName: "internal-shop-db-1234567890.eu-west-1.elb.amazonaws.com",
    },
  ],
  [
    "aws:lb/targetGroup:TargetGroup",
    {},
    { arn: `arn:aws:elasticloadbalancing:eu-west-1:${account}:targetgroup/shop-db/${digits.slice(0, 16)}` },
  ],
  [
    "aws:wafv2/webAcl:WebAcl",
    { region: "us-east-1" },
    {
      arn: `arn:aws:wafv2:us-east-1:${account}:global/webacl/shop-db/${digits.slice(0, 8)}-0000-4000-8000-${hex("shop-db", 12)}`,
    },
  ],
  [
    "aws:cloudfront/distribution:Distribution",
    {},
    { domainName: `d${digits.slice(0, 13)}.cloudfront.net`, hostedZoneId: "Z2FDTNDATAQYW2" },
  ],
  ["aws:cloudfront/function:Function", {}, { arn: `arn:aws:cloudfront::${account}:function/shop-db` }],
  ["aws:cloudfront/vpcOrigin:VpcOrigin", {}, { arn: `arn:aws:cloudfront::${account}:vpcorigin/shop-db` }],
  [
    "aws:eks/cluster:Cluster",
    { vpcConfig: { subnetIds: ["a"] } },
    {
      endpoint: `https://${digits.slice(0, 32).toUpperCase()}.gr7.eu-west-1.eks.amazonaws.com`,
      vpcConfig: { subnetIds: ["a"], clusterSecurityGroupId: `sg-${hex(`${path}/cluster`, 17)}` },
    },
  ],
  [
    "aws:rds/instance:Instance",
    {},
    {
      arn: `arn:aws:rds:eu-west-1:${account}:db:shop-db`,
      address: "shop-db.c0example0000.eu-west-1.rds.amazonaws.com",
      availabilityZone: "eu-west-1a",
    },
  ],
  [
    "aws:elasticache/replicationGroup:ReplicationGroup",
    {},
    { configurationEndpointAddress: "clustercfg.shop-db.example.use1.cache.amazonaws.com" },
  ],
  ["aws:iam/instanceProfile:InstanceProfile", {}, { arn: `arn:aws:iam::${account}:instance-profile/shop-db` }],
  ["random:index/randomPassword:RandomPassword", {}, { result: "password-of-shop-db" }],
  ["random:index/randomId:RandomId", { byteLength: 4 }, { hex: digits.slice(0, 8) }],
  ["random:index/randomBytes:RandomBytes", {}, { base64: Buffer.from(digits.slice(0, 16)).toString("base64") }],
];

describe("outputs of recorded resources", () => {
  it("have ids in the form of AWS, one for each path", () => {
    for (const [type, id] of Object.entries(ids)) expect(idOf(self(type)), type).to.equal(id);
    const type = "aws:ec2/vpc:Vpc";
    expect(idOf({ ...self(type), path: "shop/other" })).not.to.equal(idOf(self(type)));
  });

  for (const [type, inputs, expected] of outputs)
    it(`have the form of ${type}: ${JSON.stringify(inputs)}`, () => {
      expect(outputsOf(self(type, inputs))).to.deep.include(expected);
    });

  it("are another random id with other keepers, and the same with the same", () => {
    const idWith = (checksum: string) =>
      outputsOf(self("random:index/randomId:RandomId", { byteLength: 4, keepers: { checksum } })).hex;
    expect(idWith("a")).to.match(/^[0-9a-f]{8}$/);
    expect(idWith("a")).to.equal(idWith("a"));
    expect(new Set([idWith("a"), idWith("b"), digits.slice(0, 8)]).size).to.equal(3);
  });

  it("leave out what is an input, and take the name that Pulumi gives", async () => {
    await recorded(() => {
      new aws.rds.Instance("db", { instanceClass: "db.t4g.small" });
    });
    const given = outputsOf(self("aws:rds/instance:Instance", { identifier: "mine", address: "here" }));
    expect(given).not.to.have.any.keys("identifier", "address", "name");
    expect(given).to.include({ endpoint: "shop/db.endpoint" });
    expect(outputsOf(self("aws:rds/instance:Instance"))).to.include({ identifier: "shop-db" });
  });

  it("are secret where a provider says so", () => {
    expect(isSecretOutput("random:index/randomPassword:RandomPassword", "result")).to.equal(true);
    expect(isSecretOutput("random:index/randomPassword:RandomPassword", "bcryptHash")).to.equal(false);
    expect(isSecretOutput("random:index/randomId:RandomId", "result")).to.equal(false);
  });
});
