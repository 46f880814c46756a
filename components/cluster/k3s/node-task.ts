import type * as aws from "@pulumi/aws";

/** Extra work of the k3s node besides k3s. The component that needs the work defines it; the node only runs it. */
export interface NodeTask {
  /** Files by path. No secrets: the files are part of the user data. */
  files: Record<string, string>;
  /** systemd units to enable. */
  units: string[];
  /** IAM permissions that the work needs. */
  statements: aws.iam.PolicyStatement[];
}

/** Returns one task that does the work of all. */
export function allTasks(tasks: NodeTask[]): NodeTask {
  return {
    files: Object.assign({}, ...tasks.map(({ files }) => files)),
    units: tasks.flatMap(({ units }) => units),
    statements: tasks.flatMap(({ statements }) => statements),
  };
}
