import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { nodeContainers } from "../../tiers/observability";
import { images } from "../../versions";
import type { Cluster } from "../cluster/cluster";
import type { Namespace } from "../namespaces/namespace";
import type { CertificateAuthority } from "../pki/certificate-authority";
import { Component } from "../support/component";
import { exporterWebConfig } from "../support/exporter-web";
import { labelsOf, selectorLabels } from "../support/labels";
import { podSecurity, scratch, withPriority } from "../support/pods";
import { nodeExporterName as name, nodeExporterPort as port, watchedPolicy } from "./network-policies";
import { httpsGet, program } from "./program";
import { serverSecret } from "./server-secret";

const labels = labelsOf(name, "observability");
const folder = "/etc/node-exporter";
const webConfig = "web.yml";

/** Lies on the disk of the kubelet, as the root file system lies on that of the images. So both disks have a mount here. */
const kubeletDisk = scratch("kubelet", "/kubelet", "1Mi");

/**
 * Collectors whose files in /proc the kernel does not keep apart by container: they tell of the node from any pod, without a
 * path of the host. The network's files are the pod's own, so there is no collector of it.
 */
const nodeExporterFlags = [
  "--collector.disable-defaults",
  ...["cpu", "diskstats", "filesystem", "loadavg", "meminfo", "stat", "vmstat"].map((one) => `--collector.${one}`),
  `--collector.filesystem.mount-points-include=^(/|${kubeletDisk.mount.mountPath})$`,
  // The root file system of a container is an overlay, which the default leaves out.
  "--collector.filesystem.fs-types-exclude=^$",
  "--web.disable-exporter-metrics",
];

export interface NodeExporterArgs {
  cluster: Pick<Cluster, "provider">;
  namespace: Namespace;
  authority: Pick<CertificateAuthority, "issue">;
  /** Priority class of the pods. @default the cluster's */
  priorityClassName?: pulumi.Input<string> | undefined;
}

/** Returns the spec of the DaemonSet. It reads no path of the host, so it meets the restricted standard. */
function nodeExporterSpec(
  secretName: pulumi.Input<string>,
  priorityClassName?: pulumi.Input<string>,
): k8s.types.input.apps.v1.DaemonSetSpec {
  const container = program("node-exporter", images.nodeExporter, nodeContainers.nodeExporter, {
    args: [
      ...nodeExporterFlags,
      `--web.listen-address=:${port}`,
      // Read again for each connection: a new certificate restarts nothing.
      `--web.config.file=${folder}/${webConfig}`,
    ],
    ports: [{ name: "metrics", containerPort: port }],
    readinessProbe: httpsGet("/", port, 20, 3),
    livenessProbe: httpsGet("/", port, 20, 6),
    volumeMounts: [kubeletDisk.mount, { name: "web", mountPath: folder, readOnly: true }],
  });
  return {
    selector: { matchLabels: selectorLabels(name) },
    template: {
      metadata: { labels },
      spec: {
        ...withPriority(priorityClassName),
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: podSecurity(images.nodeExporter),
        // On the nodes of the workers' pool too.
        tolerations: [{ operator: "Exists" }],
        containers: [container],
        volumes: [kubeletDisk.volume, { name: "web", secret: { secretName, defaultMode: 0o440 } }],
      },
    },
  };
}

/** Exports the metrics of each node: CPU, memory, disks. Only Prometheus reaches it, over TLS. */
export class NodeExporter extends Component {
  constructor(componentName: string, args: NodeExporterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("observability:NodeExporter", componentName, opts);
    const { cluster, namespace, authority, priorityClassName } = args;
    const options = { ...this.child, provider: cluster.provider };
    const metadata = { name, namespace: namespace.created, labels };
    const secret = serverSecret(
      this,
      { name, labels, namespace, authority, files: { [webConfig]: exporterWebConfig(folder) } },
      options,
    );
    const spec = watchedPolicy({ matchLabels: selectorLabels(name) }, port, namespace.name);
    new k8s.networking.v1.NetworkPolicy(this.named("policy"), { metadata, spec }, options);
    new k8s.apps.v1.DaemonSet(
      this.named("daemon-set"),
      { metadata, spec: nodeExporterSpec(secret.metadata.name, priorityClassName) },
      options,
    );
    this.registerOutputs({});
  }
}
