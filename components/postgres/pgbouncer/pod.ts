import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { drainSeconds } from "../../../contract/pooling";
import type { PgBouncerSize } from "../../../tiers";
import { exporterSize } from "../../../tiers/capacity";
import { images } from "../../../versions";
import { labelsOf, selectorLabels } from "../../support/labels";
import { ports } from "../../support/names";
import { containerSecurity, podSecurity, resourcesOf, scratch, spread, withPriority } from "../../support/pods";
import { workloads } from "../common/network-policies";
import { longestStatementSeconds } from "../common/settings";
import { exporterFolder, files, folder, socketFolder } from "./ini";

type Container = k8s.types.input.core.v1.Container;

export const pgbouncerName = workloads.pgbouncer;
export const pgbouncerLabels = labelsOf(pgbouncerName, "postgres");
const selector = selectorLabels(pgbouncerName);

/** Key of the exporter's Secret. */
export const connectionKey = "connection-string";

/** Seconds until every node has stopped routing new clients to a terminating pod. */
const settleSeconds = 15;

export interface PgBouncerPodArgs {
  size: PgBouncerSize;
  /** File that the pods start with. During a handover it keeps its content: pods on another one are not disturbed. */
  ini: typeof files.ini | typeof files.next;
  /** ConfigMap with pgbouncer.ini, drain.sh and the server's CA certificate. */
  config: pulumi.Input<string>;
  /** Secret with userlist.txt. */
  users: pulumi.Input<string>;
  /** Secret with the TLS certificate and key. */
  tls: pulumi.Input<string>;
  /** Secret with the exporter's connection string under `connectionKey`. */
  exporter: pulumi.Input<string>;
  /** Whether the exporter serves other pods, over TLS. */
  scraped: boolean;
  serviceAccount: pulumi.Input<string>;
  priorityClassName?: pulumi.Input<string> | undefined;
  /** Checksum of everything that the containers read at startup. A change restarts the pods. */
  checksum: pulumi.Input<string>;
}

/** Returns the Deployment's spec. The pools are computed for a fixed number of pods, so there is no autoscaler. */
export function deploymentSpec(args: PgBouncerPodArgs): k8s.types.input.apps.v1.DeploymentSpec {
  return {
    replicas: args.size.replicas,
    selector: { matchLabels: selector },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    // A pod that fails right after startup does not replace an old one.
    minReadySeconds: 5,
    template: {
      metadata: { labels: pgbouncerLabels, annotations: { "checksum/config": args.checksum } },
      spec: {
        ...withPriority(args.priorityClassName),
        serviceAccountName: args.serviceAccount,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: podSecurity(images.pgbouncer),
        topologySpreadConstraints: spread(selector),
        // drain.sh, then the longest statement.
        terminationGracePeriodSeconds: settleSeconds + drainSeconds + longestStatementSeconds + 15,
        containers: [pgbouncer(args), exporter(args)],
        volumes: [configuration(args), sockets.volume, ...(args.scraped ? [exporterFiles(args)] : [])],
      },
    },
  };
}

const sockets = scratch("sockets", socketFolder, "1Mi");

/** A TCP probe: a login would cost a TLS handshake and SCRAM authentication each time. */
function probe(periodSeconds: number, failureThreshold: number): k8s.types.input.core.v1.Probe {
  return { tcpSocket: { port: "postgres" }, periodSeconds, failureThreshold, timeoutSeconds: 3 };
}

function pgbouncer({ size, ini }: PgBouncerPodArgs): Container {
  const drain = [`${folder}/${files.drain}`, ports.pgbouncer, settleSeconds, drainSeconds];
  return {
    name: "pgbouncer",
    image: images.pgbouncer.image,
    // PgBouncer uses the soft limit of open files, which newer container runtimes set to 1,024. exec makes PgBouncer
    // PID 1, so that it receives signals; under the image's entrypoint script it would not.
    command: ["sh", "-c", `ulimit -S -n "$(ulimit -H -n)"; exec pgbouncer ${folder}/${ini}`],
    ports: [{ name: "postgres", containerPort: ports.pgbouncer }],
    lifecycle: { preStop: { exec: { command: ["sh", ...drain.map(String)] } } },
    readinessProbe: probe(5, 2),
    livenessProbe: probe(20, 3),
    resources: resourcesOf(size.container),
    securityContext: containerSecurity(),
    volumeMounts: [{ name: "config", mountPath: folder, readOnly: true }, sockets.mount],
  };
}

function exporter({ exporter: secret, scraped }: PgBouncerPodArgs): Container {
  const scheme = scraped ? { scheme: "HTTPS" } : {};
  // Probes the landing page, because /metrics logs in to PgBouncer.
  const page = { httpGet: { path: "/", port: "metrics", ...scheme }, periodSeconds: 20, timeoutSeconds: 3 };
  return {
    name: "exporter",
    image: images.pgbouncerExporter.image,
    ...(scraped && {
      args: [`--web.config.file=${exporterFolder}/${files.exporterWeb}`],
      volumeMounts: [{ name: "exporter", mountPath: exporterFolder, readOnly: true }],
    }),
    env: [
      {
        name: "PGBOUNCER_EXPORTER_CONNECTION_STRING",
        valueFrom: { secretKeyRef: { name: secret, key: connectionKey } },
      },
      // Makes Go collect garbage before the container reaches its memory limit.
      { name: "GOMEMLIMIT", value: `${Math.floor(exporterSize.memoryMiB * 0.8)}MiB` },
    ],
    ports: [{ name: "metrics", containerPort: ports.pgbouncerMetrics }],
    readinessProbe: page,
    livenessProbe: page,
    resources: resourcesOf(exporterSize),
    securityContext: containerSecurity(images.pgbouncerExporter),
  };
}

/** Projects everything PgBouncer reads into one folder. */
function configuration({ config, users, tls }: PgBouncerPodArgs): k8s.types.input.core.v1.Volume {
  return {
    name: "config",
    projected: {
      // Readable through the pod's fsGroup.
      defaultMode: 0o440,
      sources: [{ configMap: { name: config } }, { secret: { name: users } }, { secret: { name: tls } }],
    },
  };
}

/** Projects what the exporter reads, and no file of PgBouncer's users. */
function exporterFiles({ config, tls }: PgBouncerPodArgs): k8s.types.input.core.v1.Volume {
  const { exporterWeb } = files;
  return {
    name: "exporter",
    projected: {
      defaultMode: 0o440,
      sources: [
        { configMap: { name: config, items: [{ key: exporterWeb, path: exporterWeb }] } },
        { secret: { name: tls } },
      ],
    },
  };
}

export function serviceSpec(): k8s.types.input.core.v1.ServiceSpec {
  return {
    type: "ClusterIP",
    selector,
    ports: [{ name: "postgres", port: ports.pgbouncer, targetPort: "postgres" }],
  };
}

/** Headless: the name resolves to the pods, those that are not ready too. */
export function podsServiceSpec(): k8s.types.input.core.v1.ServiceSpec {
  return { ...serviceSpec(), clusterIP: "None", publishNotReadyAddresses: true };
}

/** Lets a node drain evict one pod at a time. */
export function disruptionBudgetSpec(): k8s.types.input.policy.v1.PodDisruptionBudgetSpec {
  return { maxUnavailable: 1, selector: { matchLabels: selector } };
}
