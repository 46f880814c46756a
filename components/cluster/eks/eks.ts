import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { EksSize } from "../../../tiers";
import { versions } from "../../../versions";
import { Component } from "../../support/component";
import { copyOfData } from "../../support/data";
import { labelsOf } from "../../support/labels";
import type { Cluster, WorkerScheduling } from "../cluster";
import { anywhereScheduling, applyOptions } from "../provider";
import { clusterPolicies, clusterTrust, nodeAccessPolicy, nodePolicies, nodeTrust, secretsKeyPolicy } from "./iam";
import { eksKubeconfig } from "./kubeconfig";
import { generalPoolSpec, nodeClassName, nodeClassSpec, spotScheduling, workersPoolSpec } from "./node-pools";

const logRetentionDays = 30;

/** What the cluster asks of the network. */
export interface EksNetwork {
  /** At least two zones; the control plane's interfaces stay here at every size. */
  privateSubnetIds: pulumi.Input<string>[];
  /** Changing them moves the nodes, a few at a time. */
  nodeSubnetIds: pulumi.Input<string>[];
  /** The node subnets are public: nodes get public addresses. */
  publicNodes: boolean;
}

export interface EksArgs {
  size: EksSize;
  network: EksNetwork;
  /** CIDRs that may reach the public endpoint of the Kubernetes API; at least one, never 0.0.0.0/0. */
  apiAccessCidrs: string[];
  /** AWS region of the cluster. */
  region: string;
}

