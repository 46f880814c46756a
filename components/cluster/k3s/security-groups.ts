import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { cloudFrontPrefixListId } from "../../network/cloudfront";
import { Component } from "../../support/component";

export interface NodeSecurityGroupsArgs {
  vpcId: pulumi.Input<string>;
  /** CIDRs allowed to reach the Kubernetes API. */
  apiAccessCidrs: string[];
  /** Ports open to CloudFront, by name. Each gets its own security group. */
  originPorts: Record<string, number>;
}

/** Ingress to the node: the Kubernetes API from its CIDRs, the origin ports from CloudFront. */
export class NodeSecurityGroups extends Component {
  /** Group that other security groups refer to as the node. */
  readonly nodeGroupId: pulumi.Output<string>;
  /** Groups of the node's network interface. */
  readonly groupIds: pulumi.Output<string>[];

  constructor(name: string, args: NodeSecurityGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster:NodeSecurityGroups", name, opts);
    const node = this.group("node", args.vpcId, "k3s node");
    for (const cidrIpv4 of new Set(args.apiAccessCidrs)) {
      const kind = `api-${cidrIpv4.replace("/", "-")}`;
      this.ingress(kind, node, { port: 6443, description: "Kubernetes API, from apiAccessCidrs", cidrIpv4 });
    }
    new aws.vpc.SecurityGroupEgressRule(
      this.named("egress"),
      { securityGroupId: node.id, description: "Any, to the internet", ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" },
      this.child,
    );
    const prefixListId = cloudFrontPrefixListId(this);
    const origins = Object.entries(args.originPorts).map(([kind, port]) => {
      const description = `CloudFront to port ${port}`;
      const group = this.group(kind, args.vpcId, description);
      this.ingress(`${kind}-cloudfront`, group, { port, description, prefixListId });
      return group;
    });
    this.nodeGroupId = node.id;
    this.groupIds = [node, ...origins].map((group) => group.id);
    this.registerOutputs({ nodeGroupId: this.nodeGroupId });
  }

  private group(kind: string, vpcId: pulumi.Input<string>, description: string): aws.ec2.SecurityGroup {
    return new aws.ec2.SecurityGroup(
      this.named(kind),
      { vpcId, description, tags: { Name: this.named(kind) } },
      this.child,
    );
  }

  private ingress(
    kind: string,
    group: aws.ec2.SecurityGroup,
    rule: { port: number; description: string } & ({ cidrIpv4: string } | { prefixListId: pulumi.Input<string> }),
  ): aws.vpc.SecurityGroupIngressRule {
    const { port, ...rest } = rule;
    return new aws.vpc.SecurityGroupIngressRule(
      this.named(kind),
      { securityGroupId: group.id, ipProtocol: "tcp", fromPort: port, toPort: port, ...rest },
      this.child,
    );
  }
}
