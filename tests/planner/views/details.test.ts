import { expect } from "chai";
import { detailOf, mainDetailOf, questionOf, shortType } from "../../../planner/views/details";
import { resource } from "./support";

const detail = (type: string, inputs: Record<string, unknown>) => detailOf(resource("shop/one", type, inputs));
const container = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });
const pods = (...containers: object[]) => ({ spec: { template: { spec: { containers } } } });
const group = (onDemandPercentageAboveBaseCapacity: number) => ({
  minSize: 1,
  maxSize: 2,
  mixedInstancesPolicy: {
    launchTemplate: { overrides: [{ instanceType: "t4g.small" }, { instanceType: "t4g.medium" }] },
    instancesDistribution: { onDemandPercentageAboveBaseCapacity },
  },
});
const database = { instanceClass: "db.t4g.small", allocatedStorage: 20, availabilityZone: "eu-west-1b" };

/** Inputs of a resource, and what the tree says of them. */
const cases: [type: string, inputs: Record<string, unknown>, text: string][] = [
  ["aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }, "10.0.0.0/16"],
  ["aws:ec2/subnet:Subnet", { cidrBlock: "10.0.0.0/20", availabilityZone: "eu-west-1a" }, "10.0.0.0/20 eu-west-1a"],
  ["aws:ec2/launchTemplate:LaunchTemplate", { imageId: "ami-1" }, "ami-1"],
  ["aws:autoscaling/group:Group", group(0), "1-2 t4g.small spot"],
  ["aws:autoscaling/group:Group", group(100), "1-2 t4g.small on-demand"],
  ["aws:autoscaling/group:Group", { minSize: 1, maxSize: 1 }, "1-1  on-demand"],
  ["aws:ebs/volume:Volume", { size: 8, type: "gp3", availabilityZone: "eu-west-1a" }, "8 GiB gp3 eu-west-1a"],
  ["aws:eks/cluster:Cluster", { version: "1.36" }, "Kubernetes 1.36, Auto Mode"],
  ["aws:rds/instance:Instance", database, "db.t4g.small, 20 GiB"],
  ["aws:rds/instance:Instance", { ...database, multiAz: true }, "db.t4g.small, 20 GiB, Multi-AZ"],
  ["aws:rds/instance:Instance", { ...database, replicateSourceDb: "db" }, "read replica, db.t4g.small, eu-west-1b"],
  [
    "aws:elasticache/replicationGroup:ReplicationGroup",
    { nodeType: "cache.t4g.small", numNodeGroups: 1, replicasPerNodeGroup: 1 },
    "cache.t4g.small, 1 shard x 2",
  ],
  [
    "aws:cloudfront/distribution:Distribution",
    { aliases: ["a.example.com", "b.example.com"] },
    "a.example.com b.example.com",
  ],
  ["aws:cloudfront/distribution:Distribution", {}, ""],
  ["aws:wafv2/webAcl:WebAcl", { rules: [1, 2, 3] }, "3 rules"],
  ["aws:wafv2/webAcl:WebAcl", {}, "0 rules"],
  ["aws:lb/loadBalancer:LoadBalancer", { internal: true }, "internal"],
  ["aws:lb/loadBalancer:LoadBalancer", {}, "internet-facing"],
  ["aws:route53/record:Record", { name: "shop.example.com", type: "A" }, "shop.example.com A"],
  ["kubernetes:apps/v1:Deployment", pods(container("10m", "24Mi"), container("1", "1Gi")), "10m 24Mi + 1 1Gi"],
  ["kubernetes:apps/v1:DaemonSet", pods(container("10m", "32Mi")), "10m 32Mi a node"],
  ["kubernetes:apps/v1:Deployment", pods({}, { resources: {} }), "- - + - -"],
  ["kubernetes:apps/v1:Deployment", {}, ""],
  ["kubernetes:apps/v1:Deployment", { spec: { template: {} } }, ""],
  ["kubernetes:apps/v1:StatefulSet", pods(container("1", "1Gi")), "1 1Gi"],
  ["kubernetes:core/v1:PersistentVolumeClaim", { spec: { resources: { requests: { storage: "5Gi" } } } }, "5Gi"],
  ["kubernetes:core/v1:PersistentVolumeClaim", { spec: { resources: {} } }, ""],
  ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler", { spec: { minReplicas: 1, maxReplicas: 3 } }, "1-3 pods"],
  ["kubernetes:keda.sh/v1alpha1:ScaledObject", { spec: { minReplicaCount: 1, maxReplicaCount: 9 } }, "1-9 pods"],
  ["kubernetes:helm.sh/v3:Release", { chart: "keda", version: "2.1.0" }, "keda 2.1.0"],
  ["kubernetes:core/v1:Secret", { metadata: { name: "one" } }, ""],
];

describe("details of the tree", () => {
  for (const [type, inputs, text] of cases)
    it(`say "${text}" of a ${shortType(type)}`, () => {
      expect(detail(type, inputs)).to.equal(text);
    });

  it("name types in short", () => {
    const types = {
      "aws:ec2/vpc:Vpc": "ec2.Vpc",
      "aws:ec2:Eip": "ec2.Eip",
      "kubernetes:apps/v1:Deployment": "Deployment",
      "pulumi:providers:aws": "aws provider",
      "random:index/randomPassword:RandomPassword": "RandomPassword",
      "command:local:Command": "Command",
      "tierstack:edge:Edge": "Edge",
    };
    expect(Object.keys(types).map(shortType)).to.deep.equal(Object.values(types));
  });

  it("of a component are those of its most telling resource", () => {
    const volume = resource("shop/b", "aws:ebs/volume:Volume", {
      size: 5,
      type: "gp3",
      availabilityZone: "eu-west-1b",
    });
    const server = resource("shop/c", "aws:rds/instance:Instance", database);
    const bucket = resource("shop/a", "aws:s3/bucket:Bucket", {});
    expect(mainDetailOf([bucket, volume, server])).to.equal("db.t4g.small, 20 GiB");
    expect(mainDetailOf([bucket])).to.equal("");
  });

  it("show what a look-up asks", () => {
    const question = (token: string, args: Record<string, unknown>) =>
      questionOf({ token, arguments: args, result: { id: "one" } });
    const filters = [{ values: ["al2023"] }, { values: ["arm64", "hvm"] }];
    expect(question("aws:ec2/getAmi:getAmi", { filters })).to.equal("al2023 arm64 hvm");
    expect(question("aws:ec2/getAmi:getAmi", {})).to.equal("");
    expect(question("aws:ec2/getManagedPrefixList:getManagedPrefixList", { name: "cloudfront" })).to.equal(
      "cloudfront",
    );
    expect(question("aws:ec2/getVpc:getVpc", { name: "cloudfront" })).to.equal("");
  });
});
