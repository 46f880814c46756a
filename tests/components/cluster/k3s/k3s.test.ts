import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { K3s, type K3sArgs } from "../../../../components/cluster/k3s/k3s";
import { K3sState } from "../../../../components/cluster/k3s/state";
import { versions } from "../../../../versions";
import { type Recorded, recorded, Secret } from "../../../support/record";
import { task } from "./machine";

const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];

interface Given extends Partial<Omit<K3sArgs, "state">> {
  zone?: string;
  preview?: boolean;
}

async function built({ zone = "us-east-1b", preview = false, ...given }: Given = {}) {
  let cluster: K3s | undefined;
  const run = await recorded(
    () => {
      const state = new K3sState("state", { dataVolumeGiB: 8, zone, path: "/shop/mvp/k3s" });
      cluster = new K3s("cluster", {
        size: { kind: "k3s", instanceTypes: ["t4g.small", "t4g.medium"], capacity: "spot" },
        network: {
          vpcId: "vpc-1",
          zones,
          publicSubnetIds: zones.map((_, at) => pulumi.output(`subnet-${at}`)),
        },
        state,
        apiAccessCidrs: ["203.0.113.7/32", "198.51.100.0/24"],
        region: "us-east-1",
        storePriority: 1000,
        ...given,
      });
      const { clusterName, kubeconfig, securityGroupId, originDomainName } = cluster;
      return { clusterName, kubeconfig, securityGroupId, originDomainName };
    },
    { preview },
  );
  return { run, cluster: cluster as K3s };
}

const script = (run: Recorded) => Buffer.from(run.inputs("cluster/node/template").userData, "base64").toString("utf8");
const groupPaths = (run: Recorded) => run.ofType("aws:ec2/securityGroup:SecurityGroup").map(({ path }) => path);
const from = "cluster/security-groups";
const prefixList = "aws:ec2/getManagedPrefixList:getManagedPrefixList";

