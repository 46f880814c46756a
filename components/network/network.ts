import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Egress, NetworkSize } from "../../tiers";
import { Component } from "../support/component";
import type { Watched } from "../support/watched";
import { flowLogsPolicy, flowLogsTrust } from "./flow-logs";
import { subnetsOf, type Zones } from "./subnets";
import { zoneName } from "./zones";

const anywhere = "0.0.0.0/0";
const flowLogRetentionDays = 14;

/** The subnets of one zone, which goes by its name. */
interface NamedSubnets {
  zone: pulumi.Input<string>;
  publicCidr: string;
  privateCidr: string;
}

export interface NetworkArgs {
  /** CIDR of the VPC, a /16. A change replaces the subnets and everything in them. */
  cidr: string;
  /** Three availability zones, by AZ id or by name. They count when a subnet is created; a later change moves none. */
  zones: Zones;
  /** AWS region of the zones. */
  region: string;
  size: NetworkSize;
}

/**
 * The VPC. Its subnets, zones and route tables are the same at every size. A size only adds NAT gateways, routes to
 * them and flow logs, so growth replaces nothing in the network.
 */
export class Network extends Component {
  readonly vpcId: pulumi.Output<string>;
  /** Id of the account that owns the VPC. */
  readonly accountId: pulumi.Output<string>;
  readonly cidr: string;
  /** Names of the zones that the subnets are in, in the order of the subnets. */
  readonly zones: readonly [pulumi.Output<string>, ...pulumi.Output<string>[]];
  /** One per zone, in the order of `zones`. */
  readonly publicSubnetIds: pulumi.Output<string>[];
  /** One per zone, in the order of `zones`. Databases run here at every size. */
  readonly privateSubnetIds: pulumi.Output<string>[];
  /** One per zone, in the order of `zones`. */
  readonly privateSubnetCidrs: string[];
  /** Subnets of the nodes: the private ones with a NAT gateway, the public ones without. */
  readonly nodeSubnetIds: pulumi.Output<string>[];
  /** Whether nodes need a public address to reach the internet. */
  readonly publicNodes: boolean;
  /** What AWS has metrics of: the NAT gateways. */
  readonly watched: Watched[];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("network:Network", name, opts);
    const { cidr, zones, region, size } = args;
    const subnets = subnetsOf(cidr, zones).map((subnet) => ({ ...subnet, zone: zoneName(subnet.zone, region, this) }));
    const vpc = this.vpc(cidr);
    const gateway = this.internetGateway(vpc);
    const publicSubnets = this.publicSubnets(vpc, subnets, size.egress);
    const privateSubnets = this.privateSubnets(vpc, subnets);
    const publicTable = this.publicRoutes(vpc, gateway, publicSubnets);
    const privateTables = this.privateRoutes(vpc, privateSubnets);
    const natGateways = this.natGateways(publicSubnets, gateway, size.egress);
    const natRoutes = this.natRoutes(privateTables, natGateways);
    this.s3Endpoint(vpc, region, [publicTable, ...privateTables]);
    this.closedDefaultSecurityGroup(vpc);
    if (size.flowLogs) this.flowLogs(vpc, region);

