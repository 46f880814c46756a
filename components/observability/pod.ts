import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ObservabilitySize } from "../../tiers";
import { metricsDays, metricsMiB, observabilityContainers } from "../../tiers/observability";
import { images } from "../../versions";
import type { Cluster } from "../cluster/cluster";
import { labelsOf, selectorLabels } from "../support/labels";
import { podSecurity, scratch, withPriority } from "../support/pods";
import { cloudwatchExporter, cloudwatchFile } from "./cloudwatch/exporter";
import { postgresExporterFlags, redisExporterFlags } from "./exporters";
import { dashboardFolder, grafanaSettings, provisioning } from "./grafana";
import { alertmanager, mailFiles } from "./mail";
import { monitorName } from "./network-policies";
import { httpGet, program } from "./program";
import { rulesFile } from "./prometheus/config";
import { exporterPorts, type ScrapeFiles } from "./prometheus/scrape";
import { reportedKinds } from "./rights";

type Container = k8s.types.input.core.v1.Container;
type Volume = k8s.types.input.core.v1.Volume;

export const monitorLabels = labelsOf(monitorName, "observability");

/** Where clients in a pod look for their service account. */
const accountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";
const configFolder = "/etc/prometheus";
const exporterFolder = "/etc/exporter";

/** Files of the ConfigMap and of the Secret. */
export const files = {
  config: "prometheus.yml",
  rules: rulesFile,
  authority: "ca.crt",
  postgresAuthority: "postgres-ca.crt",
  postgresExporter: "postgres_exporter.yml",
  redisPassword: "redis-password",
} as const;

/** Paths of the files as the containers see them. */
export const paths = {
  postgresAuthority: `${exporterFolder}/${files.postgresAuthority}`,
  scrape: {
    authority: `${configFolder}/${files.authority}`,
    token: `${accountFolder}/token`,
    clusterAuthority: `${accountFolder}/ca.crt`,
  } satisfies ScrapeFiles,
};

export interface MonitorPodArgs {
  size: ObservabilitySize;
  /** Namespaces whose objects kube-state-metrics reports. */
  namespaces: string[];
  /** Whether Redis is in the cluster, so that the product's own authority vouches for it, and not a public one. */
  ownRedis: boolean;
  /** Whether Alertmanager runs, and which keys of the Secret it reads. */
  mail: { secrets: string[] } | undefined;
  /** Whether the exporter of CloudWatch's figures runs. */
  cloudwatch: boolean;
  /** Names of the ConfigMap, the Secret, the claim and the service account. */
  config: pulumi.Input<string>;
  secret: pulumi.Input<string>;
  /** ConfigMap of the dashboards and of Grafana's own files. */
  dashboards: pulumi.Input<string>;
  /** Names of the dashboards' files. */
  dashboardFiles: string[];
  claim: pulumi.Input<string>;
  serviceAccount: pulumi.Input<string>;
  priorityClassName?: pulumi.Input<string> | undefined;
  /** Checksum of what the exporters, Grafana and Alertmanager read at their start. A change restarts the pod. */
  checksum: pulumi.Input<string>;
}

const account = { name: "account", mountPath: accountFolder, readOnly: true };

function prometheus({ size }: MonitorPodArgs): Container {
  const port = exporterPorts.prometheus;
  return program("prometheus", images.prometheus, size.prometheus, {
    args: [
      `--config.file=${configFolder}/${files.config}`,
      "--storage.tsdb.path=/prometheus",
      `--storage.tsdb.retention.size=${metricsMiB(size)}MB`,
      `--storage.tsdb.retention.time=${metricsDays}d`,
      `--web.listen-address=:${port}`,
      // The kubelet brings a changed ConfigMap; no pod restarts for it.
      "--enable-feature=auto-reload-config",
    ],
    ports: [{ name: "prometheus", containerPort: port }],
    // Allows fifteen minutes to replay the write-ahead log.
    startupProbe: httpGet("/-/ready", port, 10, 90),
    readinessProbe: httpGet("/-/ready", port, 10, 3),
    livenessProbe: httpGet("/-/healthy", port, 20, 6),
    volumeMounts: [
      { name: "metrics", mountPath: "/prometheus" },
      { name: "config", mountPath: configFolder, readOnly: true },
      account,
    ],
  });
}

