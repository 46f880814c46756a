import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../support/component";
import type { StoreNetwork } from "../support/store";

/**
 * Creates the security group of a managed store and returns its ID. It admits the cluster's nodes and pods on one port.
 * The rule is named after the cluster: while a cluster is replaced, the old one keeps its access until the new one has
 * its own.
 */
export function storeAccess(
  store: Component,
  { vpcId, clients }: StoreNetwork,
  { port, description }: { port: number; description: string },
): pulumi.Output<string> {
  const name = store.named("access");
  const group = new aws.ec2.SecurityGroup(name, { vpcId, description, tags: { Name: name } }, store.child);
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-from-${clients.name}`,
    {
      securityGroupId: group.id,
      referencedSecurityGroupId: clients.securityGroupId,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description,
    },
    store.child,
  );
  return group.id;
}