    this.vpcId = vpc.id;
    this.accountId = vpc.ownerId;
    this.cidr = cidr;
    // Of the subnets: those of an older stack stay in the zones that they were created in.
    this.zones = publicSubnets.map((subnet) => subnet.availabilityZone) as unknown as Network["zones"];
    this.publicSubnetIds = publicSubnets.map((subnet) => subnet.id);
    this.privateSubnetIds = privateSubnets.map((subnet) => subnet.id);
    this.privateSubnetCidrs = subnets.map(({ privateCidr }) => privateCidr);
    this.publicNodes = size.egress === "public";
    // A node that starts before its route exists cannot pull images.
    const withEgress = privateSubnets.map(({ id }, index) =>
      pulumi.all([id, natRoutes[index]?.id]).apply(([subnetId]) => subnetId),
    );
    this.nodeSubnetIds = this.publicNodes ? this.publicSubnetIds : withEgress;
    this.watched = natGateways.map(({ id }, index) => ({
      kind: "nat",
      name: `${index}`,
      dimensions: { NatGatewayId: id },
    }));
    this.registerOutputs({ vpcId: this.vpcId });
  }

  private vpc(cidrBlock: string): aws.ec2.Vpc {
    return new aws.ec2.Vpc(
      this.named("vpc"),
      // Private hosted zones (the EKS endpoint inside the VPC, RDS names) resolve only with both.
      { cidrBlock, enableDnsSupport: true, enableDnsHostnames: true, tags: this.tagged("vpc") },
      this.child,
    );
  }

  private internetGateway(vpc: aws.ec2.Vpc): aws.ec2.InternetGateway {
    const child = "internet-gateway";
    return new aws.ec2.InternetGateway(this.named(child), { vpcId: vpc.id, tags: this.tagged(child) }, this.child);
  }

  /** A subnet cannot move: another zone would replace it and everything in it. The engine then keeps the zone it has. */
  private get inItsZone(): pulumi.CustomResourceOptions {
    return { ...this.child, ignoreChanges: ["availabilityZone"] };
  }

  private publicSubnets(vpc: aws.ec2.Vpc, subnets: NamedSubnets[], egress: Egress): aws.ec2.Subnet[] {
    return subnets.map(
      ({ zone, publicCidr }, index) =>
        new aws.ec2.Subnet(
          this.named(`public-${index}`),
          {
            vpcId: vpc.id,
            availabilityZone: zone,
            cidrBlock: publicCidr,
            // Without a NAT gateway, nodes run here and need a public address for egress: they pull images at first
            // boot, before any Elastic IP is attached. With one, nothing gets a public address by default.
            mapPublicIpOnLaunch: egress === "public",
            tags: { ...this.tagged(`public-${index}`), "kubernetes.io/role/elb": "1" },
          },
          this.inItsZone,
        ),
    );
  }

  private privateSubnets(vpc: aws.ec2.Vpc, subnets: NamedSubnets[]): aws.ec2.Subnet[] {
    return subnets.map(
      ({ zone, privateCidr }, index) =>
        new aws.ec2.Subnet(
          this.named(`private-${index}`),
          {
            vpcId: vpc.id,
            availabilityZone: zone,
            cidrBlock: privateCidr,
            mapPublicIpOnLaunch: false,
            tags: { ...this.tagged(`private-${index}`), "kubernetes.io/role/internal-elb": "1" },
          },
          this.inItsZone,
        ),
    );
  }

  private publicRoutes(
    vpc: aws.ec2.Vpc,
    gateway: aws.ec2.InternetGateway,
    subnets: aws.ec2.Subnet[],
  ): aws.ec2.RouteTable {
    const table = this.routeTable("public-routes", vpc);
    new aws.ec2.Route(
      this.named("public-egress"),
      { routeTableId: table.id, destinationCidrBlock: anywhere, gatewayId: gateway.id },
      this.child,
    );
    for (const [index, subnet] of subnets.entries()) this.associate(`public-association-${index}`, subnet, table);
    return table;
  }

  /** One table per zone at every size, so that a change of egress changes a route, never an association. */
  private privateRoutes(vpc: aws.ec2.Vpc, subnets: aws.ec2.Subnet[]): aws.ec2.RouteTable[] {
    return subnets.map((subnet, index) => {
      const table = this.routeTable(`private-routes-${index}`, vpc);
      this.associate(`private-association-${index}`, subnet, table);
      return table;
    });
  }

  private natGateways(
    publicSubnets: aws.ec2.Subnet[],
    gateway: aws.ec2.InternetGateway,
    egress: Egress,
  ): aws.ec2.NatGateway[] {
    const count: Record<Egress, number> = { public: 0, nat: 1, "nat-per-zone": publicSubnets.length };
    // Both need the VPC's internet gateway, which cannot be detached before they are deleted.
    const options = { ...this.child, dependsOn: gateway };
    return publicSubnets.slice(0, count[egress]).map((subnet, index) => {
      const tags = this.tagged(`nat-${index}`);
      const address = new aws.ec2.Eip(this.named(`nat-address-${index}`), { domain: "vpc", tags }, options);
      return new aws.ec2.NatGateway(
        this.named(`nat-${index}`),
        { subnetId: subnet.id, allocationId: address.allocationId, tags },
        options,
      );
    });
  }

  /** Routes each private table to the NAT gateway of its zone, or to the only one. */
  private natRoutes(tables: aws.ec2.RouteTable[], gateways: aws.ec2.NatGateway[]): aws.ec2.Route[] {
    return tables.flatMap((table, index) => {
      const gateway = gateways[index] ?? gateways[0];
      if (!gateway) return [];
      return new aws.ec2.Route(
        this.named(`private-egress-${index}`),
        { routeTableId: table.id, destinationCidrBlock: anywhere, natGatewayId: gateway.id },
        this.child,
      );
    });
  }

  /** Free of charge. It keeps image layers and backups off the NAT gateway, which bills per GB. */
  private s3Endpoint(vpc: aws.ec2.Vpc, region: string, tables: aws.ec2.RouteTable[]): void {
    new aws.ec2.VpcEndpoint(
      this.named("s3"),
      {
        vpcId: vpc.id,
        vpcEndpointType: "Gateway",
        serviceName: `com.amazonaws.${region}.s3`,
        routeTableIds: tables.map((table) => table.id),
        tags: this.tagged("s3"),
      },
      this.child,
    );
  }

  /** Resources launched without a security group get this one, which allows no traffic. */
  private closedDefaultSecurityGroup(vpc: aws.ec2.Vpc): void {
    const child = "default-security-group";
    new aws.ec2.DefaultSecurityGroup(
      this.named(child),
      // Explicitly empty: without the lists, the provider would keep rules that someone added.
      { vpcId: vpc.id, ingress: [], egress: [], tags: this.tagged(child) },
      this.child,
    );
  }

  private flowLogs(vpc: aws.ec2.Vpc, region: string): void {
    const group = new aws.cloudwatch.LogGroup(
      this.named("flow-logs-group"),
      { retentionInDays: flowLogRetentionDays },
      this.child,
    );
    const role = new aws.iam.Role(
      this.named("flow-logs-role"),
      { assumeRolePolicy: pulumi.jsonStringify(vpc.ownerId.apply((account) => flowLogsTrust(account, region))) },
      this.child,
    );
    const policy = new aws.iam.RolePolicy(
      this.named("flow-logs-policy"),
      { role: role.name, policy: pulumi.jsonStringify(group.arn.apply(flowLogsPolicy)) },
      this.child,
    );
    new aws.ec2.FlowLog(
      this.named("flow-logs"),
      {
        vpcId: vpc.id,
        trafficType: "ALL",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 600,
        tags: this.tagged("flow-logs"),
      },
      { ...this.child, dependsOn: policy },
    );
  }

  private routeTable(child: string, vpc: aws.ec2.Vpc): aws.ec2.RouteTable {
    return new aws.ec2.RouteTable(this.named(child), { vpcId: vpc.id, tags: this.tagged(child) }, this.child);
  }

  private associate(child: string, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable): void {
    new aws.ec2.RouteTableAssociation(this.named(child), { subnetId: subnet.id, routeTableId: table.id }, this.child);
  }

  /** Sets the name in the AWS console. */
  private tagged(child: string): Record<string, string> {
    return { Name: this.named(child) };
  }
}