describe("K3s", () => {
  let run: Recorded;
  let cluster: K3s;
  before(async () => {
    ({ run, cluster } = await built());
  });

  it("is a cluster with Traefik, one kind of node and local volumes, and no problems", () => {
    expect(run.problems).to.deep.equal([]);
    expect(cluster.storageClass).to.equal(undefined);
    expect(cluster.workerScheduling).to.deep.equal({ nodeSelector: {}, tolerations: [] });
    expect(run.outputs).to.deep.include({
      clusterName: "shop-mvp-k3s",
      securityGroupId: run.at(`${from}/node`) && (run.inputs(`${from}/egress`).securityGroupId as string),
      originDomainName: "ec2-203-0-113-10.compute-1.amazonaws.com",
    });
    expect(run.paths.filter((path) => path.startsWith("cluster"))).to.have.members([
      "cluster",
      "cluster/address",
      "cluster/security-groups",
      `${from}/node`,
      `${from}/egress`,
      `${from}/api-203.0.113.7-32`,
      `${from}/api-198.51.100.0-24`,
      `${from}/origin-http`,
      `${from}/origin-http-cloudfront`,
      "cluster/role",
      "cluster/policy",
      "cluster/profile",
      "cluster/node",
      "cluster/node/template",
      "cluster/node/group",
      "cluster/ready",
      "cluster/provider",
    ]);
    for (const { path, parent } of run.resources.filter(({ path }) => path.startsWith("cluster/"))) {
      expect(parent, path).to.equal(path.slice(0, path.lastIndexOf("/")));
    }
  });

  it("opens the API to the given networks, port 80 to CloudFront, and nothing to the world", () => {
    const rules = run.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    expect(
      rules.map(({ inputs: { fromPort, toPort, ipProtocol, cidrIpv4, prefixListId, description } }) => [
        fromPort === toPort && fromPort,
        ipProtocol,
        cidrIpv4 ?? prefixListId,
        description,
      ]),
    ).to.have.deep.members([
      [6443, "tcp", "203.0.113.7/32", "Kubernetes API, from apiAccessCidrs"],
      [6443, "tcp", "198.51.100.0/24", "Kubernetes API, from apiAccessCidrs"],
      [80, "tcp", run.lookUp(prefixList).result.id, "CloudFront to port 80"],
    ]);
    expect(run.lookUp(prefixList).arguments).to.deep.equal({ name: "com.amazonaws.global.cloudfront.origin-facing" });
    expect(groupPaths(run)).to.deep.equal([`${from}/node`, `${from}/origin-http`]);
    // Rules of their own beside the group: rules inside it would remove each other. A new description replaces it.
    for (const [name, description] of [
      ["node", "k3s node"],
      ["origin-http", "CloudFront to port 80"],
    ] as const) {
      const tags = { Name: `cluster-security-groups-${name}` };
      const { vpcId, ...inputs } = run.inputs(`${from}/${name}`);
      expect(vpcId).to.match(/^vpc-/);
      expect(inputs).to.deep.equal({ description, tags });
    }
    expect(run.inputs("cluster/address")).to.deep.equal({ domain: "vpc", tags: { Name: "cluster-address" } });
    expect(run.inputs("cluster/profile")).to.have.property("role");
    expect(run.inputs(`${from}/egress`)).to.deep.include({
      ipProtocol: "-1",
      cidrIpv4: "0.0.0.0/0",
      description: "Any, to the internet",
    });
  });

  it("launches a closed, encrypted machine from the pinned image", () => {
    const { userData, ...template } = run.inputs("cluster/node/template");
    const tags = {
      Name: "cluster-node-instance",
      "tierstack:cluster": "shop-mvp-k3s",
      "tierstack:project": "tierstack",
      "tierstack:stack": "test",
    };
    const image = run.lookUp("aws:ec2/getAmi:getAmi");
    expect(image.arguments).to.deep.equal({
      // Amazon's own account: anybody may publish an image of this name.
      owners: ["137112412989"],
      filters: [{ name: "name", values: [versions.nodeImage.name] }],
      includeDeprecated: true,
    });
    expect(userData).to.be.a("string");
    expect(template).to.deep.equal({
      description: "k3s node",
      imageId: image.result.id,
      instanceType: "t4g.small",
      updateDefaultVersion: true,
      iamInstanceProfile: { arn: "arn:aws:iam::123456789012:instance-profile/cluster-profile" },
      instanceInitiatedShutdownBehavior: "terminate",
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      networkInterfaces: [
        {
          deviceIndex: 0,
          associatePublicIpAddress: "true",
          deleteOnTermination: "true",
          securityGroups: [run.outputs.securityGroupId, run.inputs(`${from}/origin-http-cloudfront`).securityGroupId],
        },
      ],
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeType: "gp3", volumeSize: 8, encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      tags: { Name: "cluster-node-template" },
    });
  });

  it("keeps one spot instance beside the volume, and replaces it when the template changes", () => {
    expect(run.inputs("cluster/node/group")).to.deep.equal({
      vpcZoneIdentifiers: ["subnet-1"],
      minSize: 1,
      maxSize: 1,
      desiredCapacity: 1,
      healthCheckType: "EC2",
      healthCheckGracePeriod: 120,
      capacityRebalance: false,
      mixedInstancesPolicy: {
        launchTemplate: {
          launchTemplateSpecification: {
            launchTemplateId:
              run.inputs("cluster/node/group").mixedInstancesPolicy.launchTemplate.launchTemplateSpecification
                .launchTemplateId,
            version: "cluster/node/template.latestVersion",
          },
          overrides: [{ instanceType: "t4g.small" }, { instanceType: "t4g.medium" }],
        },
        instancesDistribution: {
          onDemandBaseCapacity: 0,
          onDemandPercentageAboveBaseCapacity: 0,
          onDemandAllocationStrategy: "prioritized",
          spotAllocationStrategy: "price-capacity-optimized",
        },
      },
      instanceRefresh: {
        strategy: "Rolling",
        preferences: { minHealthyPercentage: 0, maxHealthyPercentage: 100, instanceWarmup: "0" },
      },
      tags: [
        { key: "Name", value: "cluster-node-instance", propagateAtLaunch: true },
        { key: "tierstack:project", value: "tierstack", propagateAtLaunch: true },
        { key: "tierstack:stack", value: "test", propagateAtLaunch: true },
      ],
    });
  });

  it("boots the instance only once its rights, its way out and its authorities are there", () => {
    expect(run.at("cluster/node/group").dependsOn).to.include.members([
      "cluster/policy",
      `${from}/egress`,
      "state/volume",
      "state/server-ca.key",
      "state/request-header-ca.crt",
    ]);
  });

  it("tells the instance what it needs, and no secret", () => {
    const text = script(run);
    expect(text).to.match(/^#!\/bin\/bash\nREGION=us-east-1\nVOLUME_ID=vol-[0-9a-f]{17}\n/);
    expect(text).to.contain("\nADDRESS=203.0.113.10\n");
    expect(text).to.contain("\nPARAMETER_PATH=/shop/mvp/k3s\n");
    expect(text).to.contain("\nSERVICES=(tierstack-watch.service tierstack-renewal.timer)\n");
    expect(text).not.to.match(/PRIVATE KEY|privateKeyPem|certPem|-key\b|tierstack-backup|acme/);
    expect(run.at("cluster/node/template").inputs.userData).to.be.a("string");
  });

  it("answers a kubeconfig for the fixed address, a secret", () => {
    expect(run.outputs.kubeconfig).to.be.instanceOf(Secret);
    const { kubeconfig, ...provider } = run.at("cluster/provider").inputs;
    expect(kubeconfig).to.be.instanceOf(Secret);
    expect(run.inputs("cluster/provider").kubeconfig).to.contain("server: https://203.0.113.10:6443\n");
    expect(provider).to.deep.equal({
      clusterIdentifier: run.inputs("cluster/provider").clusterIdentifier,
      enableServerSideApply: "true",
      upsertExistingObjects: "true",
      enablePatchForce: "true",
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
    });
    expect(provider.clusterIdentifier).to.match(/^vol-/);
  });

  it("waits for the API before anything is made in the cluster, and again after a replacement", () => {
    expect(run.at("cluster/provider").dependsOn).to.include("cluster/ready");
    const ready = run.at("cluster/ready");
    expect(ready.dependsOn).to.include("cluster/node/group");
    const environment = ready.inputs.environment as Record<string, unknown>;
    expect(environment.CLIENT_KEY).to.be.instanceOf(Secret);
    expect(environment.CLIENT_CERTIFICATE).to.be.instanceOf(Secret);
    const { SERVER, GENERATION, CA_CERTIFICATE } = environment;
    expect({ SERVER, CA_CERTIFICATE }).to.deep.equal({
      SERVER: "https://203.0.113.10:6443",
      CA_CERTIFICATE: "state/server-ca-certificate.certPem",
    });
    expect(GENERATION).to.match(/^[0-9a-f]{16}$/);
    expect(ready.inputs.triggers).to.deep.equal([SERVER, GENERATION]);
    expect(ready.inputs.interpreter).to.deep.equal(["bash", "-c"]);
    expect(ready.inputs.create).to.contain("/readyz");
    expect(script(run)).to.contain(`generation: ${GENERATION}\n`);
  });

  it("gives every launch template a generation of its own, and the same one the same", async () => {
    const generation = async (given: Given) =>
      (await built(given)).run.inputs("cluster/ready").environment.GENERATION as string;
    const size: K3sArgs["size"] = { kind: "k3s", instanceTypes: ["t4g.small", "t4g.medium"], capacity: "spot" };
    const present = run.inputs("cluster/ready").environment.GENERATION;
    expect(await generation({})).to.equal(present);
    const changes: Given[] = [
      { size: { ...size, instanceTypes: ["t4g.small"] } },
      { size: { ...size, capacity: "on-demand" } },
      { domain: "app.example.com" },
      { task },
    ];
    const others: string[] = [];
    for (const change of changes) others.push(await generation(change));
    expect(new Set([present, ...others])).to.have.property("size", changes.length + 1);
  });
});

describe("K3s, other sizes and settings", () => {
  it("with a domain: TLS from CloudFront, and certificates", async () => {
    const { run } = await built({ domain: "app.example.com", alertEmail: "a@example.com" });
    expect(run.problems).to.deep.equal([]);
    expect(groupPaths(run)).to.deep.equal([`${from}/node`, `${from}/origin-http`, `${from}/origin-https`]);
    expect(run.inputs(`${from}/origin-https-cloudfront`)).to.deep.include({
      fromPort: 443,
      toPort: 443,
      prefixListId: run.lookUp(prefixList).result.id,
    });
    expect(run.inputs("cluster/node/template").networkInterfaces[0].securityGroups).to.have.length(3);
    expect(script(run)).to.contain("--certificatesresolvers.le.acme.email=a@example.com\n");
  });

  it("lets a burstable node slow down instead of costing more, where the size says so", async () => {
    const credits = async (instanceTypes: string[], cpuCredits?: "standard") => {
      const { run } = await built({
        size: { kind: "k3s", instanceTypes, capacity: "spot", ...(cpuCredits && { cpuCredits }) },
      });
      return run.inputs("cluster/node/template").creditSpecification;
    };
    expect(await credits(["t4g.small", "t4g.medium"], "standard")).to.deep.equal({ cpuCredits: "standard" });
    expect(await credits(["t4g.small"])).to.equal(undefined);
    expect(await credits(["t4g.small", "m7g.medium"], "standard")).to.equal(undefined);
  });

  it("with a task: its files, units and rights", async () => {
    const { run } = await built({ task });
    expect(script(run)).to.contain(" nightly.timer)\n").and.to.contain("[/usr/local/sbin/nightly]='#!/bin/sh'");
    expect(JSON.parse(run.inputs("cluster/policy").policy).Statement.at(-1)).to.deep.equal(task.statements[0]);
  });

  it("on demand: no watch for the spot market", async () => {
    const { run } = await built({ size: { kind: "k3s", instanceTypes: ["t4g.large"], capacity: "on-demand" } });
    const { instancesDistribution } = run.inputs("cluster/node/group").mixedInstancesPolicy;
    expect(instancesDistribution.onDemandPercentageAboveBaseCapacity).to.equal(100);
    expect(script(run)).to.contain("\nSERVICES=(tierstack-renewal.timer)\n");
  });

  it("keeps URNs from size to size", async () => {
    const small = await built();
    const large = await built({ size: { kind: "k3s", instanceTypes: ["t4g.large"], capacity: "on-demand" } });
    expect(large.run.paths).to.deep.equal(small.run.paths);
  });

  it("names a network once, however often it is given", async () => {
    const { run } = await built({ apiAccessCidrs: ["203.0.113.7/32", "203.0.113.7/32"] });
    expect(run.problems).to.deep.equal([]);
  });

  it("refuses a zone outside the network", async () => {
    let message = "";
    await built({ zone: "us-east-1f" }).catch((error) => {
      message = error.message;
    });
    expect(message).to.contain("state.zone: given us-east-1f; allowed: us-east-1a, us-east-1b, us-east-1c; fix:");
  });

  it("holds in a first preview", async () => {
    const full = { domain: "app.example.com", task };
    const { run } = await built({ ...full, preview: true });
    expect(run.problems).to.deep.equal([]);
    expect(run.paths).to.deep.equal((await built(full)).run.paths);
    expect(run.at("cluster/node/template").inputs.userData).to.equal("[unknown]");
  });
});
