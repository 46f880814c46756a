import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { K3sSize } from "../../../tiers";
import { versions } from "../../../versions";
import { Component } from "../../support/component";
import { clusterTag } from "./iam";
import { type UserDataArgs, userData } from "./user-data";

export interface K3sNodeArgs {
  size: K3sSize;
  /** The one subnet of the node, in the zone of its volume. */
  subnetId: pulumi.Input<string>;
  securityGroupIds: pulumi.Input<string>[];
  instanceProfileArn: pulumi.Input<string>;
  /** What the instance is told. */
  userData: pulumi.Output<Omit<UserDataArgs, "generation" | "spot">>;
  /** What must be there before the instance boots: what it may do, its way out, the authorities it fetches. */
  after: pulumi.Resource[];
  /** Value of the tag by which the node's role knows its instance. */
  clusterName: string;
}

/** The node: an auto scaling group of one instance, and its launch template. */
export class K3sNode extends Component {
  /** What the node writes into its cluster once it has come up with this launch template. */
  readonly generation: pulumi.Output<string>;
  readonly group: aws.autoscaling.Group;

  constructor(
    name: string,
    private readonly args: K3sNodeArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cluster:K3sNode", name, opts);
    const machine = this.machine();
    const { generation, script } = this.userData(machine);
    this.generation = generation;
    this.group = this.autoScalingGroup(this.launchTemplate(machine, script));
    this.registerOutputs({ generation });
  }

  /** The launch template but for its user data. */
  private machine(): aws.ec2.LaunchTemplateArgs {
    const { name, owner } = versions.nodeImage;
    const image = aws.ec2.getAmiOutput(
      { owners: [owner], filters: [{ name: "name", values: [name] }], includeDeprecated: true },
      { parent: this },
    );
    const { size, clusterName, instanceProfileArn, securityGroupIds } = this.args;
    const tags = { Name: this.named("instance"), [clusterTag]: clusterName };
    return {
      description: "k3s node",
      imageId: image.id,
      instanceType: size.instanceTypes[0],
      updateDefaultVersion: true,
      iamInstanceProfile: { arn: instanceProfileArn },
      // Powered off after the notice of the spot market, the instance goes at once, and its successor comes earlier.
      instanceInitiatedShutdownBehavior: "terminate",
      // Hop limit 1: pods do not reach the instance's credentials.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      networkInterfaces: [
        // The way out until the fixed address is taken.
        {
          deviceIndex: 0,
          associatePublicIpAddress: "true",
          deleteOnTermination: "true",
          securityGroups: securityGroupIds,
        },
      ],
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeType: "gp3", volumeSize: 8, encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      tags: { Name: this.named("template") },
    };
  }

  /** The script, and a generation that changes with it and with anything else of the launch template. */
  private userData(machine: aws.ec2.LaunchTemplateArgs): {
    generation: pulumi.Output<string>;
    script: pulumi.Output<string>;
  } {
    const { size } = this.args;
    const spot = size.capacity === "spot";
    const made = pulumi.all([pulumi.output(machine), this.args.userData]).apply(([template, given]) => {
      const draft = JSON.stringify([template, size, userData({ ...given, spot, generation: "" })]);
      const generation = createHash("sha256").update(draft).digest("hex").slice(0, 16);
      return { generation, script: userData({ ...given, spot, generation }) };
    });
    return { generation: made.generation, script: made.script };
  }

  private launchTemplate(machine: aws.ec2.LaunchTemplateArgs, script: pulumi.Output<string>): aws.ec2.LaunchTemplate {
    return new aws.ec2.LaunchTemplate(
      this.named("template"),
      { ...machine, userData: script.apply((text) => Buffer.from(text).toString("base64")) },
      this.child,
    );
  }

  private autoScalingGroup(template: aws.ec2.LaunchTemplate): aws.autoscaling.Group {
    const { size, subnetId, after } = this.args;
    return new aws.autoscaling.Group(
      this.named("group"),
      {
        vpcZoneIdentifiers: [subnetId],
        minSize: 1,
        maxSize: 1,
        desiredCapacity: 1,
        healthCheckType: "EC2",
        healthCheckGracePeriod: 120,
        // A successor started early would wait for the volume all the same.
        capacityRebalance: false,
        mixedInstancesPolicy: {
          launchTemplate: {
            launchTemplateSpecification: {
              launchTemplateId: template.id,
              version: pulumi.interpolate`${template.latestVersion}`,
            },
            overrides: size.instanceTypes.map((instanceType) => ({ instanceType })),
          },
          instancesDistribution: {
            onDemandBaseCapacity: 0,
            onDemandPercentageAboveBaseCapacity: size.capacity === "spot" ? 0 : 100,
            onDemandAllocationStrategy: "prioritized",
            spotAllocationStrategy: "price-capacity-optimized",
          },
        },
        // The former instance goes first: two cannot hold the volume.
        instanceRefresh: {
          strategy: "Rolling",
          preferences: { minHealthyPercentage: 0, maxHealthyPercentage: 100, instanceWarmup: "0" },
        },
        tags: [{ key: "Name", value: this.named("instance"), propagateAtLaunch: true }],
      },
      { ...this.child, dependsOn: after },
    );
  }
}
