import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../cluster/cluster";
import { Component } from "../support/component";
import { labelsOf } from "../support/labels";
import type { Priority } from "../workers/queue";
import { priorityClasses, priorityClassName, type Role, roles } from "./classes";

export interface PrioritiesArgs {
  cluster: Pick<Cluster, "provider">;
  /** Whether there is a class of what runs on each node. @default false */
  agents?: boolean | undefined;
  /** Prefix of the classes' names, which are unique in the cluster. @default none */
  namePrefix?: string | undefined;
}

/** The priority classes of the product's pods, by name. Each is known once the class exists. */
export class Priorities extends Component {
  readonly stores: pulumi.Output<string>;
  readonly pooler: pulumi.Output<string>;
  /** Undefined without the class. */
  readonly agents: pulumi.Output<string> | undefined;
  readonly application: pulumi.Output<string>;
  /** By the priority of their queue. */
  readonly workers: Record<Priority, pulumi.Output<string>>;

  constructor(
    name: string,
    { cluster, agents = false, namePrefix }: PrioritiesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("priorities:Priorities", name, opts);
    const created = Object.fromEntries(
      roles
        .filter((role) => role !== "agents" || agents)
        .map((role) => {
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
    ) as Record<Exclude<Role, "agents">, pulumi.Output<string>> & { agents?: pulumi.Output<string> };
    this.stores = created.stores;
    this.pooler = created.pooler;
    this.agents = created.agents;
    this.application = created.application;
    this.workers = {
      high: created["workers-high"],
      normal: created["workers-normal"],
      low: created["workers-low"],
    };
    this.registerOutputs({});
  }
}
