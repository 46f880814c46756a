import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { nodeContainers } from "../../../tiers/observability";
import { images } from "../../../versions";
import type { Cluster } from "../../cluster/cluster";
import type { Namespace } from "../../namespaces/namespace";
import type { CertificateAuthority } from "../../pki/certificate-authority";
import { Component } from "../../support/component";
import { labelsOf, selectorLabels } from "../../support/labels";
import { prefixed } from "../../support/names";
import { podSecurity, scratch, withPriority } from "../../support/pods";
import { httpGet, program } from "../program";
import { logAgentPolicy, logPorts, logAgentName as name } from "./policies";

const labels = labelsOf(name, "observability");
const accountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";
const authorityFolder = "/etc/log-agent";
const authorityFile = "ca.crt";
/** The kubelet's links, and the files that they lead to. */
const logFolders = ["/var/log/containers", "/var/log/pods"];
const state = scratch("state", "/var/lib/log-agent", "1Gi");

export interface LogAgentArgs {
  cluster: Pick<Cluster, "provider">;
  /** Its own, which admits paths of the host. */
  namespace: Namespace;
  /** Names of the namespaces whose logs it sends. */
  collected: string[];
  /** Host name of the store, and its namespace. */
  store: { host: pulumi.Input<string>; namespace: string };
  authority: Pick<CertificateAuthority, "certificate">;
  /** Prefix of the objects that are unique in the cluster. @default none */
  namePrefix?: string | undefined;
  /** CIDRs of the API server. @default unknown: every address but link-local ones */
  clusterCidrs?: string[] | undefined;
  /** Priority class of the pods. @default the cluster's */
  priorityClassName?: pulumi.Input<string> | undefined;
}

/** The flags of the agent: whose logs it reads, and where it sends them. */
function flags(host: string, collected: readonly string[]): string[] {
  const own = collected.map((namespace) => JSON.stringify(namespace)).join(",");
  return [
    "-kubernetesCollector",
    `-kubernetesCollector.excludeFilter=!kubernetes.pod_namespace:in(${own})`,
    // A pod's name says which one it is; its labels would be kept with every line.
    "-kubernetesCollector.includePodLabels=false",
    `-remoteWrite.url=https://${host}:${logPorts.store}/insert/native`,
    `-remoteWrite.tlsCAFile=${authorityFolder}/${authorityFile}`,
    // What waits while the store is away: little more than one file of its queue, the least that it takes.
    "-remoteWrite.maxDiskUsagePerURL=600MB",
    "-remoteWrite.queues=1",
    `-tmpDataPath=${state.mount.mountPath}`,
    `-httpListenAddr=:${logPorts.agent}`,
  ];
}

/** What the agent may see: its node, and pods and namespaces by name. The API cannot narrow it to some namespaces. */
const rules: k8s.types.input.rbac.v1.PolicyRule[] = [
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
  { apiGroups: [""], resources: ["namespaces"], verbs: ["list"] },
];

/** What clients in a pod look for; the pod mounts none of it by itself. */
const account: k8s.types.input.core.v1.Volume = {
  name: "account",
  projected: {
    defaultMode: 0o440,
    sources: [
      { serviceAccountToken: { path: "token", expirationSeconds: 3600 } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
    ],
  },
};

const volumeOf = (path: string) => path.slice(1).replaceAll("/", "-");

function daemonSetSpec(
  { priorityClassName, collected }: LogAgentArgs,
  { host, serviceAccountName, config }: Record<"host" | "serviceAccountName" | "config", pulumi.Output<string>>,
): k8s.types.input.apps.v1.DaemonSetSpec {
  const container = program("log-agent", images.logAgent, nodeContainers.logAgent, {
    args: host.apply((one) => flags(one, collected)),
    ports: [{ name: "http", containerPort: logPorts.agent }],
    readinessProbe: httpGet("/health", logPorts.agent, 20, 3),
    livenessProbe: httpGet("/health", logPorts.agent, 20, 6),
    volumeMounts: [
      ...logFolders.map((path) => ({ name: volumeOf(path), mountPath: path, readOnly: true })),
      { name: "account", mountPath: accountFolder, readOnly: true },
      { name: "authority", mountPath: authorityFolder, readOnly: true },
      state.mount,
    ],
  });
  return {
    selector: { matchLabels: selectorLabels(name) },
    template: {
      metadata: { labels },
      spec: {
        ...withPriority(priorityClassName),
        serviceAccountName,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        // The container runtime lets the group of root read the logs.
        securityContext: { ...podSecurity(images.logAgent), supplementalGroups: [0] },
        tolerations: [{ operator: "Exists" }],
        containers: [container],
        volumes: [
          ...logFolders.map((path) => ({ name: volumeOf(path), hostPath: { path, type: "Directory" } })),
          account,
          { name: "authority", configMap: { name: config } },
          state.volume,
        ],
      },
    },
  };
}

/** Reads the logs of the product's pods on each node, and sends them to the store. */
export class LogAgent extends Component {
  private readonly options: pulumi.CustomResourceOptions;

  constructor(
    componentName: string,
    private readonly args: LogAgentArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("observability:LogAgent", componentName, opts);
    const { cluster, namespace, store, authority, clusterCidrs } = args;
    this.options = { ...this.child, provider: cluster.provider };
    const metadata = { name, namespace: namespace.created, labels };
    const config = new k8s.core.v1.ConfigMap(
      this.named("authority"),
      { metadata, data: { [authorityFile]: authority.certificate } },
      this.options,
    );
    new k8s.networking.v1.NetworkPolicy(
      this.named("policy"),
      { metadata, spec: logAgentPolicy(store.namespace, clusterCidrs) },
      this.options,
    );
    const names = {
      host: pulumi.output(store.host),
      serviceAccountName: this.account(metadata),
      config: config.metadata.name,
    };
    new k8s.apps.v1.DaemonSet(this.named("daemon-set"), { metadata, spec: daemonSetSpec(args, names) }, this.options);
    this.registerOutputs({});
  }

  /** The account and what it may see. Returns its name. */
  private account(metadata: k8s.types.input.meta.v1.ObjectMeta): pulumi.Output<string> {
    const { namespace, namePrefix } = this.args;
    const made = new k8s.core.v1.ServiceAccount(
      this.named("account"),
      { metadata, automountServiceAccountToken: false },
      this.options,
    );
    const unique = { name: prefixed(namePrefix, `tierstack-${name}`), labels };
    const role = new k8s.rbac.v1.ClusterRole(this.named("role"), { metadata: unique, rules }, this.options);
    new k8s.rbac.v1.ClusterRoleBinding(
      this.named("role-binding"),
      {
        metadata: unique,
        subjects: [{ kind: "ServiceAccount", name, namespace: namespace.name }],
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
      },
      { ...this.options, dependsOn: [made] },
    );
    return made.metadata.name;
  }
}
