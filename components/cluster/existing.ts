import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../support/component";
import type { Cluster, WorkerScheduling } from "./cluster";
import { clusterNameOf } from "./cluster-name";
import { anywhereScheduling, applyOptions } from "./provider";

export interface ExistingClusterArgs {
  /** Content of a kubeconfig. Kept as a secret. */
  kubeconfig: pulumi.Input<string>;
  /** Context of the kubeconfig. @default its current context */
  context?: string;
  /** StorageClass of in-cluster volumes; never change it once data is there. @default the cluster's default class */
  storageClass?: string;
}

/** A cluster that exists already, wherever it runs. Nothing of it is made here but the way in. */
export class ExistingCluster extends Component implements Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: k8s.Provider;
  readonly storageClass: string | undefined;
  readonly workerScheduling: WorkerScheduling = anywhereScheduling;

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster:Existing", name, opts);
    const { context, storageClass } = args;
    this.kubeconfig = pulumi.secret(args.kubeconfig);
    // The name of a cluster opens nothing; left secret, it would hide a line of the stack's outputs.
    this.clusterName = pulumi.unsecret(this.kubeconfig.apply((kubeconfig) => clusterNameOf(kubeconfig, context)));
    this.storageClass = storageClass;
    this.provider = new k8s.Provider(
      this.named("provider"),
      { ...applyOptions, kubeconfig: this.kubeconfig, context },
      this.child,
    );
    this.registerOutputs({ clusterName: this.clusterName });
  }
}
