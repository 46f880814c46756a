import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../cluster/cluster";
import type { Namespace } from "../../namespaces/namespace";
import { checksum } from "../../support/checksum";
import { Component } from "../../support/component";
import { labelsOf } from "../../support/labels";
import { bootstrapPolicy, workloads } from "../common/network-policies";
import type { PostgresServer } from "../common/server";
import { podTemplate } from "./pod";
import { bootstrapSql, extensions } from "./sql";

export interface BootstrapArgs {
  cluster: Pick<Cluster, "provider">;
  /** Namespace of the Job. */
  namespace: Namespace;
  server: PostgresServer;
  /** Secret with the keys of `credentialKeys`. */
  credentials: pulumi.Input<string>;
  /** What the application's role logs in with; the Job runs again when it changes. */
  verifier: pulumi.Input<string>;
  /** Connections the application's role may hold on one server. */
  connectionLimit: number;
}

const name = workloads.bootstrap;
const labels = labelsOf(name, "postgres");

/** A day for reading the log; the next `up` does not miss the Job once it is gone. */
const keptSeconds = 24 * 60 * 60;

/**
 * Makes the application's role and database on the server, by a Job, and brings them up to date: in both places the
 * same script, so that a dump from one fits the other.
 */
export class Bootstrap extends Component {
  /** Done when role and database are there. */
  readonly job: k8s.batch.v1.Job;
  private readonly options: pulumi.CustomResourceOptions;

  constructor(componentName: string, args: BootstrapArgs, opts?: pulumi.ComponentResourceOptions) {
    super("postgres:Bootstrap", componentName, opts);
    this.options = { ...this.child, provider: args.cluster.provider };
    const files = { "bootstrap.sql": bootstrapSql({ ...args, extensions }), "ca.crt": args.server.ca };
    const script = new k8s.core.v1.ConfigMap(
      this.named("script"),
      { metadata: { name, namespace: args.namespace.created, labels }, data: files },
      this.options,
    );
    const policy = new k8s.networking.v1.NetworkPolicy(
      this.named("policy"),
      { metadata: { name, namespace: args.namespace.created, labels }, spec: bootstrapPolicy(args.server.peer) },
      this.options,
    );
    this.job = this.run(args, script, checksum({ ...files, verifier: args.verifier }), policy);
    this.registerOutputs({ job: this.job.metadata.name });
  }

  /** A Job's template is immutable, so the name carries its hash: another template is another Job. */
  private run(
    { namespace, server, credentials }: BootstrapArgs,
    script: k8s.core.v1.ConfigMap,
    content: pulumi.Output<string>,
    policy: k8s.networking.v1.NetworkPolicy,
  ): k8s.batch.v1.Job {
    const template = podTemplate({
      host: server.host,
      script: script.metadata.name,
      credentials,
      labels,
      checksum: content,
    });
    const hash = pulumi
      .output(template)
      .apply((text) => createHash("sha256").update(JSON.stringify(text)).digest("hex").slice(0, 8));
    return new k8s.batch.v1.Job(
      this.named("job"),
      {
        metadata: {
          name: pulumi.interpolate`${name}-${hash}`,
          namespace: namespace.created,
          labels,
          // One that failed is made again by the next `up`.
          annotations: { "pulumi.com/replaceUnready": "true" },
        },
        spec: { backoffLimit: 6, activeDeadlineSeconds: 600, ttlSecondsAfterFinished: keptSeconds, template },
      },
      { ...this.options, dependsOn: policy },
    );
  }
}
