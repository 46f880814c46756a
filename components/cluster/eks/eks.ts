import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { EksSize } from "../../../tiers";
import { versions } from "../../../versions";
import { Component } from "../../support/component";
import { retainedCopy } from "../../support/data";
import { labelsOf } from "../../support/labels";
import { logRetentionDays } from "../../support/logs";
import type { Watched } from "../../support/watched";
import type { Cluster, WorkerScheduling } from "../cluster";
import { applyOptions, defaultScheduling } from "../provider";
import { clusterPolicies, clusterTrust, nodeAccessPolicy, nodePolicies, nodeTrust, secretsKeyPolicy } from "./iam";
import { eksKubeconfig } from "./kubeconfig";
import { generalPoolSpec, nodeClassName, nodeClassSpec, workersPoolScheduling, workersPoolSpec } from "./node-pools";

/** Subnets of an EKS cluster. */
export interface EksNetwork {
  /** Subnets of the control plane's network interfaces, in at least two zones. The same at every size. */
  privateSubnetIds: pulumi.Input<string>[];
  /** Subnets of the nodes. A change replaces the nodes, a few at a time. */
  nodeSubnetIds: pulumi.Input<string>[];
  /** Whether the node subnets are public. Nodes then get public IPv4 addresses. */
  publicNodes: boolean;
}

/** Logs of the control plane that every cluster keeps: of the API server itself, and who signed in. */
const logTypes = ["api", "authenticator"];

export interface EksArgs {
  size: EksSize;
  network: EksNetwork;
  /** CIDRs allowed to reach the public endpoint of the Kubernetes API. At least one; never 0.0.0.0/0. */
  apiAccessCidrs: string[];
  /** Whether to keep the audit log: every request to the Kubernetes API. It costs 0.50 USD a GB. @default false */
  auditLog?: boolean;
  /** Whether pods have volumes of their own. @default false */
  volumes?: boolean;
  /** AWS region of the cluster. */
  region: string;
}

/** The class of the stack's own volumes. */
export const storageClassName = "ebs";

/** An EKS cluster in Auto Mode, with custom node pools. */
export class Eks extends Component implements Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: k8s.Provider;
  readonly storageClass: string | undefined;
  readonly ownDisks = true;
  readonly workerScheduling: WorkerScheduling;
  /** Security group of the nodes and pods. */
  readonly securityGroupId: pulumi.Output<string>;

  /** What AWS has metrics of: the control plane. */
  readonly watched: Watched[];

  constructor(name: string, args: EksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster:Eks", name, opts);
    const { size, network, region, volumes = false } = args;
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
    this.workerScheduling = size.spot ? workersPoolScheduling : defaultScheduling;
    const general = this.nodePools(size, this.nodeClass(nodeRole.role, network));
    this.networkPolicies();
    if (volumes) this.volumes();
    this.storageClass = volumes ? storageClassName : undefined;
    this.metricsServer(cluster, general);
    this.watched = [{ kind: "cluster", dimensions: { ClusterName: this.clusterName } }];
    this.registerOutputs({ clusterName: this.clusterName });
  }

  /**
   * Encrypts the Secrets in etcd. The cluster cannot start without the key. A move down removes both: Pulumi recreates
   * every Secret from its state.
   */
  private secretsKey(): aws.kms.Key {
    return new aws.kms.Key(
      this.named("secrets-key"),
      { description: "Kubernetes Secrets", enableKeyRotation: true, deletionWindowInDays: 30 },
      { ...this.child, ...retainedCopy },
    );
  }

  private controlPlane({ network, apiAccessCidrs, auditLog = false }: EksArgs, key: aws.kms.Key): aws.eks.Cluster {
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
        // Upgrades the cluster at the end of standard support. Extended support costs six times as much.
        upgradePolicy: { supportType: "STANDARD" },
        // The creator is the first administrator. Immutable, so it does not depend on who deploys: an access entry for
        // the caller would change with every caller. Add access entries for everyone else.
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
        bootstrapSelfManagedAddons: false,
        // Auto Mode requires computeConfig, elasticLoadBalancing and blockStorage together. There are no built-in node
        // pools, hence no node role here: see nodePools().
        computeConfig: { enabled: true },
        kubernetesNetworkConfig: {
          elasticLoadBalancing: { enabled: true },
          // Fixed, because EKS would pick one. Never overlaps a VPC inside 10.0.0.0/8.
          serviceIpv4Cidr: "172.20.0.0/16",
        },
        storageConfig: { blockStorage: { enabled: true } },
        encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
        enabledClusterLogTypes: auditLog ? [...logTypes, "audit"] : logTypes,
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
   * EKS writes to a log group named after the cluster. If the group does not exist, EKS creates one with unlimited
   * retention. So create the group first; the cluster's name must then be known in advance and cannot be auto-named.
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

  /** Lets the nodes join. EKS creates this access entry only for its built-in pools. */
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
   * Depends on everything the nodes need to join, and so does every object created through it. Pods then find nodes at
   * once, and on destroy the nodes can still drain.
   */
  private kubernetes(cluster: aws.eks.Cluster, dependsOn: pulumi.Resource[]): k8s.Provider {
    return new k8s.Provider(
      this.named("provider"),
      {
        ...applyOptions,
        kubeconfig: this.kubeconfig,
        // Only a new endpoint means a new cluster. Other changes to the kubeconfig replace nothing.
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

  /**
   * Creates the class of the stack's volumes: Auto Mode has the driver and no class (EKS User Guide, "Create a storage class").
   * It is not the default one: of two defaults the newest counts, and would take the claims of the user's own class. Unlike
   * those of k3s, its volumes can grow.
   */
  private volumes(): void {
    new k8s.storage.v1.StorageClass(
      this.named("volumes"),
      {
        metadata: { name: storageClassName, labels: labelsOf(storageClassName, "cluster") },
        provisioner: "ebs.csi.eks.amazonaws.com",
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
        parameters: { type: "gp3", encrypted: "true" },
      },
      this.inCluster,
    );
  }

  /**
   * Creates custom pools: the built-in ones cannot be edited, cannot use spot and have no limits. Returns the general
   * pool.
   */
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
   * Turns on NetworkPolicy enforcement. A patch creates the ConfigMap if it does not exist, owns only its own key if it
   * does (EKS may have created it), and leaves the rest in place when it is deleted.
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
   * Provides CPU and memory metrics to the autoscalers; Auto Mode does not include it. No version: the add-on versions
   * for a Kubernetes version can only be listed with an AWS account, and EKS installs its default. The add-on becomes
   * active once its pods run, so it depends on the nodes.
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
