import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Scheduling constraints of worker pods. */
export interface WorkerScheduling {
  nodeSelector: Record<string, string>;
  tolerations: k8s.types.input.core.v1.Toleration[];
  /** Labels of the nodes that AWS does not take back. Absent if the nodes of the workers are all alike. */
  onDemandSelector?: Record<string, string>;
}

/** A Kubernetes cluster, as the rest of the platform sees it: k3s, EKS or existing. */
export interface Cluster {
  readonly clusterName: pulumi.Output<string>;
  /** Kubeconfig with administrator access. A secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Creates every Kubernetes object. */
  readonly provider: k8s.Provider;
  /** StorageClass of in-cluster volumes. Undefined selects the cluster's default class. */
  readonly storageClass: string | undefined;
  /** Whether each volume is a disk of its own in the account, and not a folder on the disk of a node. @default false */
  readonly ownDisks?: boolean;
  readonly workerScheduling: WorkerScheduling;
}
