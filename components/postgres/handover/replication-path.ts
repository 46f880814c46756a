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
  /** Security groups of RDS, and of the k3s node where one server is in the cluster. */
  groups: { node?: pulumi.Input<string>; database: pulumi.Input<string> };
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
 * Lets each server connect to the other. Instances of RDS share a group, so they need rules from and to it. RDS reaches the
 * in-cluster Postgres through a port of the node. Nothing else may use the port: the node's group admits the group of RDS
 * alone.
 */
export function replicationPath(args: ReplicationPathArgs): pulumi.Resource[] {
  const { groups, named } = args;
  if (groups.node === undefined) return rules(args, groups.database, ports.postgres, "RDS reads from RDS", "database");
  const name = `${workloads.server}-${handoverName}`;
  const metadata = { name, namespace: args.namespace.created, labels: labelsOf(name, "postgres") };
  return [
    new k8s.core.v1.Service(named("node-port"), { metadata, spec: nodePortSpec() }, args.inCluster),
    ...rules(args, groups.node, replicationNodePort, "RDS reads from the in-cluster Postgres", "node"),
  ];
}

/** Rules of both ends: into the group of what is read, and out of the group of RDS. */
function rules(
  { groups, named, onAws }: ReplicationPathArgs,
  readGroup: pulumi.Input<string>,
  port: number,
  what: string,
  read: "database" | "node",
): pulumi.Resource[] {
  const rule = { description: `Handover: ${what}`, ipProtocol: "tcp", fromPort: port, toPort: port };
  return [
    new aws.vpc.SecurityGroupIngressRule(
      named(`${read}-ingress`),
      { ...rule, securityGroupId: readGroup, referencedSecurityGroupId: groups.database },
      onAws,
    ),
    new aws.vpc.SecurityGroupEgressRule(
      named("database-egress"),
      { ...rule, securityGroupId: groups.database, referencedSecurityGroupId: readGroup },
      onAws,
    ),
  ];
}
