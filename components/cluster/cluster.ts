import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Where the pods of worker pools go. */
export interface WorkerScheduling {
  nodeSelector: Record<string, string>;
  tolerations: k8s.types.input.core.v1.Toleration[];
}

/** What the rest of the platform knows about a cluster, whichever kind it is. */
export interface Cluster {
  readonly clusterName: pulumi.Output<string>;
  /** Kubeconfig of an administrator; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Every Kubernetes object is created through it. */
  readonly provider: k8s.Provider;
  /** StorageClass of in-cluster volumes; undefined for the cluster's default class. */
  readonly storageClass: string | undefined;
  readonly workerScheduling: WorkerScheduling;
}