/** An EKS cluster in Auto Mode, with node pools of our own. */
export class Eks extends Component implements Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: k8s.Provider;
  readonly storageClass = undefined;
  readonly workerScheduling: WorkerScheduling;
  /** Security group of nodes and pods. */
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: EksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster:Eks", name, opts);
    const { size, network, region } = args;
    const cluster = this.controlPlane(args, this.secretsKey());
    const nodeRole = this.role("node", nodeTrust, nodePolicies);
    const nodeAccess = this.nodeAccess(cluster, nodeRole.role);

    this.clusterName = cluster.name;
    this.securityGroupId = cluster.vpcConfig.apply(({ clusterSecurityGroupId }) => clusterSecurityGroupId);
    this.kubeconfig = pulumi.secret(
      pulumi
        .all([cluster.name, cluster.endpoint, cluster.certificateAuthority])
        .apply(([name, endpoint, { data }]) => eksKubeconfig({ name, endpoint, certificateAuthority: data, region })),
    );
    this.provider = this.kubernetes(cluster, [nodeAccess, ...nodeRole.policies]);
    this.workerScheduling = size.spot ? spotScheduling : anywhereScheduling;
    const general = this.nodePools(size, this.nodeClass(nodeRole.role, network));
    this.networkPolicies();
    this.metricsServer(cluster, general);
    this.registerOutputs({ clusterName: this.clusterName });
  }

  /** Encrypts the Secrets in etcd, which the cluster cannot start without. A move down lets it go with the cluster; every
   * Secret in it is made again from Pulumi's state. */
  private secretsKey(): aws.kms.Key {
    return new aws.kms.Key(
      this.named("secrets-key"),
      { description: "Kubernetes Secrets", enableKeyRotation: true, deletionWindowInDays: 30 },
      { ...this.child, ...copyOfData },
    );
  }

  private controlPlane({ network, apiAccessCidrs }: EksArgs, key: aws.kms.Key): aws.eks.Cluster {
    const { role, policies } = this.role("cluster", clusterTrust, clusterPolicies);
    const keyPolicy = new aws.iam.RolePolicy(
      this.named("cluster-secrets-key"),
      { role: role.name, policy: pulumi.jsonStringify(key.arn.apply(secretsKeyPolicy)) },
      this.child,
    );
    const { name, logGroup } = this.logGroup();
    return new aws.eks.Cluster(
      this.named("cluster"),
      {
        name,
        roleArn: role.arn,
        version: versions.kubernetes,
        // Upgraded at the end of standard support rather than charged sixfold for extended support.
        upgradePolicy: { supportType: "STANDARD" },
        // Whoever creates the cluster administers it, from its first second. Immutable: an entry for whoever deploys
        // today would change with every caller. Others are let in by access entries of their own.
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
        bootstrapSelfManagedAddons: false,
        // Auto Mode is these three together. No built-in node pools, and so no node role here: see nodePools().
        computeConfig: { enabled: true },
        kubernetesNetworkConfig: {
          elasticLoadBalancing: { enabled: true },
          // Fixed, for EKS would choose; never within a VPC below 10.0.0.0/8.
          serviceIpv4Cidr: "172.20.0.0/16",
        },
        storageConfig: { blockStorage: { enabled: true } },
        encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
        enabledClusterLogTypes: ["api", "audit", "authenticator"],
        vpcConfig: {
          subnetIds: network.privateSubnetIds,
          endpointPrivateAccess: true,
          endpointPublicAccess: true,
          publicAccessCidrs: apiAccessCidrs,
        },
      },
      { ...this.child, dependsOn: [...policies, keyPolicy, logGroup] },
    );
  }

  /**
   * EKS writes to a log group named after the cluster and makes one that keeps everything forever where there is none.
   * Ours comes first; so the cluster's name must be known before the cluster, and cannot be left to auto-naming.
   */
  private logGroup() {
    const suffix = new random.RandomId(this.named("suffix"), { byteLength: 4 }, this.child);
    const name = pulumi.interpolate`${this.componentName}-${suffix.hex}`;
    const logGroup = new aws.cloudwatch.LogGroup(
      this.named("logs"),
      { name: pulumi.interpolate`/aws/eks/${name}/cluster`, retentionInDays: logRetentionDays },
      this.child,
    );
    return { name, logGroup };
  }

  private role(child: string, trust: aws.iam.PolicyDocument, attached: Record<string, string>) {
    const role = new aws.iam.Role(this.named(`${child}-role`), { assumeRolePolicy: JSON.stringify(trust) }, this.child);
    const policies = Object.entries(attached).map(
      ([policy, policyArn]) =>
        new aws.iam.RolePolicyAttachment(
          this.named(`${child}-role-${policy}`),
          { role: role.name, policyArn },
          this.child,
        ),
    );
    return { role, policies };
  }

  /** Lets the nodes join; EKS does so by itself only for its built-in pools. */
  private nodeAccess(cluster: aws.eks.Cluster, role: aws.iam.Role): pulumi.Resource {
    const entry = new aws.eks.AccessEntry(
      this.named("node-access"),
      { clusterName: cluster.name, principalArn: role.arn, type: "EC2" },
      this.child,
    );
    return new aws.eks.AccessPolicyAssociation(
      this.named("node-access-policy"),
      {
        clusterName: cluster.name,
        principalArn: entry.principalArn,
        policyArn: nodeAccessPolicy,
        accessScope: { type: "cluster" },
      },
      this.child,
    );
  }

  /**
   * Depends on what nodes need to join, and so does every object made through it: pods find nodes when they come, and
   * when all is destroyed the nodes can still leave in order.
   */
  private kubernetes(cluster: aws.eks.Cluster, dependsOn: pulumi.Resource[]): k8s.Provider {
    return new k8s.Provider(
      this.named("provider"),
      {
        ...applyOptions,
        kubeconfig: this.kubeconfig,
        // Another endpoint is another cluster; any other change of the kubeconfig replaces nothing.
        clusterIdentifier: cluster.endpoint,
      },
      { ...this.child, dependsOn },
    );
  }

  private nodeClass(role: aws.iam.Role, network: EksNetwork): k8s.apiextensions.CustomResource {
    return new k8s.apiextensions.CustomResource(
      this.named("node-class"),
      {
        apiVersion: "eks.amazonaws.com/v1",
        kind: "NodeClass",
        metadata: { name: nodeClassName, labels: labelsOf(nodeClassName, "cluster") },
        spec: nodeClassSpec({
          role: role.name,
          subnetIds: network.nodeSubnetIds,
          securityGroupId: this.securityGroupId,
          publicNodes: network.publicNodes,
        }),
      },
      this.inCluster,
    );
  }

  /** Pools of our own: the built-in ones cannot be edited, are not spot and have no limits. Answers the general one. */
  private nodePools(size: EksSize, nodeClass: pulumi.Resource): pulumi.Resource {
    const pool = (name: string, spec: object) =>
      new k8s.apiextensions.CustomResource(
        this.named(name),
        {
          apiVersion: "karpenter.sh/v1",
          kind: "NodePool",
          metadata: { name, labels: labelsOf(name, "cluster") },
          spec,
        },
        { ...this.inCluster, dependsOn: nodeClass },
      );
    if (size.spot) pool("workers", workersPoolSpec(size.spot));
    return pool("general", generalPoolSpec(size.general));
  }

  /**
   * Has NetworkPolicies enforced. A patch: it makes the ConfigMap where there is none, owns its one key where EKS (or
   * anybody) has made it, and leaves the rest alone when it goes.
   */
  private networkPolicies(): void {
    new k8s.core.v1.ConfigMapPatch(
      this.named("network-policies"),
      {
        metadata: {
          name: "amazon-vpc-cni",
          namespace: "kube-system",
          annotations: { "pulumi.com/patchForce": "true" },
        },
        data: { "enable-network-policy-controller": "true" },
      },
      this.inCluster,
    );
  }

  /**
   * What autoscalers read CPU and memory from; Auto Mode brings none. No version: which builds exist for a Kubernetes
   * version only the account can tell, and EKS installs its default for the cluster's. It becomes active once its pods
   * run, and so waits for nodes.
   */
  private metricsServer(cluster: aws.eks.Cluster, nodes: pulumi.Resource): void {
    new aws.eks.Addon(
      this.named("metrics-server"),
      {
        clusterName: cluster.name,
        addonName: versions.metricsServerAddon,
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
      },
      { ...this.child, dependsOn: nodes },
    );
  }

  private get inCluster(): pulumi.CustomResourceOptions {
    return { ...this.child, provider: this.provider };
  }
}
