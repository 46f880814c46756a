import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../support/component";
import type { Cluster, WorkerScheduling } from "./cluster";
import { clusterNameOf } from "./cluster-name";
import { defaultScheduling, sharedClusterOptions } from "./provider";

export interface ExistingClusterArgs {
  /** Contents of a kubeconfig. Stored as a secret. */
  kubeconfig: pulumi.Input<string>;
  /** Context to use. @default the kubeconfig's current context */
  context?: string;
  /**
   * StorageClass of in-cluster volumes. Never change it once they hold data: a change replaces them.
   * @default the cluster's default class
   */
  storageClass?: string;
  /**
   * Whether to take over objects that exist in the cluster already, and fields that others own. Without it they are
   * errors. @default false
   */
  adopt?: boolean;
}

/** An existing cluster. Creates only the Kubernetes provider. */
export class ExistingCluster extends Component implements Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: k8s.Provider;
  readonly storageClass: string | undefined;
  readonly workerScheduling: WorkerScheduling = defaultScheduling;

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster:Existing", name, opts);
    const { context, storageClass, adopt } = args;
    this.kubeconfig = pulumi.secret(args.kubeconfig);
    // A cluster name is not sensitive. As a secret it would be masked in the stack's outputs.
    this.clusterName = pulumi.unsecret(this.kubeconfig.apply((kubeconfig) => clusterNameOf(kubeconfig, context)));
    this.storageClass = storageClass;
    this.provider = new k8s.Provider(
      this.named("provider"),
      { ...sharedClusterOptions(adopt), kubeconfig: this.kubeconfig, context },
      this.child,
    );
    this.registerOutputs({ clusterName: this.clusterName });
  }
}
