import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Namespace } from "../../namespaces/namespace";
import { labelsOf, selectorLabels } from "../../support/labels";
import { ports } from "../../support/names";
import { workloads } from "../common/network-policies";
import { handoverName, replicationNodePort } from "./settings";

export interface ReplicationPathArgs {
  /** Namespace of the in-cluster Postgres. */
  namespace: Namespace;
  /** Security group of the k3s node. */
  nodeGroupId: pulumi.Input<string>;
  /** Security group of RDS. */
  databaseGroupId: pulumi.Input<string>;
  named: (child: string) => string;
  /** Options of objects in the cluster. */
  inCluster: pulumi.CustomResourceOptions;
  /** Options of AWS resources. */
  onAws: pulumi.CustomResourceOptions;
}

/** With the traffic policy Local the server sees the address of RDS, and its network policy can tell it from others. */
function nodePortSpec(): k8s.types.input.core.v1.ServiceSpec {
  return {
    type: "NodePort",
    externalTrafficPolicy: "Local",
    selector: selectorLabels(workloads.server),
    ports: [{ name: "postgres", port: ports.postgres, targetPort: "postgres", nodePort: replicationNodePort }],
  };
}

/**
 * Lets RDS connect to the in-cluster Postgres, through a port of the node. Nothing else may use the port: the node's group
 * admits the group of RDS alone.
 */
export function replicationPath(args: ReplicationPathArgs): pulumi.Resource[] {
  const { namespace, nodeGroupId, databaseGroupId, named, inCluster, onAws } = args;
  const name = `${workloads.server}-${handoverName}`;
  const rule = {
    description: "Handover: RDS reads from the in-cluster Postgres",
    ipProtocol: "tcp",
    fromPort: replicationNodePort,
    toPort: replicationNodePort,
  };
  return [
    new k8s.core.v1.Service(
      named("node-port"),
      { metadata: { name, namespace: namespace.created, labels: labelsOf(name, "postgres") }, spec: nodePortSpec() },
      inCluster,
    ),
    new aws.vpc.SecurityGroupIngressRule(
      named("node-ingress"),
      { ...rule, securityGroupId: nodeGroupId, referencedSecurityGroupId: databaseGroupId },
      onAws,
    ),
    new aws.vpc.SecurityGroupEgressRule(
      named("database-egress"),
      { ...rule, securityGroupId: databaseGroupId, referencedSecurityGroupId: nodeGroupId },
      onAws,
    ),
  ];
}
