import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../support/component";
import type { IamPolicy } from "./policy";

/**
 * The IAM role of the application's pods. Each kind of cluster hands it out in its own way. The role itself has the same
 * URN on all of them, so it stays through a move, and so does what names it, such as the policy of a bucket.
 */
export abstract class PodRole extends Component {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("identity:PodRole", name, opts);
  }

  /** Creates the role and its policy. */
  protected role(trust: pulumi.Output<aws.iam.PolicyDocument>, policy: IamPolicy) {
    const role = new aws.iam.Role(
      this.named("role"),
      { assumeRolePolicy: pulumi.jsonStringify(trust), description: "Pods of the application" },
      this.child,
    );
    const permissions = new aws.iam.RolePolicy(
      this.named("policy"),
      { role: role.name, policy: JSON.stringify(policy) },
      this.child,
    );
    return { arn: role.arn, permissions };
  }
}
