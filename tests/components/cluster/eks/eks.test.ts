import { expect } from "chai";
import { Eks, type EksArgs, type EksNetwork } from "../../../../components/cluster/eks/eks";
import { nodeClassSpec } from "../../../../components/cluster/eks/node-pools";
import { Network } from "../../../../components/network/network";
import type { EksSize } from "../../../../tiers";
import { versions } from "../../../../versions";
import { type Recorded, recorded, Secret } from "../../../support/record";

const small: EksSize = { kind: "eks", general: { instanceTypes: ["t4g.medium"], nodes: 2, maxNodes: 3 } };
const large: EksSize = {
  kind: "eks",
  general: { instanceTypes: ["m7g.large"], nodes: 3, maxNodes: 6 },
  spot: { instanceTypes: ["c7g.large", "t4g.large"], nodes: 1, maxNodes: 5 },
};
const publicNetwork: EksNetwork = {
  privateSubnetIds: ["subnet-p0", "subnet-p1", "subnet-p2"],
  nodeSubnetIds: ["subnet-0", "subnet-1", "subnet-2"],
  publicNodes: true,
};
const privateNetwork: EksNetwork = {
  ...publicNetwork,
  nodeSubnetIds: publicNetwork.privateSubnetIds,
  publicNodes: false,
};
const access = { apiAccessCidrs: ["203.0.113.7/32"], region: "us-east-1" };

function eks(size: EksSize, network: EksNetwork, options = {}, args: Partial<EksArgs> = {}): Promise<Recorded> {
  return recorded(() => {
    const cluster = new Eks("cluster", { size, network, ...access, ...args });
    const { clusterName, kubeconfig, securityGroupId, workerScheduling, storageClass = "none" } = cluster;
    return { clusterName, kubeconfig, securityGroupId, workerScheduling, storageClass };
  }, options);
}

const always = [
  "cluster",
  "cluster/cluster",
  "cluster/cluster-role",
  "cluster/cluster-role-block-storage",
  "cluster/cluster-role-cluster",
  "cluster/cluster-role-compute",
  "cluster/cluster-role-load-balancing",
  "cluster/cluster-role-networking",
  "cluster/cluster-secrets-key",
  "cluster/general",
  "cluster/logs",
  "cluster/metrics-server",
  "cluster/network-policies",
  "cluster/node-access",
  "cluster/node-access-policy",
  "cluster/node-class",
  "cluster/node-role",
  "cluster/node-role-images",
  "cluster/node-role-worker",
  "cluster/provider",
  "cluster/secrets-key",
  "cluster/suffix",
];

