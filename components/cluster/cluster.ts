import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Where the pods of worker pools go. */
export interface WorkerScheduling {
  nodeSelector: Record<string, string>;
  tolerations: k8s.types.input.core.v1.Toleration[];
}

export type ClusterKind = "k3s" | "eks" | "existing";

/** What the rest of the platform knows of a cluster, whichever kind it is. */
export interface Cluster {
  readonly kind: ClusterKind;
  readonly clusterName: pulumi.Output<string>;
  /** Kubeconfig of an administrator; a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Every Kubernetes object is made through it. */
  readonly provider: k8s.Provider;
  /** How requests come in: Traefik on the node, or an application load balancer bound to the pods. */
  readonly ingress: "traefik" | "alb";
  /** StorageClass of in-cluster volumes; undefined for the cluster's default class. */
  readonly storageClass: string | undefined;
  readonly workerScheduling: WorkerScheduling;
  /** Security group from which pods reach databases; undefined on a cluster that is not ours. */
  readonly securityGroupId: pulumi.Output<string> | undefined;
  /** Public DNS name of the node, where requests come in through it. */
  readonly originDomainName: pulumi.Output<string> | undefined;
}
