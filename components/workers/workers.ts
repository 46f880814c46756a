import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { WorkersSize } from "../../tiers";
import { withOwnSize } from "../../tiers/sizes";
import type { WorkloadEnvironment } from "../app/environment";
import { type EgressTargets, egressOnlyPolicy } from "../app/network-policies";
import type { Cluster } from "../cluster/cluster";
import type { Namespace } from "../namespaces/namespace";
import { Component } from "../support/component";
import { labelsOf, selectorLabels } from "../support/labels";
import { secretData } from "../support/secret";
import { deploymentSpec, evictableWorkers, poolName, rolloutSeconds, workerComponent } from "./pool";
import type { Priority, Queue } from "./queue";
import { cpuScalerSpec, queueScalerSpec, waitingList } from "./scaling";

export interface WorkersArgs {
  /** Replica range and container size of each queue's pool. */
  size: WorkersSize;
  /** One pool per queue. Without queues, nothing is created. */
  queues: Queue[];
  /** Image of the application. Workers run it with another command. */
  image: string;
  /** Numeric user and group of the image; never 0. */
  user: number;
  /** Port of a worker's health endpoint, the same as the application's. */
  port: number;
  /** Path that returns 200 while a worker can take jobs. */
  healthPath: string;
  /** Path that returns 200 while a worker's process works, whatever the stores do. @default a TCP check of the port */
  livePath?: string;
  /** Environment of the application: stores, the user's variables and secrets. */
  environment: WorkloadEnvironment;
  /** Secret with which the kubelet pulls the image. @default none: the image is public, or the nodes may pull it */
  pullSecret?: pulumi.Input<string>;
  /** Priority classes of the pods, by the priority of their queue. @default the cluster's */
  priorityClassNames?: Record<Priority, pulumi.Input<string>>;
  cluster: Pick<Cluster, "provider" | "workerScheduling">;
  /** Namespace of the application and its workers. */
  namespace: Namespace;
  /** Redis, where KEDA counts the waiting jobs. */
  redis: {
    /** `host:port`. */
    address: pulumi.Input<string>;
    password: pulumi.Input<string>;
    /** PEM certificate of the authority to trust in addition to the public ones. */
    ca: pulumi.Input<string>;
  };
  egress: EgressTargets;
  /** KEDA, if this program installs it. Queue autoscalers are created after it and deleted before it. */
  keda?: pulumi.Resource;
  /** Resource that the Deployments depend on, such as a migration. @default none */
  after?: pulumi.Resource;
}

type PoolScaler = (queue: Queue) => void;

/** Worker pools: one Deployment per queue, with an autoscaler on CPU or on waiting jobs. */
export class Workers extends Component {
  private readonly options: pulumi.CustomResourceOptions;

  constructor(
    name: string,
    private readonly args: WorkersArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("workers:Workers", name, opts);
    this.options = { ...this.child, provider: args.cluster.provider };
    if (args.queues.length > 0) {
      const account = this.serviceAccount();
      this.networkPolicy();
      const scale = args.size.scaler === "queue" ? this.queueScaler() : this.cpuScaler();
      for (const queue of args.queues) {
        this.pool(queue, account);
        this.disruptionBudget(queue);
        scale(queue);
      }
    }
    this.registerOutputs({});
  }

  private metadata(name: string) {
    return { name, namespace: this.args.namespace.created, labels: labelsOf(name, workerComponent) };
  }

  private serviceAccount(): pulumi.Output<string> {
    const account = new k8s.core.v1.ServiceAccount(
      this.named("account"),
      { metadata: this.metadata("worker"), automountServiceAccountToken: false },
      this.options,
    );
    return account.metadata.name;
  }

  /** One policy for all pools, because all would be the same. */
  private networkPolicy(): void {
    const spec = egressOnlyPolicy(workerComponent, this.args.egress);
    new k8s.networking.v1.NetworkPolicy(
      this.named("policy"),
      { metadata: this.metadata("worker"), spec },
      this.options,
    );
  }

  private pool(queue: Queue, serviceAccountName: pulumi.Output<string>): void {
    const { size, image, user, port, healthPath, livePath, environment, pullSecret, priorityClassNames, cluster } =
      this.args;
    const spec = deploymentSpec({
      queue,
      container: withOwnSize(size.container, queue),
      image: queue.image ?? image,
      user,
      port,
      healthPath,
      livePath,
      environment,
      pullSecret,
      scheduling: cluster.workerScheduling,
      serviceAccountName,
      priorityClassName: priorityClassNames?.[queue.priority],
    });
    const name = poolName(queue);
    // Pulumi waits ten minutes by default, and a worker with a long job takes longer to terminate.
    const deadline = `${rolloutSeconds(queue)}s`;
    new k8s.apps.v1.Deployment(
      this.named(`pool-${queue.name}`),
      { metadata: this.metadata(name), spec },
      { ...this.options, dependsOn: this.args.after, customTimeouts: { create: deadline, update: deadline } },
    );
  }

  /** Allows the eviction of a single pod too: its jobs wait for the next pod. */
  private disruptionBudget(queue: Queue): void {
    const name = poolName(queue);
    const maxUnavailable = evictableWorkers(this.args.cluster.workerScheduling, queue);
    new k8s.policy.v1.PodDisruptionBudget(
      this.named(`budget-${queue.name}`),
      {
        metadata: this.metadata(name),
        spec: { maxUnavailable, selector: { matchLabels: selectorLabels(name) } },
      },
      this.options,
    );
  }

  private cpuScaler(): PoolScaler {
    return (queue) => {
      const name = poolName(queue);
      new k8s.autoscaling.v2.HorizontalPodAutoscaler(
        this.named(`cpu-scaler-${queue.name}`),
        {
          metadata: {
            ...this.metadata(name),
            // In a move from CPU to queues, KEDA's webhook would reject a ScaledObject while this autoscaler exists.
            annotations: { "validations.keda.sh/hpa-ownership": "false" },
          },
          spec: cpuScalerSpec(name, this.args.size),
        },
        this.options,
      );
    };
  }

  private queueScaler(): PoolScaler {
    const { redis, size, keda } = this.args;
    const options = { ...this.options, dependsOn: keda ? [keda] : [] };
    const authentication = this.authentication(options);
    return (queue) => {
      const name = poolName(queue);
      const spec = queueScalerSpec({ ...size, name, list: waitingList(queue), address: redis.address, authentication });
      new k8s.apiextensions.CustomResource(
        this.named(`queue-scaler-${queue.name}`),
        { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", metadata: this.metadata(name), spec },
        options,
      );
    };
  }

  /** KEDA's credentials for Redis, shared by all pools. */
  private authentication(options: pulumi.CustomResourceOptions): pulumi.Output<string> {
    const { password, ca } = this.args.redis;
    const metadata = this.metadata("worker-queues");
    const secret = new k8s.core.v1.Secret(
      this.named("queues-secret"),
      { metadata, data: secretData({ password, ca }) },
      this.options,
    );
    const secretTargetRef = ["password", "ca"].map((key) => ({ parameter: key, name: secret.metadata.name, key }));
    const authentication = new k8s.apiextensions.CustomResource(
      this.named("queues-authentication"),
      { apiVersion: "keda.sh/v1alpha1", kind: "TriggerAuthentication", metadata, spec: { secretTargetRef } },
      options,
    );
    return authentication.metadata.name;
  }
}
