import type * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../cluster/cluster";
import type { Namespace } from "../../namespaces/namespace";
import type { CertificateAuthority } from "../../pki/certificate-authority";
import { Component } from "../../support/component";
import type { Removable } from "../../support/data";
import { LogAgent } from "./agent";
import { LogStore, type LogStoreArgs } from "./store";

export interface LogsArgs extends Removable {
  size: LogStoreArgs["size"];
  /** Size of the disk that the volume shares with others, in GiB. @default it shares none */
  diskGiB?: LogStoreArgs["diskGiB"];
  cluster: Pick<Cluster, "provider" | "storageClass" | "ownDisks">;
  /** Those whose logs are kept, that of the store, and that of the agents, which admits paths of the host. */
  namespaces: Record<"app" | "data" | "observability" | "logAgent", Namespace>;
  authority: Pick<CertificateAuthority, "certificate" | "issue">;
  /** Prefix of the objects that are unique in the cluster. @default none */
  namePrefix?: string | undefined;
  /** CIDRs of the API server and of the nodes. @default unknown: every address but link-local ones */
  clusterCidrs?: string[] | undefined;
  /** Priority class of the store's pod. @default the cluster's */
  priorityClassName?: pulumi.Input<string> | undefined;
  /** Priority class of the agents' pods. @default that of the store */
  agentPriorityClassName?: pulumi.Input<string> | undefined;
}

/** The store of the logs of the product's pods, and an agent on every node that sends them. */
export class Logs extends Component {
  constructor(name: string, args: LogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("observability:Logs", name, opts);
    const { size, diskGiB, cluster, authority, priorityClassName, namePrefix, clusterCidrs, removable } = args;
    const { app, data, observability, logAgent } = args.namespaces;
    const { agentPriorityClassName = priorityClassName } = args;
    const shared = { cluster, authority };
    const { host } = new LogStore(
      this.named("store"),
      {
        ...shared,
        priorityClassName,
        size,
        diskGiB,
        removable,
        namespace: observability,
        agentNamespace: logAgent.name,
      },
      this.child,
    );
    const collected = [app, data, observability].map((namespace) => namespace.name);
    const store = { host, namespace: observability.name };
    new LogAgent(
      this.named("agent"),
      {
        ...shared,
        priorityClassName: agentPriorityClassName,
        namespace: logAgent,
        collected,
        store,
        namePrefix,
        clusterCidrs,
      },
      this.child,
    );
    this.registerOutputs({});
  }
}
