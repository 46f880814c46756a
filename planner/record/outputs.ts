import { createHash } from "node:crypto";
import { classOf } from "./sdk/classes";

/**
 * Stand-ins for what only a deployment knows, so that the program can be followed to its end without one. They have
 * the form of the real thing (a policy document is still checked as one) and are the same from run to run.
 */
export interface Identity {
  /** Path of the resource in the plan. */
  path: string;
  name: string;
  type: string;
  inputs: Record<string, unknown>;
  region: string;
}

const account = "123456789012";

/** A text of hexadecimal digits that stands for another text. */
export const hex = (text: string, length: number) => createHash("sha256").update(text).digest("hex").slice(0, length);

const arn =
  (service: string, resource: (self: Identity) => string, regional = true) =>
  (self: Identity) =>
    // A resource may name a region other than its provider's.
    `arn:aws:${service}:${regional ? (self.inputs.region ?? self.region) : ""}:${account}:${resource(self)}`;

const awsId = (prefix: string) => (self: Identity) => `${prefix}-${hex(self.path, 17)}`;

type Stand = (self: Identity) => unknown;

/** Returns the numbers from 1 on. */
const numbers = (count: unknown) => Array.from({ length: Number(count) || 0 }, (_, at) => at + 1);

/** The end of a certificate's validity, as if it were issued when 2026 began. */
const validityEndTime: Stand = ({ inputs }) =>
  new Date(Date.UTC(2026, 0, 1, Number(inputs.validityPeriodHours) || 0)).toISOString();

/** Ids, where AWS checks their form. */
const ids: Record<string, Stand> = {
  "aws:ec2/vpc:Vpc": awsId("vpc"),
  "aws:ec2/subnet:Subnet": awsId("subnet"),
  "aws:ec2/securityGroup:SecurityGroup": awsId("sg"),
  "aws:ec2/routeTable:RouteTable": awsId("rtb"),
  "aws:ec2/internetGateway:InternetGateway": awsId("igw"),
  "aws:ec2/natGateway:NatGateway": awsId("nat"),
  "aws:ec2/launchTemplate:LaunchTemplate": awsId("lt"),
  "aws:ebs/volume:Volume": awsId("vol"),
  "aws:kms/key:Key": ({ path }) => `${hex(path, 8)}-${hex(path, 12).slice(8)}-4000-8000-${hex(path, 24).slice(12)}`,
  "aws:cloudfront/distribution:Distribution": ({ path }) => `E${hex(path, 13).toUpperCase()}`,
};

