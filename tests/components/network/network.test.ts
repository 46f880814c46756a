import { expect } from "chai";
import { Network } from "../../../components/network/network";
import type { Zones } from "../../../components/network/subnets";
import catalogue from "../../../planner/catalogues/aws-replacement.json";
import type { Egress, NetworkSize } from "../../../tiers";
import { type Recorded, recorded } from "../../support/record";

const zones: Zones = ["us-east-1a", "us-east-1b", "us-east-1c"];
const args = { cidr: "10.20.0.0/16", zones, region: "us-east-1" };
const small: NetworkSize = { egress: "public", flowLogs: false };

function network(size: NetworkSize, options = {}): Promise<Recorded> {
  return recorded(() => {
    const made = new Network("network", { ...args, size });
    const { vpcId, cidr, zones, publicSubnetIds, privateSubnetIds, privateSubnetCidrs } = made;
    const { nodeSubnetIds, publicNodes } = made;
    return { vpcId, cidr, zones, publicSubnetIds, privateSubnetIds, privateSubnetCidrs, nodeSubnetIds, publicNodes };
  }, options);
}

/** Resources of every size. */
const always = [
  "network",
  "network/default-security-group",
  "network/internet-gateway",
  "network/private-0",
  "network/private-1",
  "network/private-2",
  "network/private-association-0",
  "network/private-association-1",
  "network/private-association-2",
  "network/private-routes-0",
  "network/private-routes-1",
  "network/private-routes-2",
  "network/public-0",
  "network/public-1",
  "network/public-2",
  "network/public-association-0",
  "network/public-association-1",
  "network/public-association-2",
  "network/public-egress",
  "network/public-routes",
  "network/s3",
  "network/vpc",
];
const privateEgress = [0, 1, 2].map((at) => `network/private-egress-${at}`);
const flowLogs = ["network/flow-logs", "network/flow-logs-group", "network/flow-logs-policy", "network/flow-logs-role"];

