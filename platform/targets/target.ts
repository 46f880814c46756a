import type * as pulumi from "@pulumi/pulumi";
import type { App } from "../../components/app/app";
import type { IngressSource } from "../../components/app/network-policies";
import type { Cluster } from "../../components/cluster/cluster";
import type { WorkloadIdentity } from "../../components/identity/identity";
import type { IamPolicy } from "../../components/identity/policy";
import type { Namespace } from "../../components/namespaces/namespace";
import type { StoreNetwork } from "../../components/support/store";
import type { Watched } from "../../components/support/watched";
import type { StackInputs } from "../../config/load";
import type { TargetKind, TargetSize, TierSpec } from "../../tiers";

/** The inputs of a stack on a target of one kind. */
export interface TargetInputs<K extends TargetKind = TargetKind> extends StackInputs {
  spec: TierSpec & { target: Extract<TargetSize, { kind: K }> };
}

/** The product as visitors reach it. */
export interface Published {
  url: pulumi.Output<string>;
  /** What AWS has metrics of, from the edge to the nodes. Empty without AWS. */
  watched: Watched[];
}

/** Where the product runs, as far as the platform depends on it. */
export interface Target {
  readonly cluster: Cluster;
  /** Whether others use the cluster too. */
  readonly sharedCluster: boolean;
  /** Whether a node sends the write-ahead log of the in-cluster Postgres to a bucket. */
  readonly archivesPostgres: boolean;
  /** Network of the managed stores; undefined if the target has none. */
  readonly storeNetwork: StoreNetwork | undefined;
  /**
   * CIDRs of the API server, with its Service's address, and of the nodes; undefined if the target does not know them.
   */
  readonly clusterCidrs: string[] | undefined;
  readonly gateway: {
    /** Source of the requests to the application's gateway. */
    ingressFrom: IngressSource;
    /** Whether the gateway accepts only requests with the edge's secret header. */
    verifyOrigin: boolean;
    /** Whether every request comes through CloudFront. */
    cloudFront: boolean;
    /** Whether the gateway responds during maintenance; otherwise the edge does. */
    maintenance: boolean;
  };
  /**
   * Returns the IAM role of the application's pods (`app.iamPolicy`); undefined without one. The rules refuse it on a
   * target without AWS.
   */
  identity(namespace: Namespace): WorkloadIdentity | undefined;
  /** Gives the pod that watches the product from a namespace an IAM role; undefined where it can have none. */
  readonly monitorIdentity: ((namespace: Namespace, policy: pulumi.Input<IamPolicy>) => WorkloadIdentity) | undefined;
  /** Creates the ingress and the edge of the application. */
  publish(app: App, namespace: Namespace): Published;
  /** What the user must know or do after a deployment. */
  readonly nextSteps: string[];
}

/** A kind of target. */
export interface TargetDefinition<K extends TargetKind> {
  /** Creates the providers that the platform passes to its children. */
  providers(inputs: TargetInputs<K>): pulumi.ProviderResource[];
  /** Creates the cluster and the resources it needs. `options` are those of every child of the platform. */
  create(inputs: TargetInputs<K>, options: pulumi.ComponentResourceOptions): Target;
}