describe("Eks", () => {
  it("has a class of volumes, which can grow and is not the default one, where pods have some", async () => {
    const all = await eks(small, publicNetwork, {}, { volumes: true });
    expect(all.problems).to.deep.equal([]);
    expect(all.paths).to.have.members([...always, "cluster/volumes"]);
    const { metadata, ...spec } = all.inputs("cluster/volumes");
    expect(metadata.name).to.equal("ebs");
    expect(all.outputs.storageClass).to.equal("ebs");
    expect(metadata).not.to.have.property("annotations");
    expect(spec).to.deep.equal({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      provisioner: "ebs.csi.eks.amazonaws.com",
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
      parameters: { type: "gp3", encrypted: "true" },
    });
  });

  let run: Recorded;

  before(async () => {
    run = await eks(small, publicNetwork);
  });

  it("is all of this, under one parent", () => {
    expect(run.problems).to.deep.equal([]);
    expect(run.paths).to.deep.equal(always);
    expect(run.at("cluster").type).to.equal("tierstack:cluster:Eks");
    for (const resource of run.resources.slice(1)) expect(resource.parent).to.equal("cluster");
  });

  it("makes an Auto Mode cluster without built-in pools, its API limited to the networks given", () => {
    const name = run.outputs.clusterName;
    expect(name).to.match(/^cluster-[0-9a-f]{8}$/);
    const { roleArn, encryptionConfig, ...inputs } = run.inputs("cluster/cluster");
    expect(inputs).to.deep.equal({
      name,
      version: versions.kubernetes,
      upgradePolicy: { supportType: "STANDARD" },
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
      bootstrapSelfManagedAddons: false,
      computeConfig: { enabled: true },
      kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true }, serviceIpv4Cidr: "172.20.0.0/16" },
      storageConfig: { blockStorage: { enabled: true } },
      enabledClusterLogTypes: ["api", "authenticator"],
      vpcConfig: {
        subnetIds: publicNetwork.privateSubnetIds,
        endpointPrivateAccess: true,
        endpointPublicAccess: true,
        publicAccessCidrs: ["203.0.113.7/32"],
      },
    });
    expect(roleArn).to.equal("arn:aws:iam::123456789012:role/cluster-cluster-role");
    expect(encryptionConfig.resources).to.deep.equal(["secrets"]);
    expect(encryptionConfig.provider.keyArn).to.match(/^arn:aws:kms:/);
  });

  it("keeps the key of the Secrets, and lets the control plane use it", () => {
    const key = run.at("cluster/secrets-key");
    expect(key.inputs).to.deep.include({ enableKeyRotation: true, deletionWindowInDays: 30 });
    expect(key.options).to.deep.include({ protect: false, retainOnDelete: true });
    const { policy, role } = run.inputs("cluster/cluster-secrets-key");
    expect(role).to.equal("cluster-cluster-role");
    expect(JSON.parse(policy).Statement).to.deep.equal([
      {
        Effect: "Allow",
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
        Resource: run.inputs("cluster/cluster").encryptionConfig.provider.keyArn,
      },
    ]);
  });

  it("makes the log group first, and every permission before the cluster", () => {
    expect(run.inputs("cluster/logs")).to.deep.equal({
      name: `/aws/eks/${run.outputs.clusterName}/cluster`,
      retentionInDays: 30,
    });
    expect(run.at("cluster/cluster").dependsOn).to.include.members([
      "cluster/cluster-role-block-storage",
      "cluster/cluster-role-cluster",
      "cluster/cluster-role-compute",
      "cluster/cluster-role-load-balancing",
      "cluster/cluster-role-networking",
      "cluster/cluster-secrets-key",
      "cluster/logs",
    ]);
  });

  it("keeps the audit log where the size asks for it, in place", async () => {
    const audited = await eks(small, publicNetwork, {}, { auditLog: true });
    expect(audited.inputs("cluster/cluster")).to.deep.equal({
      ...run.inputs("cluster/cluster"),
      enabledClusterLogTypes: ["api", "authenticator", "audit"],
    });
    expect(audited.paths).to.deep.equal(always);
  });

  it("gives both roles AWS's policies for Auto Mode and nothing else", () => {
    const trust = (path: string) => JSON.parse(run.inputs(path).assumeRolePolicy).Statement;
    expect(trust("cluster/cluster-role")).to.deep.equal([
      { Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: ["sts:AssumeRole", "sts:TagSession"] },
    ]);
    expect(trust("cluster/node-role")).to.deep.equal([
      { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: ["sts:AssumeRole"] },
    ]);
    const attached = run
      .ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .map(({ inputs }) => `${inputs.role} ${String(inputs.policyArn).replace("arn:aws:iam::aws:policy/", "")}`);
    expect(attached).to.have.members([
      "cluster-cluster-role AmazonEKSClusterPolicy",
      "cluster-cluster-role AmazonEKSComputePolicy",
      "cluster-cluster-role AmazonEKSBlockStoragePolicy",
      "cluster-cluster-role AmazonEKSLoadBalancingPolicy",
      "cluster-cluster-role AmazonEKSNetworkingPolicy",
      "cluster-node-role AmazonEKSWorkerNodeMinimalPolicy",
      "cluster-node-role AmazonEC2ContainerRegistryPullOnly",
    ]);
  });

  it("lets nodes join before any object is made", () => {
    const clusterName = run.outputs.clusterName;
    const principalArn = "arn:aws:iam::123456789012:role/cluster-node-role";
    expect(run.inputs("cluster/node-access")).to.deep.equal({ clusterName, principalArn, type: "EC2" });
    expect(run.inputs("cluster/node-access-policy")).to.deep.equal({
      clusterName,
      principalArn,
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy",
      accessScope: { type: "cluster" },
    });
    expect(run.at("cluster/provider").dependsOn).to.include.members([
      "cluster/node-access-policy",
      "cluster/node-role-images",
      "cluster/node-role-worker",
    ]);
  });

  it("reaches the cluster through a secret kubeconfig", () => {
    const { inputs } = run.at("cluster/provider");
    expect(inputs.kubeconfig).to.be.instanceOf(Secret);
    expect(run.outputs.kubeconfig).to.be.instanceOf(Secret);
    const provider = run.inputs("cluster/provider");
    const { clusters } = JSON.parse(provider.kubeconfig);
    expect(clusters[0].cluster.server).to.match(/^https:\/\/[0-9A-F]{32}\.gr7\.us-east-1\.eks\.amazonaws\.com$/);
    expect(provider.clusterIdentifier).to.equal(clusters[0].cluster.server);
    // The provider takes its settings as text.
    expect(provider).to.deep.include({
      enableServerSideApply: "true",
      upsertExistingObjects: "true",
      enablePatchForce: "true",
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
    });
    for (const { path, type, provider } of run.resources) {
      expect(provider, path).to.equal(type.startsWith("kubernetes:") ? "cluster/provider" : null);
    }
  });

  it("makes nodes of the network's node subnets, in the cluster's security group", () => {
    const { securityGroupId } = run.outputs as { securityGroupId: string };
    expect(securityGroupId).to.match(/^sg-/);
    const nodeClass = run.inputs("cluster/node-class");
    expect(nodeClass).to.deep.include({ apiVersion: "eks.amazonaws.com/v1", kind: "NodeClass" });
    expect(nodeClass.metadata.name).to.equal("nodes");
    expect(nodeClass.spec).to.deep.equal(
      nodeClassSpec({
        role: "cluster-node-role",
        subnetIds: ["subnet-0", "subnet-1", "subnet-2"],
        securityGroupId,
        publicNodes: true,
      }),
    );
    const general = run.at("cluster/general");
    expect(general.type).to.equal("kubernetes:karpenter.sh/v1:NodePool");
    expect(run.inputs("cluster/general").metadata.name).to.equal("general");
    expect(run.inputs("cluster/general").spec.limits).to.deep.equal({ cpu: "6", memory: "12Gi" });
    expect(general.dependsOn).to.include("cluster/node-class");
  });

  it("has no spot pool and no worker scheduling without a spot size", () => {
    expect(run.outputs).to.deep.include({
      storageClass: "none",
      workerScheduling: { nodeSelector: {}, tolerations: [] },
    });
  });

  it("enforces NetworkPolicies by a patch of the ConfigMap", () => {
    expect(run.at("cluster/network-policies").type).to.equal("kubernetes:core/v1:ConfigMapPatch");
    expect(run.inputs("cluster/network-policies")).to.deep.include({
      metadata: {
        name: "amazon-vpc-cni",
        namespace: "kube-system",
        annotations: { "pulumi.com/patchForce": "true" },
      },
      data: { "enable-network-policy-controller": "true" },
    });
  });

  it("installs metrics-server, unpinned, once there are nodes for it", () => {
    const addon = run.at("cluster/metrics-server");
    expect(addon.inputs).to.deep.equal({
      clusterName: run.outputs.clusterName,
      addonName: "metrics-server",
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
    });
    expect(addon.dependsOn).to.include("cluster/general");
  });

  it("only adds the spot pool, and changes no AWS resource, when it grows and its nodes move", async () => {
    const next = await eks(large, privateNetwork);
    expect(next.problems).to.deep.equal([]);
    expect(next.paths).to.deep.equal([...always, "cluster/workers"].sort());
    for (const { path, type, inputs } of run.resources) {
      if (type.startsWith("aws:") || type.startsWith("random:"))
        expect(next.at(path).inputs, path).to.deep.equal(inputs);
    }
    expect(next.inputs("cluster/provider")).to.deep.equal(run.inputs("cluster/provider"));
    expect(next.inputs("cluster/node-class").spec.advancedNetworking.associatePublicIPAddress).to.equal(false);
    expect(next.inputs("cluster/workers").spec.limits).to.deep.equal({ cpu: "10", memory: "40Gi" });
    expect(next.outputs.workerScheduling).to.deep.equal({
      nodeSelector: { "tierstack.dev/pool": "workers" },
      onDemandSelector: { "karpenter.sh/capacity-type": "on-demand" },
      tolerations: [{ key: "tierstack.dev/workers", operator: "Equal", value: "true", effect: "NoSchedule" }],
    });
  });

  it("carries the stack's name nowhere: plans of two stacks compare", async () => {
    const other = await eks(small, publicNetwork, { stack: "other" });
    for (const { path, inputs } of run.resources) expect(other.at(path).inputs, path).to.deep.equal(inputs);
  });

  it("also runs where every computed output is unknown", async () => {
    const preview = await recorded(
      () => {
        const size = { egress: "nat", flowLogs: true } as const;
        const network = new Network("network", { cidr: "10.20.0.0/16", zones: ["a", "b", "c"], region: "a", size });
        new Eks("cluster", { size: large, network, ...access });
      },
      { preview: true },
    );
    expect(preview.problems).to.deep.equal([]);
    const paths = preview.paths.filter((path) => path.startsWith("cluster"));
    expect(paths).to.deep.equal([...always, "cluster/workers"].sort());
    expect(preview.at("cluster/provider").inputs.kubeconfig).to.equal("[unknown]");
    expect(preview.inputs("cluster/node-class").spec.subnetSelectorTerms).to.have.length(3);
  });
});
