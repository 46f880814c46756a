import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ContainerSize } from "../../tiers";
import { containerSecurity, resourcesOf, scratch, userPod } from "../support/pods";
import type { WorkloadEnvironment } from "./environment";

/** What every command of the application's image has in common. */
export interface CommandArgs {
  /** Size of the application's container, for commands without a size of their own. */
  container: ContainerSize;
  /** Image of the application. */
  image: string;
  /** Numeric user and group of the image; never 0. */
  user: number;
  /** Environment of the application. */
  environment: WorkloadEnvironment;
  /** Secret with which the kubelet pulls the image. @default none: the image is public, or the nodes may pull it */
  pullSecret?: pulumi.Input<string>;
  /** Priority class of the pods. @default the cluster's */
  priorityClassName?: pulumi.Input<string>;
}

interface CommandPodArgs extends CommandArgs {
  /** Name of the container. */
  name: string;
  command: string[];
  serviceAccountName: pulumi.Input<string>;
}

/** Returns the spec of a pod that runs a command of the application's image once, to its end. */
export function commandPod(args: CommandPodArgs): k8s.types.input.core.v1.PodSpec {
  const { environment } = args;
  const tmp = scratch("tmp", "/tmp", "256Mi");
  return {
    ...userPod(args),
    restartPolicy: "Never",
    containers: [
      {
        name: args.name,
        image: args.image,
        command: args.command,
        env: environment.env,
        envFrom: environment.envFrom,
        resources: resourcesOf(args.container),
        securityContext: containerSecurity(),
        volumeMounts: [...environment.mounts, tmp.mount],
      },
    ],
    volumes: [...environment.volumes, tmp.volume],
  };
}

/** A run that loses its node starts again, and that does not count as a failure. */
export const disruptionPolicy: k8s.types.input.batch.v1.PodFailurePolicy = {
  rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] }],
};
