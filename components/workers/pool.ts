import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { containerVariables, Values, workerVariables } from "../../contract/environment";
import type { ContainerSize } from "../../tiers";
import type { WorkloadEnvironment } from "../app/environment";
import type { WorkerScheduling } from "../cluster/cluster";
import { labelsOf, selectorLabels } from "../support/labels";
import { containerSecurity, liveCheck, resourcesOf, scratch, spread, userPod } from "../support/pods";
import { type Queue, shutdownGraceSeconds } from "./queue";
import { waitingList } from "./scaling";

type EnvVar = k8s.types.input.core.v1.EnvVar;

/** Component label of every worker pod. */
export const workerComponent = "worker";

/** Returns the name of a queue's Deployment, autoscaler and disruption budget. It never changes. */
export function poolName(queue: Pick<Queue, "name">): string {
  return `worker-${queue.name}`;
}

export interface PoolArgs {
  queue: Queue;
  container: ContainerSize;
  image: string;
  /** Numeric user of the image. */
  user: number;
  /** Port of a worker's health endpoint. */
  port: number;
  healthPath: string;
  livePath?: string;
  environment: WorkloadEnvironment;
  scheduling: WorkerScheduling;
  serviceAccountName: pulumi.Input<string>;
  priorityClassName?: pulumi.Input<string> | undefined;
  pullSecret?: pulumi.Input<string>;
}

/** Returns the variables of a worker. Those of its queue replace common ones, because Kubernetes rejects duplicates. */
function variablesOf(common: EnvVar[], queue: Queue, port: number): EnvVar[] {
  const queueVariables: Values<typeof containerVariables> & Values<typeof workerVariables> = {
    PORT: String(port),
    WORKER_QUEUE: queue.name,
    WORKER_CONCURRENCY: String(queue.concurrency),
    WORKER_LIST: waitingList(queue),
  };
  return [
    ...common.filter((variable) => !(String(variable.name) in queueVariables)),
    ...Object.entries(queueVariables).map(([name, value]) => ({ name, value })),
  ];
}

function container(args: PoolArgs, tmp: k8s.types.input.core.v1.VolumeMount): k8s.types.input.core.v1.Container {
  const { queue, environment } = args;
  const live = { ...liveCheck("health", args.livePath), timeoutSeconds: 5 };
  return {
    name: "worker",
    image: args.image,
    ...(queue.command && { command: queue.command }),
    env: variablesOf(environment.env, queue, args.port),
    envFrom: environment.envFrom,
    ports: [{ name: "health", containerPort: args.port }],
    startupProbe: { ...live, periodSeconds: 3, failureThreshold: 40 },
    readinessProbe: {
      httpGet: { path: args.healthPath, port: "health" },
      timeoutSeconds: 5,
      periodSeconds: 10,
      failureThreshold: 3,
    },
    // A worker at 100 % CPU responds late, but within a minute.
    livenessProbe: { ...live, periodSeconds: 20, failureThreshold: 3 },
    resources: resourcesOf(args.container),
    securityContext: containerSecurity(),
    volumeMounts: [...environment.mounts, tmp],
  };
}

const nodeSelectorOf = ({ nodeSelector, onDemandSelector }: WorkerScheduling, { capacity }: Queue) => ({
  ...nodeSelector,
  ...(capacity === "on-demand" && onDemandSelector),
});

/**
 * Returns how many workers of a pool may be evicted at once. When AWS takes a spot node back, Karpenter evicts within the
 * disruption budget, and the workers of a queue that it does not reach in time lose their jobs. So there it is all of
 * them: Karpenter replaces one node at a time, and jobs can wait.
 */
export const evictableWorkers = (
  { onDemandSelector }: WorkerScheduling,
  { capacity }: Pick<Queue, "capacity">,
): number | string => (onDemandSelector && capacity !== "on-demand" ? "100%" : 1);

/** Seconds to replace a pod of a pool: a worker terminates after its longest job, and the next one waits for the freed
 * capacity. */
export const rolloutSeconds = (queue: Queue) => 600 + queue.maxJobSeconds + shutdownGraceSeconds;

/** Returns the spec of a pool's Deployment, without `replicas`: the autoscaler sets them. */
export function deploymentSpec(args: PoolArgs): k8s.types.input.apps.v1.DeploymentSpec {
  const name = poolName(args.queue);
  const selector = selectorLabels(name);
  const tmp = scratch("tmp", "/tmp", "256Mi");
  const { tolerations } = args.scheduling;
  const nodeSelector = nodeSelectorOf(args.scheduling, args.queue);
  return {
    selector: { matchLabels: selector },
    // Jobs can wait, so a rollout needs no capacity beyond the autoscaler's maximum.
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    progressDeadlineSeconds: rolloutSeconds(args.queue),
    template: {
      metadata: {
        labels: labelsOf(name, workerComponent),
        annotations: { "checksum/config": args.environment.checksum },
      },
      spec: {
        ...userPod(args),
        terminationGracePeriodSeconds: args.queue.maxJobSeconds + shutdownGraceSeconds,
        ...(Object.keys(nodeSelector).length > 0 && { nodeSelector }),
        ...(tolerations.length > 0 && { tolerations }),
        topologySpreadConstraints: spread(selector),
        containers: [container(args, tmp.mount)],
        volumes: [...args.environment.volumes, tmp.volume],
      },
    },
  };
}
