import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { versions } from "../../versions";
import type { Cluster } from "../cluster/cluster";
import type { CertificateAuthority } from "../pki/certificate-authority";
import { Component } from "../support/component";
import { outlives, type Removable, retainedData } from "../support/data";
import { labelsOf } from "../support/labels";
import { prefixed } from "../support/names";
import type { Namespace } from "./namespace";
import { allowDns, denyAll } from "./network-policies";

/** Returns the names of the namespaces that the platform creates. */
export function namespaceNames(prefix?: string) {
  return {
    app: prefixed(prefix, "app"),
    data: prefixed(prefix, "data"),
    keda: prefixed(prefix, "keda"),
    observability: prefixed(prefix, "observability"),
    logAgent: prefixed(prefix, "log-agent"),
  };
}

/** ConfigMap in `app` with the certificate of the internal authority, under `ca.crt`. */
export const authorityConfigMap = "tierstack-ca";

export interface NamespacesArgs {
  cluster: Pick<Cluster, "provider">;
  /** Authority that workloads trust. */
  authority: Pick<CertificateAuthority, "certificate">;
  /** Whether the program installs KEDA, which needs a namespace. */
  keda: boolean;
  /** What watches the product from a namespace of its own. @default nothing */
  observability?: Removable | undefined;
  /** Whether an agent reads the logs of the nodes, from a namespace that admits paths of the host. @default false */
  logAgent?: boolean;
  /** Prefix of every name, without the dash: `shop` for `shop-app`. A change replaces the namespaces. @default none */
  prefix?: string;
  /** Whether others use the cluster too. Deleting `app` would delete what they have in it, so it is retained. @default false */
  shared?: boolean;
}

/** A Pod Security Standard. */
type Level = "restricted" | "privileged";

/** Returns the labels that enforce a standard, as of the pinned Kubernetes version. */
function podSecurityLabels(level: Level): Record<string, string> {
  const modes = ["enforce", "audit", "warn"];
  return Object.fromEntries(
    modes.flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, `v${versions.kubernetes}`],
    ]),
  );
}

/**
 * The namespaces. They admit restricted pods only, but for that of the agent that reads the nodes' logs. All but KEDA's deny the traffic that no workload's policy allows.
 * KEDA's namespace has no policy: KEDA talks to the API server, whose address a policy cannot select.
 */
export class Namespaces extends Component {
  readonly app: Namespace;
  readonly data: Namespace;
  readonly keda: Namespace | undefined;
  readonly observability: Namespace | undefined;
  readonly logAgent: Namespace | undefined;
  private readonly options: pulumi.CustomResourceOptions;

  constructor(name: string, args: NamespacesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("namespaces:Namespaces", name, opts);
    this.options = { ...this.child, provider: args.cluster.provider };

    const names = namespaceNames(args.prefix);
    this.app = this.namespace("app", names.app, args.shared ? retainedData : {});
    // Deleting a namespace deletes its volumes, so this one is retained when its cluster leaves the program.
    this.data = this.namespace("data", names.data, retainedData);
    this.keda = args.keda ? this.namespace("keda", names.keda) : undefined;
    // Stays and goes with its volumes.
    this.observability = args.observability
      ? this.namespace("observability", names.observability, outlives(args.observability.removable))
      : undefined;
    // The standards `restricted` and `baseline` forbid every path of the host.
    this.logAgent = args.logAgent ? this.namespace("log-agent", names.logAgent, {}, "privileged") : undefined;
    for (const [role, namespace] of Object.entries({
      app: this.app,
      data: this.data,
      observability: this.observability,
      "log-agent": this.logAgent,
    })) {
      if (!namespace) continue;
      this.policy(role, namespace, "default-deny", denyAll());
      this.policy(role, namespace, "allow-dns", allowDns());
    }
    this.trust(args.authority);
    this.registerOutputs({ app: this.app.created, data: this.data.created, keda: this.keda?.created });
  }

  private namespace(
    role: string,
    name: string,
    options?: pulumi.CustomResourceOptions,
    level: Level = "restricted",
  ): Namespace {
    const labels = { ...labelsOf(role, "namespace"), ...podSecurityLabels(level) };
    const namespace = new k8s.core.v1.Namespace(
      this.named(role),
      { metadata: { name, labels } },
      { ...this.options, ...options },
    );
    return { name, created: namespace.metadata.name };
  }

  private policy(
    role: string,
    namespace: Namespace,
    name: string,
    spec: k8s.types.input.networking.v1.NetworkPolicySpec,
  ): k8s.networking.v1.NetworkPolicy {
    return new k8s.networking.v1.NetworkPolicy(
      this.named(`${role}-${name}`),
      { metadata: { name, namespace: namespace.created, labels: labelsOf(name, "network-policy") }, spec },
      this.options,
    );
  }

  private trust(authority: NamespacesArgs["authority"]): k8s.core.v1.ConfigMap {
    return new k8s.core.v1.ConfigMap(
      this.named("authority"),
      {
        metadata: {
          name: authorityConfigMap,
          namespace: this.app.created,
          labels: labelsOf(authorityConfigMap, "pki"),
        },
        data: { "ca.crt": authority.certificate },
      },
      this.options,
    );
  }
}
