import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../cluster/cluster";
import type { Namespace } from "../../namespaces/namespace";
import { checksum } from "../../support/checksum";
import { Component } from "../../support/component";
import { labelsOf } from "../../support/labels";
import { secretData } from "../../support/secret";
import { handoverPolicy } from "../common/network-policies";
import type { PostgresServer } from "../common/server";
import { environmentOf, type Side } from "./environment";
import { caFiles, passwordKeys, podTemplate } from "./pod";
import { replicationPath } from "./replication-path";
import { type HandoverSettings, handoverName } from "./settings";

export interface HandoverArgs {
  settings: HandoverSettings;
  cluster: Pick<Cluster, "provider">;
  /** Namespace of PgBouncer and of the in-cluster store. */
  namespace: Namespace;
  /** The server that the tier leaves. */
  source: Side & { server: PostgresServer };
  /** The server that the tier leads to. */
  target: Side & { server: PostgresServer };
  /** Of the engine's role on both servers. A secret. */
  password: pulumi.Output<string>;
  /** The administrator of PgBouncer, and the host name that resolves to every pod. */
  pooler: { password: pulumi.Output<string>; podsHost: pulumi.Output<string> };
  /** Security groups of RDS, and of the k3s node where one server is in the cluster. */
  groups: { node?: pulumi.Input<string>; database: pulumi.Input<string> };
  /** Secret with which the kubelet pulls the image. @default none: the image is public, or the node may pull it */
  pullSecret?: pulumi.Input<string> | undefined;
  /** Priority class of the pod. @default the cluster's */
  priorityClassName?: pulumi.Input<string> | undefined;
  /** What the engine needs before it starts: the roles and PgBouncer. */
  after: pulumi.Resource[];
}

const labels = labelsOf(handoverName, "postgres");

/** Pulumi does not wait for a Job that ends only when a person ends the handover. */
const annotations = { "pulumi.com/skipAwait": "true" };

/** The engine waits by itself for what it misses. Kubernetes gives up a Job after this many of its ends. */
const backoffLimit = 1000;

/**
 * A Job that moves the database from the server in use to the other one while the product runs, and supervises both until
 * the handover is finished (docs/handover.md). Its state is in the databases. A Job has one name, and goes before its
 * successor comes, so that a command finds it and no two engines run.
 */
export class Handover extends Component {
  readonly job: k8s.batch.v1.Job;
  private readonly options: pulumi.CustomResourceOptions;

  constructor(
    name: string,
    private readonly args: HandoverArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("postgres:Handover", name, opts);
    this.options = { ...this.child, provider: args.cluster.provider };
    const { source, target, namespace, groups } = args;
    const metadata = { name: handoverName, namespace: namespace.created, labels };
    const path = replicationPath({
      namespace,
      groups,
      named: (child) => this.named(child),
      inCluster: this.options,
      onAws: this.child,
    });
    const policy = new k8s.networking.v1.NetworkPolicy(
      this.named("policy"),
      { metadata, spec: handoverPolicy([source.server.peer, target.server.peer]) },
      this.options,
    );
    this.job = this.run(metadata, [policy, ...path]);
    this.registerOutputs({ job: this.job.metadata.name });
  }

  private run(
    metadata: { name: string; namespace: pulumi.Input<string>; labels: Record<string, string> },
    after: pulumi.Resource[],
  ): k8s.batch.v1.Job {
    const { settings, source, target, namespace, pooler, password, pullSecret, priorityClassName } = this.args;
    const { image } = settings;
    const account = new k8s.core.v1.ServiceAccount(
      this.named("account"),
      { metadata, automountServiceAccountToken: false },
      this.options,
    );
    const passwords = {
      [passwordKeys.HANDOVER_PASSWORD]: password,
      [passwordKeys.POOLER_PASSWORD]: pooler.password,
    };
    const secret = new k8s.core.v1.Secret(
      this.named("passwords"),
      { metadata, data: secretData(passwords) },
      this.options,
    );
    const data = { [caFiles[source.place]]: source.server.ca, [caFiles[target.place]]: target.server.ca };
    const authorities = new k8s.core.v1.ConfigMap(this.named("authorities"), { metadata, data }, this.options);
    const template = podTemplate({
      image,
      labels,
      environment: environmentOf({ settings, source, target, namespace: namespace.name, podsHost: pooler.podsHost }),
      passwords: secret.metadata.name,
      authorities: authorities.metadata.name,
      serviceAccountName: account.metadata.name,
      pullSecret,
      priorityClassName,
      checksum: checksum({ ...data, ...passwords }),
    });
    return new k8s.batch.v1.Job(
      this.named("job"),
      { metadata: { ...metadata, annotations }, spec: { backoffLimit, template } },
      { ...this.options, dependsOn: [...after, ...this.args.after], deleteBeforeReplace: true },
    );
  }
}
