import * as aws from "@pulumi/aws";
import * as command from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { K3sSize } from "../../../tiers";
import { Component } from "../../support/component";
import { readScript } from "../../support/file";
import { isBurstable, type Watched } from "../../support/watched";
import type { Cluster, WorkerScheduling } from "../cluster";
import { applyOptions, defaultScheduling } from "../provider";
import { nodePolicy, nodeTrust } from "./iam";
import { kubeconfig } from "./kubeconfig";
import { K3sNode } from "./node";
import type { NodeTask } from "./node-task";
import { NodeSecurityGroups } from "./security-groups";
import type { K3sState } from "./state";

export interface K3sArgs {
  size: K3sSize;
  network: {
    vpcId: pulumi.Input<string>;
    /** Names of the zones of the subnets. */
    zones: readonly pulumi.Input<string>[];
    /** One per zone, in the order of `zones`. */
    publicSubnetIds: pulumi.Output<string>[];
  };
  /** Data volume and certificate authorities, which outlive the node. The node runs in the volume's zone. */
  state: K3sState;
  /** CIDRs allowed to reach the Kubernetes API, 1 to 40. */
  apiAccessCidrs: string[];
  /** AWS region of the network. */
  region: string;
  /** Domain of the product. CloudFront then connects to the node over TLS. @default plain HTTP to the node */
  domain?: string;
  /** Email address for Let's Encrypt notices. Used only with a domain. @default none */
  alertEmail?: string;
  /** Lowest priority of the pods that a shutdown of the node ends after all others: see `KubeletArgs`. */
  storePriority: number;
  /** Extra work of the node besides k3s. A change replaces the instance. @default none */
  task?: pulumi.Input<NodeTask>;
}

/**
 * A single-node k3s cluster: an Auto Scaling group of one instance. A replacement instance picks up the address, the
 * data volume and the certificate authorities again. A change of size, image, version or manifest replaces the
 * instance: minutes of downtime.
 */
