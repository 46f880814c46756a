import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../support/component";
import type { IamPolicy } from "./policy";

/**
 * An IAM role of pods, such as those of the application. Each kind of cluster hands it out in its own way. The role itself has the same
 * URN on all of them, so it stays through a move, and so does what names it, such as the policy of a bucket.
 */
export abstract class PodRole extends Component {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("identity:PodRole", name, opts);
  }

  /** Creates the role and its policy. */
  protected role(
    trust: pulumi.Output<aws.iam.PolicyDocument>,
    policy: pulumi.Input<IamPolicy>,
    description = "Pods of the application",
  ) {
    const role = new aws.iam.Role(
      this.named("role"),
      { assumeRolePolicy: pulumi.jsonStringify(trust), description },
      // A change takes a right that the deploy role does not have, iam:UpdateRoleDescription, for a text.
      { ...this.child, ignoreChanges: ["description"] },
    );
    const permissions = new aws.iam.RolePolicy(
      this.named("policy"),
      { role: role.name, policy: pulumi.jsonStringify(policy) },
      this.child,
    );
    return { arn: role.arn, permissions };
  }
}
