import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ContainerSize } from "../../tiers";
import { withOwnSize } from "../../tiers/sizes";
import type { WorkloadEnvironment } from "../app/environment";
import { labelsOf } from "../support/labels";
import { containerSecurity, resourcesOf, scratch, userPod } from "../support/pods";
import type { Schedule } from "./schedule";

/** Component label of every scheduled pod. */
export const scheduleComponent = "schedule";

/** Returns the name of a schedule's CronJob. Kubernetes appends 11 characters to name a Job, within a limit of 63. */
export const cronJobName = ({ name }: Pick<Schedule, "name">) => `schedule-${name}`;

/** Time in seconds within which a run may begin late, such as after the loss of a node. */
const startingDeadlineSeconds = 600;

export interface CronJobArgs {
  schedule: Schedule;
  /** Size of the application's container. */
  container: ContainerSize;
  image: string;
  /** Numeric user of the image. */
  user: number;
  environment: WorkloadEnvironment;
  serviceAccountName: pulumi.Input<string>;
  pullSecret?: pulumi.Input<string>;
  priorityClassName?: pulumi.Input<string>;
}

function podSpec(args: CronJobArgs): k8s.types.input.core.v1.PodSpec {
  const { schedule, environment } = args;
  const tmp = scratch("tmp", "/tmp", "256Mi");
  return {
    ...userPod(args),
    restartPolicy: "Never",
    containers: [
      {
        name: "schedule",
        image: args.image,
        command: schedule.command,
        env: environment.env,
        envFrom: environment.envFrom,
        resources: resourcesOf(withOwnSize(args.container, schedule)),
        securityContext: containerSecurity(),
        volumeMounts: [...environment.mounts, tmp.mount],
      },
    ],
    volumes: [...environment.volumes, tmp.volume],
  };
}

/**
 * Returns the spec of a schedule's CronJob. A run that fails is not repeated, because it may have done half its work; one
 * that loses its node is. Two runs never overlap.
 */
export function cronJobSpec(args: CronJobArgs): k8s.types.input.batch.v1.CronJobSpec {
  const { schedule } = args;
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
        podFailurePolicy: { rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] }] },
        template: { metadata: { labels: labelsOf(cronJobName(schedule), scheduleComponent) }, spec: podSpec(args) },
      },
    },
  };
}
