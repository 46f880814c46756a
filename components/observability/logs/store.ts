import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ObservabilitySize } from "../../../tiers";
import { freeMiB } from "../../../tiers/disk";
import { keptLogsMiB } from "../../../tiers/observability";
import { images } from "../../../versions";
import type { Cluster } from "../../cluster/cluster";
import type { Namespace } from "../../namespaces/namespace";
import type { CertificateAuthority } from "../../pki/certificate-authority";
import { Component } from "../../support/component";
import { outlives, type Removable } from "../../support/data";
import { certificateFiles } from "../../support/exporter-web";
import { labelsOf, selectorLabels } from "../../support/labels";
import { serviceHost } from "../../support/names";
import { podSecurity, withPriority } from "../../support/pods";
import { claimName, claimSpec } from "../pod";
import { httpsGet, program } from "../program";
import { serverSecret } from "../server-secret";
import { logPorts, logStorePolicy, logStoreName as name } from "./policies";

const labels = labelsOf(name, "observability");
const folder = "/etc/log-store";
const dataFolder = "/logs";

export interface LogStoreArgs extends Removable {
  size: ObservabilitySize & { logsGiB: number };
  cluster: Pick<Cluster, "provider" | "storageClass" | "ownDisks">;
  namespace: Namespace;
  authority: Pick<CertificateAuthority, "issue">;
  /** Size of the disk that the volume shares with others, in GiB: it has no bound of its own. @default it shares none */
  diskGiB?: number | undefined;
  /** Name of the namespace that the agents run in. */
  agentNamespace: string;
  /** Priority class of the pod. @default the cluster's */
  priorityClassName?: pulumi.Input<string> | undefined;
}

/** The flags of the store: what it keeps, and TLS for everybody but an operator on loopback. */
function flags({ size, diskGiB = size.logsGiB }: LogStoreArgs): string[] {
  return [
    `-storageDataPath=${dataFolder}`,
    `-retentionPeriod=${size.logsDays}d`,
    `-retention.maxDiskSpaceUsageBytes=${keptLogsMiB(size)}MiB`,
    // Below, it takes no more logs.
    `-storage.minFreeDiskSpaceBytes=${freeMiB(diskGiB)}MiB`,
    // Of its caches. A burst of lines needs the rest of the container's memory.
    "-memory.allowedPercent=25",
    `-httpListenAddr=:${logPorts.store},127.0.0.1:${logPorts.storeLocal}`,
    "-tls=true,false",
    // Read again every second: a new certificate restarts nothing.
    `-tlsCertFile=${folder}/${certificateFiles.certificate}`,
    `-tlsKeyFile=${folder}/${certificateFiles.key}`,
    "-tlsMinVersion=TLS12",
  ];
}

function deploymentSpec(
  store: LogStoreArgs,
  { secretName, claimName }: { secretName: pulumi.Input<string>; claimName: pulumi.Input<string> },
): k8s.types.input.apps.v1.DeploymentSpec {
  const { size, priorityClassName } = store;
  const container = program("log-store", images.logStore, size.logs, {
    args: flags(store),
    ports: [{ name: "https", containerPort: logPorts.store }],
    startupProbe: httpsGet("/health", logPorts.store, 10, 60),
    readinessProbe: httpsGet("/health", logPorts.store, 10, 3),
    livenessProbe: httpsGet("/health", logPorts.store, 20, 6),
    volumeMounts: [
      { name: "logs", mountPath: dataFolder },
      { name: "tls", mountPath: folder, readOnly: true },
    ],
  });
  return {
    replicas: 1,
    selector: { matchLabels: selectorLabels(name) },
    // One pod at a time has the volume.
    strategy: { type: "Recreate" },
    template: {
      metadata: { labels },
      spec: {
        ...withPriority(priorityClassName),
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: podSecurity(images.logStore),
        terminationGracePeriodSeconds: 60,
        containers: [container],
        volumes: [
          { name: "logs", persistentVolumeClaim: { claimName } },
          { name: "tls", secret: { secretName, defaultMode: 0o440 } },
        ],
      },
    },
  };
}

/** Keeps the logs of the product's pods, by size and by days. An operator asks it by `kubectl port-forward`. */
export class LogStore extends Component {
  /** Host name of its Service, known once that exists. */
  readonly host: pulumi.Output<string>;

  constructor(componentName: string, args: LogStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("observability:LogStore", componentName, opts);
    const { cluster, namespace, authority, agentNamespace, removable } = args;
    const options = { ...this.child, provider: cluster.provider };
    const metadata = { name, namespace: namespace.created, labels };
    const secret = serverSecret(this, { name, labels, namespace, authority }, options);
    new k8s.networking.v1.NetworkPolicy(
      this.named("policy"),
      { metadata, spec: logStorePolicy(agentNamespace) },
      options,
    );
    const service = new k8s.core.v1.Service(
      this.named("service"),
      {
        metadata,
        spec: { selector: selectorLabels(name), ports: [{ name: "https", port: logPorts.store, targetPort: "https" }] },
      },
      options,
    );
    this.host = service.metadata.name.apply((one) => serviceHost(one, namespace.name));
    const claim = new k8s.core.v1.PersistentVolumeClaim(
      this.named(claimName("logs", cluster)),
      {
        // The claim binds once the Deployment has created its pod.
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: claimSpec(args.size.logsGiB, cluster.storageClass),
      },
      { ...options, ...outlives(removable) },
    );
    const spec = deploymentSpec(args, { secretName: secret.metadata.name, claimName: claim.metadata.name });
    new k8s.apps.v1.Deployment(this.named("deployment"), { metadata, spec }, options);
    this.registerOutputs({});
  }
}