/** Outputs whose form matters, or that are more than a text. */
const outputs: Record<string, Record<string, Stand>> = {
  "aws:iam/role:Role": { arn: arn("iam", ({ name }) => `role/${name}`, false) },
  "aws:kms/key:Key": { arn: arn("kms", (self) => `key/${String(ids["aws:kms/key:Key"]?.(self))}`) },
  "aws:cloudwatch/logGroup:LogGroup": {
    arn: arn("logs", ({ inputs, name }) => `log-group:${String(inputs.name ?? name)}`),
  },
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": {
    arn: arn("logs", ({ name }) => `delivery-destination:${name}`),
  },
  "aws:s3/bucket:Bucket": {
    arn: ({ name }) => `arn:aws:s3:::${name}`,
  },
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
    arn: arn("ce", (self) => `anomalymonitor/${String(ids["aws:kms/key:Key"]?.(self))}`, false),
  },
  "aws:sns/topic:Topic": { arn: arn("sns", ({ name }) => name), owner: () => account },
  "aws:ssm/parameter:Parameter": { arn: arn("ssm", ({ inputs, name }) => `parameter${String(inputs.name ?? name)}`) },
  "aws:ec2/vpc:Vpc": {
    ownerId: () => account,
  },
  "aws:ec2/eip:Eip": {
    publicIp: () => "203.0.113.10",
    publicDns: () => "ec2-203-0-113-10.compute-1.amazonaws.com",
    allocationId: awsId("eipalloc"),
  },
  "aws:acm/certificate:Certificate": {
    arn: arn("acm", ({ path }) => `certificate/${String(ids["aws:kms/key:Key"]?.({ path } as Identity))}`),
    domainValidationOptions: ({ inputs }) => [
      {
        domainName: inputs.domainName,
        resourceRecordName: `_validation.${String(inputs.domainName)}`,
        resourceRecordType: "CNAME",
        resourceRecordValue: "_value.acm-validations.aws",
      },
    ],
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    arn: arn("elasticloadbalancing", ({ name, path }) => `loadbalancer/app/${name}/${hex(path, 16)}`),
    dnsName: ({ name, region }) => `internal-${name}-1234567890.${region}.elb.amazonaws.com`,
  },
  "aws:lb/targetGroup:TargetGroup": {
    arn: arn("elasticloadbalancing", ({ name, path }) => `targetgroup/${name}/${hex(path, 16)}`),
  },
  "aws:wafv2/webAcl:WebAcl": {
    arn: arn("wafv2", ({ name, path }) => `global/webacl/${name}/${hex(path, 8)}-0000-4000-8000-${hex(name, 12)}`),
  },
  "aws:cloudfront/distribution:Distribution": {
    arn: arn(
      "cloudfront",
      (self) => `distribution/${String(ids["aws:cloudfront/distribution:Distribution"]?.(self))}`,
      false,
    ),
    domainName: ({ path }) => `d${hex(path, 13)}.cloudfront.net`,
    hostedZoneId: () => "Z2FDTNDATAQYW2",
  },
  "aws:cloudfront/function:Function": { arn: arn("cloudfront", ({ name }) => `function/${name}`, false) },
  "aws:cloudfront/vpcOrigin:VpcOrigin": { arn: arn("cloudfront", ({ name }) => `vpcorigin/${name}`, false) },
  "aws:eks/cluster:Cluster": {
    endpoint: ({ path, region }) => `https://${hex(path, 32).toUpperCase()}.gr7.${region}.eks.amazonaws.com`,
    vpcConfig: ({ inputs, path }) => ({
      ...(inputs.vpcConfig as object),
      clusterSecurityGroupId: `sg-${hex(`${path}/cluster`, 17)}`,
    }),
  },
  "aws:rds/instance:Instance": {
    arn: arn("rds", ({ name }) => `db:${name}`),
    address: ({ name, region, inputs }) => `${inputs.identifier ?? name}.c0example0000.${region}.rds.amazonaws.com`,
    availabilityZone: ({ region }) => `${region}a`,
    // Of a replica, which gets its source's: the smallest of RDS.
    allocatedStorage: () => 20,
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    configurationEndpointAddress: ({ name }) => `clustercfg.${name}.example.use1.cache.amazonaws.com`,
    memberClusters: ({ name, inputs: { numNodeGroups, replicasPerNodeGroup } }) =>
      numbers(numNodeGroups).flatMap((shard) =>
        numbers(1 + Number(replicasPerNodeGroup)).map(
          (node) => `${name}-${String(shard).padStart(4, "0")}-${String(node).padStart(3, "0")}`,
        ),
      ),
  },
  "aws:iam/instanceProfile:InstanceProfile": { arn: arn("iam", ({ name }) => `instance-profile/${name}`, false) },
  "tls:index/selfSignedCert:SelfSignedCert": { validityEndTime },
  "tls:index/locallySignedCert:LocallySignedCert": { validityEndTime },
  "random:index/randomPassword:RandomPassword": { result: ({ path }) => `password-of-${path.replaceAll("/", "-")}` },
  "random:index/randomId:RandomId": {
    // Other keepers draw another id.
    hex: ({ path, inputs: { byteLength, keepers } }) =>
      hex(keepers ? path + JSON.stringify(keepers) : path, 2 * Number(byteLength)),
  },
  "random:index/randomBytes:RandomBytes": { base64: ({ path }) => Buffer.from(hex(path, 16)).toString("base64") },
};

/** Outputs that the real provider marks secret although the SDK's class does not say so. */
const secretOutputs = new Set(["random:index/randomPassword:RandomPassword.result"]);

export function isSecretOutput(type: string, property: string): boolean {
  return secretOutputs.has(`${type}.${property}`);
}

/** The id of a resource. */
export function idOf(self: Identity): string {
  return String((ids[self.type] ?? outputs[self.type]?.arn ?? (({ path }) => `${path}.id`))(self));
}

/** Every output of the resource that is not an input given. */
export function outputsOf(self: Identity): Record<string, unknown> {
  const declared = classOf(self.type)?.outputs ?? [];
  const stands = outputs[self.type] ?? {};
  // Names given by Pulumi itself are inputs by the time a provider sees them.
  const named = ["name", "identifier", "bucket", "replicationGroupId"].filter((property) =>
    classOf(self.type)?.inputs.has(property),
  );
  const entries = [
    ...named.map((property) => [property, self.name] as const),
    ...declared.map((property) => [property, `${self.path}.${property}`] as const),
    ...Object.entries(stands).map(([property, stand]) => [property, stand(self)] as const),
  ];
  return Object.fromEntries(
    entries.filter(([property]) => self.inputs[property] === undefined || property === "vpcConfig"),
  );
}
