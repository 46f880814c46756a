import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CommandArgs } from "../app/command-pod";
import { type EgressTargets, egressOnlyPolicy } from "../app/network-policies";
import type { Cluster } from "../cluster/cluster";
import type { Namespace } from "../namespaces/namespace";
import { Component } from "../support/component";
import { labelsOf } from "../support/labels";
import { cronJobName, cronJobSpec, scheduleComponent } from "./cron-job";
import type { Schedule } from "./schedule";

export interface SchedulesArgs extends CommandArgs {
  /** One CronJob each. */
  schedules: Schedule[];
  cluster: Pick<Cluster, "provider">;
  /** Namespace of the application. */
  namespace: Namespace;
  egress: EgressTargets;
  /** Resource that the CronJobs depend on, such as a migration. @default none */
  after?: pulumi.Resource;
}

/** Scheduled jobs: commands of the application's image that run at fixed times. */
export class Schedules extends Component {
  private readonly options: pulumi.CustomResourceOptions;

  constructor(
    name: string,
    private readonly args: SchedulesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("schedules:Schedules", name, opts);
    this.options = { ...this.child, provider: args.cluster.provider };
    const account = new k8s.core.v1.ServiceAccount(
      this.named("account"),
      { metadata: this.metadata(scheduleComponent), automountServiceAccountToken: false },
      this.options,
    );
    this.networkPolicy();
    for (const schedule of args.schedules) this.cronJob(schedule, account.metadata.name);
    this.registerOutputs({});
  }

  private metadata(name: string) {
    return { name, namespace: this.args.namespace.created, labels: labelsOf(name, scheduleComponent) };
  }

  /** The application's egress and no ingress, for all schedules. */
  private networkPolicy(): void {
    const spec = egressOnlyPolicy(scheduleComponent, this.args.egress);
    new k8s.networking.v1.NetworkPolicy(
      this.named("policy"),
      { metadata: this.metadata(scheduleComponent), spec },
      this.options,
    );
  }

  private cronJob(schedule: Schedule, serviceAccountName: pulumi.Output<string>): void {
    const metadata = this.metadata(cronJobName(schedule));
    const spec = cronJobSpec({ ...this.args, schedule, serviceAccountName });
    new k8s.batch.v1.CronJob(
      this.named(`job-${schedule.name}`),
      { metadata, spec },
      { ...this.options, dependsOn: this.args.after },
    );
  }
}
