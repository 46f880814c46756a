import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { withOwnSize } from "../../tiers/sizes";
import { type CommandArgs, commandPod, disruptionPolicy } from "../app/command-pod";
import { labelsOf } from "../support/labels";
import type { Schedule } from "./schedule";

/** Component label of every scheduled pod. */
export const scheduleComponent = "schedule";

/** Returns the name of a schedule's CronJob. Kubernetes appends 11 characters to name a Job, within a limit of 63. */
export const cronJobName = ({ name }: Pick<Schedule, "name">) => `schedule-${name}`;

/** Time in seconds within which a run may begin late, such as after the loss of a node. */
const startingDeadlineSeconds = 600;

export interface CronJobArgs extends CommandArgs {
  schedule: Schedule;
  serviceAccountName: pulumi.Input<string>;
}

/**
 * Returns the spec of a schedule's CronJob. A run that fails is not repeated, because it may have done half its work; one
 * that loses its node is. Two runs never overlap.
 */
export function cronJobSpec(args: CronJobArgs): k8s.types.input.batch.v1.CronJobSpec {
  const { schedule, container } = args;
  const { command } = schedule;
  const spec = commandPod({ ...args, name: "schedule", command, container: withOwnSize(container, schedule) });
  return {
    schedule: schedule.schedule,
    timeZone: "Etc/UTC",
    concurrencyPolicy: "Forbid",
    startingDeadlineSeconds,
    successfulJobsHistoryLimit: 1,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      spec: {
        activeDeadlineSeconds: schedule.deadlineSeconds,
        backoffLimit: 0,
        podFailurePolicy: disruptionPolicy,
        template: { metadata: { labels: labelsOf(cronJobName(schedule), scheduleComponent) }, spec },
      },
    },
  };
}