describe("Network", () => {
  let run: Recorded;
  const id = (path: string): string => {
    const found = run
      .inputs("network/s3")
      .routeTableIds.concat(run.outputs.publicSubnetIds, run.outputs.privateSubnetIds);
    const order = ["public-routes", "private-routes-0", "private-routes-1", "private-routes-2"]
      .concat(["public-0", "public-1", "public-2"])
      .concat(["private-0", "private-1", "private-2"]);
    return found[order.indexOf(path)] as string;
  };

  describe("with public egress", () => {
    before(async () => {
      run = await network(small);
    });

    it("has nothing but the subnets, their routes and the closed default group", () => {
      expect(run.problems).to.deep.equal([]);
      expect(run.paths).to.deep.equal(always);
      expect(run.at("network").type).to.equal("tierstack:network:Network");
      for (const resource of run.resources.slice(1)) expect(resource.parent).to.equal("network");
    });

    it("creates a VPC that resolves names", () => {
      expect(run.inputs("network/vpc")).to.deep.equal({
        cidrBlock: "10.20.0.0/16",
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: { Name: "network-vpc" },
      });
    });

    it("tags the subnets for load balancers and assigns public addresses only in the public ones", () => {
      const vpcId = run.outputs.vpcId;
      expect(run.inputs("network/public-1")).to.deep.equal({
        vpcId,
        availabilityZone: "us-east-1b",
        cidrBlock: "10.20.16.0/20",
        mapPublicIpOnLaunch: true,
        tags: { Name: "network-public-1", "kubernetes.io/role/elb": "1" },
      });
      expect(run.inputs("network/private-2")).to.deep.equal({
        vpcId,
        availabilityZone: "us-east-1c",
        cidrBlock: "10.20.160.0/20",
        mapPublicIpOnLaunch: false,
        tags: { Name: "network-private-2", "kubernetes.io/role/internal-elb": "1" },
      });
    });

    it("routes only the public subnets to the internet", () => {
      const [route, ...others] = run.ofType("aws:ec2/route:Route");
      expect(others).to.deep.equal([]);
      expect(route?.inputs).to.deep.include({
        routeTableId: id("public-routes"),
        destinationCidrBlock: "0.0.0.0/0",
      });
      expect(route?.inputs.gatewayId).to.match(/^igw-/);
      for (const at of [0, 1, 2]) {
        expect(run.inputs(`network/public-association-${at}`)).to.deep.equal({
          subnetId: id(`public-${at}`),
          routeTableId: id("public-routes"),
        });
        expect(run.inputs(`network/private-association-${at}`)).to.deep.equal({
          subnetId: id(`private-${at}`),
          routeTableId: id(`private-routes-${at}`),
        });
      }
    });

    it("reaches S3 through a gateway endpoint from every table", () => {
      const endpoint = run.inputs("network/s3");
      expect(endpoint).to.deep.include({ vpcEndpointType: "Gateway", serviceName: "com.amazonaws.us-east-1.s3" });
      expect(new Set(endpoint.routeTableIds).size).to.equal(4);
    });

    it("closes the default security group with explicitly empty lists", () => {
      expect(run.inputs("network/default-security-group")).to.deep.include({
        vpcId: run.outputs.vpcId,
        ingress: [],
        egress: [],
      });
    });

    it("puts nodes into the public subnets", () => {
      const { outputs } = run;
      expect(outputs.publicNodes).to.equal(true);
      expect(outputs.nodeSubnetIds).to.deep.equal(outputs.publicSubnetIds);
      expect(outputs).to.deep.include({ cidr: "10.20.0.0/16", zones });
      expect(outputs.privateSubnetCidrs).to.deep.equal(["10.20.128.0/20", "10.20.144.0/20", "10.20.160.0/20"]);
      expect(new Set([...(outputs.publicSubnetIds as []), ...(outputs.privateSubnetIds as [])]).size).to.equal(6);
    });
  });

  describe("with one NAT gateway", () => {
    before(async () => {
      run = await network({ egress: "nat", flowLogs: false });
    });

    it("adds it in the first zone, after the internet gateway", () => {
      expect(run.problems).to.deep.equal([]);
      expect(run.paths).to.deep.equal([...always, ...privateEgress, "network/nat-0", "network/nat-address-0"].sort());
      const nat = run.at("network/nat-0");
      expect(nat.inputs).to.deep.include({ subnetId: id("public-0") });
      expect(nat.inputs.allocationId).to.match(/^eipalloc-/);
      expect(nat.dependsOn).to.include("network/internet-gateway");
      expect(run.inputs("network/nat-address-0").domain).to.equal("vpc");
      expect(run.at("network/nat-address-0").dependsOn).to.include("network/internet-gateway");
    });

    it("routes every private table to it", () => {
      const targets = privateEgress.map((path, at) => {
        expect(run.inputs(path)).to.deep.include({
          routeTableId: id(`private-routes-${at}`),
          destinationCidrBlock: "0.0.0.0/0",
        });
        return run.inputs(path).natGatewayId;
      });
      expect(targets[0]).to.match(/^nat-/);
      expect(new Set(targets).size).to.equal(1);
    });

    it("puts nodes into the private subnets and assigns no public address", () => {
      expect(run.outputs.publicNodes).to.equal(false);
      expect(run.outputs.nodeSubnetIds).to.deep.equal(run.outputs.privateSubnetIds);
      for (const subnet of run.ofType("aws:ec2/subnet:Subnet"))
        expect(subnet.inputs.mapPublicIpOnLaunch).to.equal(false);
    });
  });

  it("routes each zone to its own gateway with one per zone", async () => {
    run = await network({ egress: "nat-per-zone", flowLogs: false });
    expect(run.ofType("aws:ec2/natGateway:NatGateway").map(({ inputs }) => inputs.subnetId)).to.deep.equal(
      [0, 1, 2].map((at) => id(`public-${at}`)),
    );
    for (const [at, path] of privateEgress.entries()) expect(run.at(path).dependsOn).to.include(`network/nat-${at}`);
    expect(new Set(privateEgress.map((path) => run.inputs(path).natGatewayId)).size).to.equal(3);
  });

  it("writes flow logs if the size enables them", async () => {
    run = await network({ ...small, flowLogs: true });
    expect(run.problems).to.deep.equal([]);
    expect(run.paths).to.deep.equal([...always, ...flowLogs].sort());
    expect(run.inputs("network/flow-logs-group")).to.deep.equal({ retentionInDays: 14 });
    expect(run.inputs("network/flow-logs")).to.deep.include({
      vpcId: run.outputs.vpcId,
      trafficType: "ALL",
      logDestination: "arn:aws:logs:us-east-1:123456789012:log-group:network-flow-logs-group",
      iamRoleArn: "arn:aws:iam::123456789012:role/network-flow-logs-role",
    });
    expect(run.at("network/flow-logs").dependsOn).to.include("network/flow-logs-policy");
    expect(
      JSON.parse(run.inputs("network/flow-logs-role").assumeRolePolicy).Statement[0].Condition.StringEquals,
    ).to.deep.equal({ "aws:SourceAccount": "123456789012" });
    expect(JSON.parse(run.inputs("network/flow-logs-policy").policy).Statement[0].Resource[0]).to.equal(
      "arn:aws:logs:us-east-1:123456789012:log-group:network-flow-logs-group",
    );
  });

  it("replaces nothing and removes nothing when egress and flow logs grow", async () => {
    const steps: NetworkSize[] = [
      small,
      { egress: "public", flowLogs: true },
      { egress: "nat", flowLogs: true },
      { egress: "nat-per-zone", flowLogs: true },
    ];
    const runs = [];
    for (const size of steps) runs.push(await network(size));
    for (const [at, next] of runs.slice(1).entries()) {
      const now = runs[at] as Recorded;
      expect(next.paths).to.include.members(now.paths);
      expect(next.paths.length).to.be.greaterThan(now.paths.length);
      expect(replacing(now, next)).to.deep.equal([]);
    }
  });

  it("replaces nothing when they shrink, and keeps the resources of every size", async () => {
    const sizes: Egress[] = ["nat-per-zone", "nat", "public"];
    const runs = [];
    for (const egress of sizes) runs.push(await network({ egress, flowLogs: false }));
    for (const [at, next] of runs.slice(1).entries()) expect(replacing(runs[at] as Recorded, next)).to.deep.equal([]);
    expect(runs[2]?.paths).to.deep.equal(always);
  });

  it("looks up the names of zones given by id, and keeps subnets where they are", async () => {
    const ids: Zones = ["use1-az4", "use1-az1", "use1-az6"];
    run = await recorded(
      () => {
        const { zones: names } = new Network("network", { ...args, zones: ids, size: small });
        return { names };
      },
      { preview: true },
    );
    const names = ["us-east-1d", "us-east-1a", "us-east-1f"];
    for (const [at, name] of names.entries())
      for (const kind of ["public", "private"]) {
        const subnet = run.at(`network/${kind}-${at}`);
        expect(subnet.inputs.availabilityZone).to.equal(name);
        expect(subnet.options.ignoreChanges).to.deep.equal(["availabilityZone"]);
      }
    expect(run.outputs.names).to.deep.equal(names);
  });

  it("runs in a preview", async () => {
    run = await network({ egress: "nat-per-zone", flowLogs: true }, { preview: true });
    expect(run.problems).to.deep.equal([]);
    expect(run.paths).to.deep.equal(
      [
        ...always,
        ...flowLogs,
        ...privateEgress,
        ...[0, 1, 2].flatMap((at) => [`network/nat-${at}`, `network/nat-address-${at}`]),
      ].sort(),
    );
    expect(run.at("network/flow-logs-role").inputs.assumeRolePolicy).to.equal("[unknown]");
  });
});

/** Types that aws-replacement.json does not know; each is one whose inputs here never change. */
const unmeasured = ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"];

/** Resources of both runs that differ in a property whose change replaces. */
function replacing(now: Recorded, next: Recorded): string[] {
  const types: Record<string, { replaceOnChange: string[] } | undefined> = catalogue.types;
  const { paths } = next;
  return now.resources
    .filter(({ path, type }) => paths.includes(path) && type.startsWith("aws:"))
    .flatMap(({ path, type }) => {
      const measured = types[type]?.replaceOnChange;
      if (!measured && !unmeasured.includes(type)) return [`${path}: ${type} is not measured`];
      const before = now.inputs(path);
      const after = next.inputs(path);
      const properties = measured ?? Object.keys({ ...before, ...after });
      return properties
        .map((property) => property.split(".")[0] as string)
        .filter((property) => JSON.stringify(before[property]) !== JSON.stringify(after[property]))
        .map((property) => `${path}: ${property}`);
    });
}
