import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { K3sSize } from "../../../tiers";
import { versions } from "../../../versions";
import { Component } from "../../support/component";
import { stackTags } from "../../support/tags";
import { isBurstable } from "../../support/watched";
import { volumeGiB } from "../volumes";
import { clusterTag } from "./iam";
import { type UserDataArgs, userData } from "./user-data";

export interface K3sNodeArgs {
  size: K3sSize;
  /** Subnet of the node, in the zone of its data volume. */
  subnetId: pulumi.Input<string>;
  securityGroupIds: pulumi.Input<string>[];
  instanceProfileArn: pulumi.Input<string>;
  /** Values of the user data. A change replaces the instance. */
  userData: pulumi.Output<Omit<UserDataArgs, "generation" | "spot">>;
  /** Resources the instance needs at boot: its IAM policy, its security groups, the certificate authorities. */
  after: pulumi.Resource[];
  /** Value of the instance tag that the node's IAM policy requires. */
  clusterName: string;
}

/** The k3s node: an Auto Scaling group of one instance, and its launch template. */
export class K3sNode extends Component {
  /** Hash of the launch template. The node writes it to its cluster once it is up. */
  readonly generation: pulumi.Output<string>;
  readonly group: aws.autoscaling.Group;
  /** The provider's default tags reach neither an Auto Scaling group nor what a launch template starts. */
  private readonly stackTags = stackTags({ project: pulumi.getProject(), stack: pulumi.getStack() });

  constructor(
    name: string,
    private readonly args: K3sNodeArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cluster:K3sNode", name, opts);
    const template = this.templateArgs();
    const { generation, script } = this.userData(template);
    this.generation = generation;
    this.group = this.autoScalingGroup(this.launchTemplate(template, script));
    this.registerOutputs({ generation });
  }

  /** The launch template without its user data. */
  private templateArgs(): aws.ec2.LaunchTemplateArgs {
    const { name, owner } = versions.nodeImage;
    const image = aws.ec2.getAmiOutput(
      { owners: [owner], filters: [{ name: "name", values: [name] }], includeDeprecated: true },
      { parent: this },
    );
    const { size, clusterName, instanceProfileArn, securityGroupIds } = this.args;
    const tags = { Name: this.named("instance"), [clusterTag]: clusterName, ...this.stackTags };
    // EC2 takes the setting for burstable instances only.
    const cpuCredits = size.instanceTypes.every(isBurstable) ? size.cpuCredits : undefined;
    return {
      description: "k3s node",
      imageId: image.id,
      instanceType: size.instanceTypes[0],
      ...(cpuCredits && { creditSpecification: { cpuCredits } }),
      updateDefaultVersion: true,
      iamInstanceProfile: { arn: instanceProfileArn },
      // The node powers off on a spot interruption notice. Terminating at once makes the replacement start sooner.
      instanceInitiatedShutdownBehavior: "terminate",
      // Hop limit 1 keeps pods away from the instance's credentials.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      networkInterfaces: [
        // Internet access until the node associates the Elastic IP.
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
          ebs: { volumeType: "gp3", volumeSize: volumeGiB.k3sRoot, encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      tags: { Name: this.named("template") },
    };
  }

  /** The user data script, and a generation: a hash of the launch template, the script and the size. */
  private userData(template: aws.ec2.LaunchTemplateArgs): {
    generation: pulumi.Output<string>;
    script: pulumi.Output<string>;
  } {
    const { size } = this.args;
    const spot = size.capacity === "spot";
    const result = pulumi.all([pulumi.output(template), this.args.userData]).apply(([templateArgs, values]) => {
      const content = JSON.stringify([templateArgs, size, userData({ ...values, spot, generation: "" })]);
      const generation = createHash("sha256").update(content).digest("hex").slice(0, 16);
      return { generation, script: userData({ ...values, spot, generation }) };
    });
    return { generation: result.generation, script: result.script };
  }

  private launchTemplate(template: aws.ec2.LaunchTemplateArgs, script: pulumi.Output<string>): aws.ec2.LaunchTemplate {
    return new aws.ec2.LaunchTemplate(
      this.named("template"),
      { ...template, userData: script.apply((text) => Buffer.from(text).toString("base64")) },
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
        // An early replacement would only wait for the data volume.
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
        // Terminates the old instance first: the data volume attaches to only one instance.
        instanceRefresh: {
          strategy: "Rolling",
          preferences: { minHealthyPercentage: 0, maxHealthyPercentage: 100, instanceWarmup: "0" },
        },
        tags: Object.entries({ Name: this.named("instance"), ...this.stackTags }).map(([key, value]) => ({
          key,
          value,
          propagateAtLaunch: true,
        })),
      },
      { ...this.child, dependsOn: after },
    );
  }
}
