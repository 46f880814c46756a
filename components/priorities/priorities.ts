import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../cluster/cluster";
import { Component } from "../support/component";
import { labelsOf } from "../support/labels";
import type { Priority } from "../workers/queue";
import { priorityClasses, priorityClassName, type Role, roles } from "./classes";

export interface PrioritiesArgs {
  cluster: Pick<Cluster, "provider">;
  /** Prefix of the classes' names, which are unique in the cluster. @default none */
  namePrefix?: string | undefined;
}

/** The priority classes of the product's pods, by name. Each is known once the class exists. */
export class Priorities extends Component {
  readonly stores: pulumi.Output<string>;
  readonly pooler: pulumi.Output<string>;
  readonly application: pulumi.Output<string>;
  /** By the priority of their queue. */
  readonly workers: Record<Priority, pulumi.Output<string>>;

  constructor(name: string, { cluster, namePrefix }: PrioritiesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("priorities:Priorities", name, opts);
    const created = Object.fromEntries(
      roles.map((role) => {
        const className = priorityClassName(role, namePrefix);
        const { metadata } = new k8s.scheduling.v1.PriorityClass(
          this.named(role),
          {
            metadata: { name: className, labels: labelsOf(className, "priorities") },
            globalDefault: false,
            ...priorityClasses[role],
          },
          { ...this.child, provider: cluster.provider },
        );
        return [role, metadata.name];
      }),
    ) as Record<Role, pulumi.Output<string>>;
    this.stores = created.stores;
    this.pooler = created.pooler;
    this.application = created.application;
    this.workers = {
      high: created["workers-high"],
      normal: created["workers-normal"],
      low: created["workers-low"],
    };
    this.registerOutputs({});
  }
}
