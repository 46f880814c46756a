import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ContainerSize } from "../../tiers";
import type { WorkloadEnvironment } from "../app/environment";
import type { WorkerScheduling } from "../cluster/cluster";
import { labelsOf, selectorLabels } from "../support/labels";
import { containerSecurity, podSecurity, resourcesOf, scratch, spread } from "../support/pods";
import type { Queue } from "./queue";
import { waitingList } from "./scaling";

type EnvVar = k8s.types.input.core.v1.EnvVar;

/** Component label of every worker pod. */
export const workerComponent = "worker";

/** Seconds beyond its longest job that a stopped worker has to shut down. */
const shutdownGraceSeconds = 30;

/** Name of a queue's Deployment, its autoscaler and its disruption budget; never changed. */
export function poolName(queue: Pick<Queue, "name">): string {
  return `worker-${queue.name}`;
}

export interface PoolArgs {
  queue: Queue;
  container: ContainerSize;
  image: string;
  /** Numeric user of the image. */
  user: number;
  /** Port on which a worker answers its health path. */
  port: number;
  healthPath: string;
  environment: WorkloadEnvironment;
  scheduling: WorkerScheduling;
  serviceAccountName: pulumi.Input<string>;
  priorityClassName: pulumi.Input<string>;
}

/** Variables of a worker: the workload's, and what makes it a worker. A variable named twice would be refused. */
export function workerVariables(common: EnvVar[], queue: Queue, port: number): EnvVar[] {
  const own: Record<string, string> = {
    PORT: String(port),
    WORKER_QUEUE: queue.name,
    WORKER_CONCURRENCY: String(queue.concurrency),
    WORKER_LIST: waitingList(queue),
  };
  return [
    ...common.filter((variable) => !(String(variable.name) in own)),
    ...Object.entries(own).map(([name, value]) => ({ name, value })),
  ];
}

function container(args: PoolArgs, tmp: k8s.types.input.core.v1.VolumeMount): k8s.types.input.core.v1.Container {
  const { queue, environment } = args;
  const probe = (periodSeconds: number, failureThreshold: number): k8s.types.input.core.v1.Probe => ({
    httpGet: { path: args.healthPath, port: "health" },
    periodSeconds,
    failureThreshold,
    timeoutSeconds: 5,
  });
  return {
    name: "worker",
    image: args.image,
    ...(queue.command && { command: queue.command }),
    env: workerVariables(environment.env, queue, args.port),
    envFrom: environment.envFrom,
    ports: [{ name: "health", containerPort: args.port }],
    startupProbe: probe(3, 40),
    readinessProbe: probe(10, 3),
    // A worker at 100 % of its CPU answers late; a minute of silence is not that.
    livenessProbe: probe(20, 3),
    resources: resourcesOf(args.container),
    securityContext: containerSecurity(),
    volumeMounts: [...environment.mounts, tmp],
  };
}

/** How long a pod of a pool may take to be exchanged: a worker goes when its longest job is done, and the next one waits
 * for its room. */
export const rolloutSeconds = (queue: Queue) => 600 + queue.maxJobSeconds + shutdownGraceSeconds;

/** Spec of a worker pool's Deployment; its replicas are the autoscaler's. */
export function deploymentSpec(args: PoolArgs): k8s.types.input.apps.v1.DeploymentSpec {
  const name = poolName(args.queue);
  const selector = selectorLabels(name);
  const tmp = scratch("tmp", "/tmp", "256Mi");
  const { nodeSelector, tolerations } = args.scheduling;
  return {
    selector: { matchLabels: selector },
    // Jobs wait, so a rollout needs no room beyond the autoscaler's maximum.
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    progressDeadlineSeconds: rolloutSeconds(args.queue),
    template: {
      metadata: {
        labels: labelsOf(name, workerComponent),
        annotations: { "checksum/config": args.environment.checksum },
      },
      spec: {
        serviceAccountName: args.serviceAccountName,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        priorityClassName: args.priorityClassName,
        terminationGracePeriodSeconds: args.queue.maxJobSeconds + shutdownGraceSeconds,
        ...(Object.keys(nodeSelector).length > 0 && { nodeSelector }),
        ...(tolerations.length > 0 && { tolerations }),
        topologySpreadConstraints: spread(selector),
        securityContext: podSecurity({ uid: args.user, gid: args.user }),
        containers: [container(args, tmp.mount)],
        volumes: [...args.environment.volumes, tmp.volume],
      },
    },
  };
}