export class K3s extends Component implements Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: k8s.Provider;
  readonly storageClass = undefined;
  readonly workerScheduling: WorkerScheduling = defaultScheduling;
  /** Security group of the node and its pods. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Public DNS name of the node, the origin of CloudFront. */
  readonly originDomainName: pulumi.Output<string>;
  /** What AWS has metrics of: the node, by its Auto Scaling group. */
  readonly watched: Watched[];
  private readonly cluster: string;

  constructor(
    name: string,
    private readonly args: K3sArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cluster:K3s", name, opts);
    const { state } = args;
    this.cluster = clusterNameOf(state.parameterPath);
    const address = new aws.ec2.Eip(
      this.named("address"),
      { domain: "vpc", tags: { Name: this.named("address") } },
      this.child,
    );
    const groups = this.securityGroups();
    const node = this.node(address, groups, this.instanceProfile(address));
    const server = pulumi.interpolate`https://${address.publicIp}:6443`;
    this.kubeconfig = this.kubeconfigOf(server);
    this.provider = this.kubernetes(this.ready(server, node));

    this.clusterName = pulumi.output(this.cluster);
    this.securityGroupId = groups.nodeGroupId;
    this.originDomainName = address.publicDns;
    this.watched = [
      {
        kind: "node",
        dimensions: { AutoScalingGroupName: node.group.name },
        burstable: args.size.instanceTypes.every(isBurstable),
      },
    ];
    this.registerOutputs({ clusterName: this.clusterName, originDomainName: this.originDomainName });
  }

  private securityGroups(): NodeSecurityGroups {
    const { network, apiAccessCidrs, domain } = this.args;
    const { vpcId } = network;
    // With a domain, port 80 serves only the ACME challenge.
    const originPorts = { "origin-http": 80, ...(domain !== undefined && { "origin-https": 443 }) };
    const groups = { vpcId, apiAccessCidrs, originPorts };
    return new NodeSecurityGroups(this.named("security-groups"), groups, this.child);
  }

  private instanceProfile(address: aws.ec2.Eip): { profile: aws.iam.InstanceProfile; policy: aws.iam.RolePolicy } {
    const { state, region, task } = this.args;
    const role = new aws.iam.Role(
      this.named("role"),
      { assumeRolePolicy: JSON.stringify(nodeTrust), description: "k3s node" },
      this.child,
    );
    const policyArgs = pulumi.output({
      region,
      clusterName: this.cluster,
      volumeId: state.volumeId,
      allocationId: address.allocationId,
      parameterArns: state.parameterArns,
      kmsKeyArn: state.kmsKeyArn,
      task,
    });
    const policy = new aws.iam.RolePolicy(
      this.named("policy"),
      { role: role.name, policy: policyArgs.apply((args) => JSON.stringify(nodePolicy(args))) },
      this.child,
    );
    return { profile: new aws.iam.InstanceProfile(this.named("profile"), { role: role.name }, this.child), policy };
  }

  private node(
    address: aws.ec2.Eip,
    groups: NodeSecurityGroups,
    { profile, policy }: { profile: aws.iam.InstanceProfile; policy: aws.iam.RolePolicy },
  ): K3sNode {
    const { state, region, size, domain, alertEmail, storePriority, task } = this.args;
    return new K3sNode(
      this.named("node"),
      {
        size,
        subnetId: this.subnetId(),
        securityGroupIds: groups.groupIds,
        instanceProfileArn: profile.arn,
        after: [policy, groups, state],
        clusterName: this.cluster,
        userData: pulumi.output({
          region,
          address: address.publicIp,
          allocationId: address.allocationId,
          volumeId: state.volumeId,
          parameterPath: state.parameterPath,
          storePriority,
          task,
          traefik: { certificates: domain !== undefined, email: alertEmail },
        }),
      },
      this.child,
    );
  }

  /** Returns the public subnet in the volume's zone. Throws a ResourceError if the network has no subnet there. */
  private subnetId(): pulumi.Output<string> {
    const { network, state } = this.args;
    const places = pulumi.all([state.zone, pulumi.all([...network.zones]), pulumi.all(network.publicSubnetIds)]);
    return places.apply(([zone, zones, subnetIds]) => {
      const subnetId = subnetIds[zones.indexOf(zone)];
      if (subnetId) return subnetId;
      const allowed = zones.join(", ");
      throw new pulumi.ResourceError(
        `state.zone: given ${zone}; allowed: ${allowed}; fix: use a zone of the network`,
        this,
      );
    });
  }

  private kubeconfigOf(server: pulumi.Output<string>): pulumi.Output<string> {
    const { serverCaCertificate, clientCertificate, clientKey } = this.args.state;
    const parts = { name: this.cluster, server, serverCaCertificate, clientCertificate, clientKey };
    return pulumi.secret(pulumi.output(parts).apply(kubeconfig));
  }

  /** Waits for the API: a new instance takes minutes to come up, and the provider fails until then. */
  private ready(server: pulumi.Output<string>, node: K3sNode): command.local.Command {
    const { serverCaCertificate, clientCertificate, clientKey } = this.args.state;
    return new command.local.Command(
      this.named("ready"),
      {
        create: readScript(__dirname, "wait-for-api.sh"),
        interpreter: ["bash", "-c"],
        environment: {
          SERVER: server,
          GENERATION: node.generation,
          CA_CERTIFICATE: serverCaCertificate,
          CLIENT_CERTIFICATE: pulumi.secret(clientCertificate),
          CLIENT_KEY: clientKey,
        },
        triggers: [server, node.generation],
        logging: command.local.Logging.None,
      },
      { ...this.child, dependsOn: node.group },
    );
  }

  private kubernetes(ready: command.local.Command): k8s.Provider {
    return new k8s.Provider(
      this.named("provider"),
      // The volume identifies the cluster: a new address or certificate must not replace every object in it.
      { ...applyOptions, kubeconfig: this.kubeconfig, clusterIdentifier: this.args.state.volumeId },
      { ...this.child, dependsOn: ready },
    );
  }
}

/** Returns `project-stack-k3s` for `/project/stack/k3s`. */
function clusterNameOf(parameterPath: string): string {
  return parameterPath.split("/").filter(Boolean).join("-");
}