function kubeStateMetrics({ namespaces }: MonitorPodArgs): Container {
  const { kubeStateMetrics: port, kubeStateMetricsOwn: own } = exporterPorts;
  return program("kube-state-metrics", images.kubeStateMetrics, observabilityContainers.kubeStateMetrics, {
    args: [
      `--port=${port}`,
      `--telemetry-port=${own}`,
      `--namespaces=${namespaces.join(",")}`,
      `--resources=${reportedKinds.join(",")}`,
    ],
    readinessProbe: httpGet("/readyz", own, 10, 3),
    livenessProbe: httpGet("/livez", port, 20, 6),
    volumeMounts: [account],
  });
}

function postgresExporter(): Container {
  const port = exporterPorts.postgres;
  return program("postgres-exporter", images.postgresExporter, observabilityContainers.postgresExporter, {
    args: [
      `--config.file=${exporterFolder}/${files.postgresExporter}`,
      `--web.listen-address=:${port}`,
      ...postgresExporterFlags,
    ],
    // Their landing page: /probe logs in to a server.
    readinessProbe: httpGet("/", port, 20, 3),
    livenessProbe: httpGet("/", port, 20, 6),
    volumeMounts: [{ name: "postgres-exporter", mountPath: exporterFolder, readOnly: true }],
  });
}

function redisExporter({ secret, ownRedis }: MonitorPodArgs): Container {
  const port = exporterPorts.redis;
  return program("redis-exporter", images.redisExporter, observabilityContainers.redisExporter, {
    args: [
      `--web.listen-address=:${port}`,
      ...redisExporterFlags,
      ...(ownRedis ? [`--tls-ca-cert-file=${exporterFolder}/${files.authority}`] : []),
    ],
    env: [{ name: "REDIS_PASSWORD", valueFrom: { secretKeyRef: { name: secret, key: files.redisPassword } } }],
    readinessProbe: httpGet("/health", port, 20, 3),
    livenessProbe: httpGet("/health", port, 20, 6),
    ...(ownRedis && { volumeMounts: [{ name: "redis-exporter", mountPath: exporterFolder, readOnly: true }] }),
  });
}

const grafanaData = scratch("grafana", "/var/lib/grafana", "256Mi");
const grafanaTemporary = scratch("grafana-tmp", "/tmp");

function grafana(): Container {
  const port = exporterPorts.grafana;
  return program("grafana", images.grafana, observabilityContainers.grafana, {
    env: Object.entries({ ...grafanaSettings, GF_SERVER_HTTP_PORT: String(port) }).map(([name, value]) => ({
      name,
      value,
    })),
    ports: [{ name: "grafana", containerPort: port }],
    // Its first start migrates its own database.
    startupProbe: httpGet("/api/health", port, 5, 60),
    readinessProbe: httpGet("/api/health", port, 10, 3),
    livenessProbe: httpGet("/api/health", port, 20, 6),
    volumeMounts: [
      grafanaData.mount,
      grafanaTemporary.mount,
      { name: "provisioning", mountPath: String(grafanaSettings.GF_PATHS_PROVISIONING), readOnly: true },
      { name: "dashboards", mountPath: dashboardFolder, readOnly: true },
    ],
  });
}

/** Projects Grafana's own files into the folders that it looks in. */
function provisioningVolume(dashboards: pulumi.Input<string>): Volume {
  const [source, provider] = Object.keys(provisioning()) as [string, string];
  const items = [
    { key: source, path: `datasources/${source}` },
    { key: provider, path: `dashboards/${provider}` },
  ];
  return {
    name: "provisioning",
    projected: { defaultMode: 0o440, sources: [{ configMap: { name: dashboards, items } }] },
  };
}

