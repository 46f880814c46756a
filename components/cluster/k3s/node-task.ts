import type * as aws from "@pulumi/aws";

/** Work that a k3s node does besides running k3s. Whoever needs the work describes it; the node only carries it out. */
export interface NodeTask {
  /** Files by path. No secrets: they are part of the user data. */
  files: Record<string, string>;
  /** systemd units to enable. */
  units: string[];
  /** What the node may do for it. */
  statements: aws.iam.PolicyStatement[];
}
