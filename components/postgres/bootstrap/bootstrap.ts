import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../cluster/cluster";
import type { Namespace } from "../../namespaces/namespace";
import { checksum } from "../../support/checksum";
import { Component } from "../../support/component";
import { readScript } from "../../support/file";
import { jobAnnotations, jobName, ttlSecondsAfterFinished } from "../../support/job";
import { labelsOf } from "../../support/labels";
import { clientPolicy, workloads } from "../common/network-policies";
import type { PostgresServer } from "../common/server";
import { podTemplate, scripts } from "./pod";
import { type BootstrapSqlArgs, bootstrapSql, extensions, superuserSql } from "./sql";

export interface BootstrapArgs extends Pick<BootstrapSqlArgs, "handover" | "monitoring"> {
  /** Name of the Job's objects and pods. @default "bootstrap" */
  workload?: "bootstrap" | "sourceBootstrap";
  cluster: Pick<Cluster, "provider">;
  /** Namespace of the Job. */
  namespace: Namespace;
  server: PostgresServer;
  /** Secret with the keys of `credentialKeys`. */
  credentials: pulumi.Input<string>;
  /** Priority class of the pod. @default the cluster's */
  priorityClassName?: pulumi.Input<string> | undefined;
  /** SCRAM verifiers by role, as in the Secret. A change runs the Job again. */
  verifiers: Record<string, pulumi.Input<string>>;
  /** Maximum connections of each of the application's roles to one server. */
  connectionLimit: number;
}

/**
 * A Job that creates and updates the roles and the application's database. The scripts are the same in the cluster and
 * on RDS, so a dump from one restores on the other.
 */
export class Bootstrap extends Component {
  /** Completes once the roles and the database exist, with their current passwords. */
  readonly job: k8s.batch.v1.Job;
  private readonly options: pulumi.CustomResourceOptions;

  constructor(componentName: string, args: BootstrapArgs, opts?: pulumi.ComponentResourceOptions) {
    super("postgres:Bootstrap", componentName, opts);
    const { workload = "bootstrap" } = args;
    const name = workloads[workload];
    const labels = labelsOf(name, "postgres");
    this.options = { ...this.child, provider: args.cluster.provider };
    const files = {
      [scripts.run]: readScript(__dirname, scripts.run),
      [scripts.roles]: bootstrapSql({ ...args, extensions }),
      [scripts.superuser]: superuserSql(),
      "ca.crt": args.server.ca,
    };
    const script = new k8s.core.v1.ConfigMap(
      this.named("script"),
      { metadata: { name, namespace: args.namespace.created, labels }, data: files },
      this.options,
    );
    const policy = new k8s.networking.v1.NetworkPolicy(
      this.named("policy"),
      {
        metadata: { name, namespace: args.namespace.created, labels },
        spec: clientPolicy(name, args.server.peer),
      },
      this.options,
    );
    this.job = this.run(args, { name, labels }, script, checksum({ ...files, ...args.verifiers }), policy);
    this.registerOutputs({ job: this.job.metadata.name });
  }

  private run(
    { namespace, server, credentials, priorityClassName, verifiers }: BootstrapArgs,
    { name, labels }: { name: string; labels: Record<string, string> },
    script: k8s.core.v1.ConfigMap,
    content: pulumi.Output<string>,
    policy: k8s.networking.v1.NetworkPolicy,
  ): k8s.batch.v1.Job {
    const template = podTemplate({
      host: server.host,
      script: script.metadata.name,
      credentials,
      priorityClassName,
      roles: Object.keys(verifiers),
      labels,
      checksum: content,
    });
    const metadata = {
      name: jobName(name, template),
      namespace: namespace.created,
      labels,
      annotations: jobAnnotations,
    };
    return new k8s.batch.v1.Job(
      this.named("job"),
      { metadata, spec: { backoffLimit: 6, activeDeadlineSeconds: 600, ttlSecondsAfterFinished, template } },
      { ...this.options, dependsOn: policy },
    );
  }
}
