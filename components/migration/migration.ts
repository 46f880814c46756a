import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { withOwnSize } from "../../tiers/sizes";
import { type CommandArgs, commandPod, disruptionPolicy } from "../app/command-pod";
import { type EgressTargets, egressOnlyPolicy } from "../app/network-policies";
import type { Cluster } from "../cluster/cluster";
import type { Namespace } from "../namespaces/namespace";
import { Component } from "../support/component";
import { jobAnnotations, jobName, ttlSecondsAfterFinished } from "../support/job";
import { labelsOf } from "../support/labels";
import type { Migrate } from "./migrate";

/** Name of the migration's objects, and the component label of its pods. */
export const migrationName = "migrate";
const labels = labelsOf(migrationName, migrationName);

/** A new pod may be cut off from the database for seconds, until its network policy applies. So one run is not enough. */
const backoffLimit = 2;

/** Seconds that Pulumi waits beyond the deadline, for Kubernetes to report the failure. */
const reportSeconds = 60;

export interface MigrationArgs extends CommandArgs {
  migrate: Migrate;
  cluster: Pick<Cluster, "provider">;
  /** Namespace of the application. */
  namespace: Namespace;
  egress: EgressTargets;
}

/**
 * A Job that migrates the database with the application's image and environment. A new image, command or environment runs
 * it again. Pulumi waits for it: what depends on it is not touched before it has succeeded.
 */
export class Migration extends Component {
  /** Completes once the migration has succeeded. */
  readonly job: k8s.batch.v1.Job;
  private readonly options: pulumi.CustomResourceOptions;

  constructor(
    name: string,
    private readonly args: MigrationArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("migration:Migration", name, opts);
    this.options = { ...this.child, provider: args.cluster.provider };
    const account = new k8s.core.v1.ServiceAccount(
      this.named("account"),
      { metadata: this.metadata(migrationName), automountServiceAccountToken: false },
      this.options,
    );
    const policy = new k8s.networking.v1.NetworkPolicy(
      this.named("policy"),
      { metadata: this.metadata(migrationName), spec: egressOnlyPolicy(migrationName, args.egress) },
      this.options,
    );
    this.job = this.run(account, policy);
    this.registerOutputs({ job: this.job.metadata.name });
  }

  private metadata(name: pulumi.Input<string>) {
    return { name, namespace: this.args.namespace.created, labels };
  }

  private run(account: k8s.core.v1.ServiceAccount, policy: k8s.networking.v1.NetworkPolicy): k8s.batch.v1.Job {
    const { migrate, container, environment } = this.args;
    const { command, deadlineSeconds: activeDeadlineSeconds } = migrate;
    const template = {
      metadata: { labels, annotations: { "checksum/config": environment.checksum } },
      spec: commandPod({
        ...this.args,
        name: migrationName,
        command,
        container: withOwnSize(container, migrate),
        serviceAccountName: account.metadata.name,
      }),
    };
    const metadata = { ...this.metadata(jobName(migrationName, template)), annotations: jobAnnotations };
    const limits = { backoffLimit, activeDeadlineSeconds, ttlSecondsAfterFinished };
    const deadline = `${activeDeadlineSeconds + reportSeconds}s`;
    return new k8s.batch.v1.Job(
      this.named("job"),
      { metadata, spec: { ...limits, podFailurePolicy: disruptionPolicy, template } },
      { ...this.options, dependsOn: policy, customTimeouts: { create: deadline, update: deadline } },
    );
  }
}