/** Projects the named keys of a ConfigMap and of a Secret. Readable through the pod's fsGroup. */
function projected(
  name: string,
  from: { config?: [pulumi.Input<string>, string[]]; secret?: [pulumi.Input<string>, string[]] },
): Volume {
  const items = (keys: string[]) => keys.map((key) => ({ key, path: key }));
  return {
    name,
    projected: {
      defaultMode: 0o440,
      sources: [
        ...(from.config ? [{ configMap: { name: from.config[0], items: items(from.config[1]) } }] : []),
        ...(from.secret ? [{ secret: { name: from.secret[0], items: items(from.secret[1]) } }] : []),
      ],
    },
  };
}

/** The token of the account, for the two containers that ask the API server. The pod mounts none by itself. */
const accountVolume: Volume = {
  name: "account",
  projected: {
    defaultMode: 0o440,
    sources: [
      { serviceAccountToken: { path: "token", expirationSeconds: 3600 } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    ],
  },
};

/** The configuration of Alertmanager, with its secrets. */
const alertmanagerVolume = ({ config, secret, mail }: MonitorPodArgs): Volume =>
  projected("alertmanager", {
    config: [config, [mailFiles.config]],
    ...(mail && mail.secrets.length > 0 && { secret: [secret, mail.secrets] }),
  });

/**
 * Returns the Deployment's spec: Prometheus, Alertmanager, Grafana and every exporter that there is one of, in one pod. They talk over loopback,
 * so their figures need no certificate and no policy, and no Service. One pod at a time has the volume.
 */
export function deploymentSpec(args: MonitorPodArgs): k8s.types.input.apps.v1.DeploymentSpec {
  const { mail, cloudwatch, config, secret, claim, serviceAccount, priorityClassName, ownRedis } = args;
  const { dashboards, dashboardFiles } = args;
  return {
    replicas: 1,
    selector: { matchLabels: selectorLabels(monitorName) },
    strategy: { type: "Recreate" },
    template: {
      metadata: { labels: monitorLabels, annotations: { "checksum/config": args.checksum } },
      spec: {
        ...withPriority(priorityClassName),
        serviceAccountName: serviceAccount,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: podSecurity(images.prometheus),
        terminationGracePeriodSeconds: 120,
        containers: [
          prometheus(args),
          kubeStateMetrics(args),
          postgresExporter(),
          redisExporter(args),
          grafana(),
          ...(mail ? [alertmanager({ volume: "alertmanager", data: "metrics" })] : []),
          ...(cloudwatch ? [cloudwatchExporter("cloudwatch")] : []),
        ],
        volumes: [
          { name: "metrics", persistentVolumeClaim: { claimName: claim } },
          projected("config", { config: [config, [files.config, files.rules, files.authority]] }),
          accountVolume,
          projected("postgres-exporter", {
            config: [config, [files.postgresAuthority]],
            secret: [secret, [files.postgresExporter]],
          }),
          grafanaData.volume,
          grafanaTemporary.volume,
          provisioningVolume(dashboards),
          projected("dashboards", { config: [dashboards, dashboardFiles] }),
          ...(mail ? [alertmanagerVolume(args)] : []),
          ...(cloudwatch ? [projected("cloudwatch", { config: [config, [cloudwatchFile]] })] : []),
          ...(ownRedis ? [projected("redis-exporter", { config: [config, [files.authority]] })] : []),
        ],
      },
    },
  };
}

/**
 * Returns the logical name of a claim. In a cluster whose volumes are disks of their own it has another one, so that a move
 * from or to such a cluster creates a claim there and leaves the other where it is: no provider replaces a volume.
 */
export const claimName = (name: string, { ownDisks = false }: Pick<Cluster, "ownDisks">): string =>
  ownDisks ? `${name}-disk` : name;

export function claimSpec(
  storageGiB: number,
  storageClass: string | undefined,
): k8s.types.input.core.v1.PersistentVolumeClaimSpec {
  return {
    accessModes: ["ReadWriteOnce"],
    ...(storageClass !== undefined && { storageClassName: storageClass }),
    resources: { requests: { storage: `${storageGiB}Gi` } },
  };
}
