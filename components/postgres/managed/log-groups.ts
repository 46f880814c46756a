import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Component } from "../../support/component";
import { logRetentionDays } from "../../support/logs";
import { exportedLogs } from "./instances";

/**
 * Creates the log groups of an instance. They come before it: RDS writes to a group that exists, and creates one without
 * a retention otherwise (https://github.com/hashicorp/terraform-provider-aws/issues/5695). An instance that stays in the
 * account keeps its groups.
 */
export function logGroups(
  postgres: Component,
  child: string,
  { identifier, removable = false }: { identifier: pulumi.Output<string>; removable?: boolean },
): aws.cloudwatch.LogGroup[] {
  return exportedLogs.map(
    (log) =>
      new aws.cloudwatch.LogGroup(
        postgres.named(`${child}-logs-${log}`),
        { name: pulumi.interpolate`/aws/rds/instance/${identifier}/${log}`, retentionInDays: logRetentionDays },
        { ...postgres.child, retainOnDelete: !removable },
      ),
  );
}
