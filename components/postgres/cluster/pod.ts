import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterPostgresSize } from "../../../tiers";
import { images } from "../../../versions";
import { labelsOf, selectorLabels } from "../../support/labels";
import { ports } from "../../support/names";
import { containerSecurity, podSecurity, resourcesOf, scratch, withPriority } from "../../support/pods";
import { onePod } from "../../support/stateful-set";
import { credentialKeys } from "../common/credentials";
import { workloads } from "../common/network-policies";
import { identifiers } from "../common/settings";
import { folders } from "./config";

type Container = k8s.types.input.core.v1.Container;
type Probe = k8s.types.input.core.v1.Probe;
type Volume = k8s.types.input.core.v1.Volume;

export const serverName = workloads.server;
export const serverLabels = labelsOf(serverName, "postgres");

const superuserFolder = "/etc/postgresql-superuser";
const sockets = scratch("sockets", folders.sockets, "1Mi");
const temporary = scratch("tmp", "/tmp", "16Mi");
const dataMount = { name: "data", mountPath: folders.volume };
const configMount = { name: "config", mountPath: folders.config, readOnly: true };

export interface ServerPodArgs {
  size: ClusterPostgresSize;
  /** ConfigMap with postgresql.conf, pg_hba.conf and initdb.sh. */
  config: pulumi.Input<string>;
  /** Secret with tls.crt and tls.key. */
  tls: pulumi.Input<string>;
  /** Secret with the superuser's password. */
  credentials: pulumi.Input<string>;
  claim: pulumi.Input<string>;
  priorityClassName?: pulumi.Input<string> | undefined;
  /** Checksum of everything that the server reads at startup. A change restarts the pod. */
  checksum: pulumi.Input<string>;
}

/**
 * Returns the StatefulSet's spec: one pod with one volume. The claim is a separate resource instead of a
 * volumeClaimTemplate, so that it can be protected.
 */
export function statefulSetSpec(args: ServerPodArgs): k8s.types.input.apps.v1.StatefulSetSpec {
  return {
    ...onePod,
    serviceName: serverName,
    selector: { matchLabels: selectorLabels(serverName) },
    template: {
      metadata: { labels: serverLabels, annotations: { "checksum/config": args.checksum } },
      spec: {
        ...withPriority(args.priorityClassName),
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: podSecurity(images.postgres),
        // The image's stop signal is SIGINT, a fast shutdown: it rolls back transactions and writes a checkpoint.
        terminationGracePeriodSeconds: 120,
        initContainers: [initdb(args.size)],
        containers: [server(args.size)],
        volumes: volumes(args),
      },
    },
  };
}

function initdb(size: ClusterPostgresSize): Container {
  return {
    name: "initdb",
    image: images.postgres.image,
    command: ["sh", `${folders.config}/initdb.sh`, `${superuserFolder}/${credentialKeys.superuser}`],
    // The pod's status shows why the folder is refused, without a look at the log.
    terminationMessagePolicy: "FallbackToLogsOnError",
    env: [{ name: "PGDATA", value: folders.data }],
    resources: resourcesOf(size.container),
    securityContext: containerSecurity(),
    volumeMounts: [
      dataMount,
      configMount,
      { name: "superuser", mountPath: superuserFolder, readOnly: true },
      temporary.mount,
    ],
  };
}

/** Runs pg_isready on the Unix socket: it needs no password and fails during recovery. */
function probe(periodSeconds: number, failureThreshold: number): Probe {
  const command = ["pg_isready", "--quiet", `--host=${folders.sockets}`, `--username=${identifiers.superuser}`];
  return { exec: { command }, periodSeconds, failureThreshold, timeoutSeconds: 5 };
}

function server(size: ClusterPostgresSize): Container {
  return {
    name: "postgres",
    image: images.postgres.image,
    command: ["postgres", "-c", `config_file=${folders.config}/postgresql.conf`],
    ports: [{ name: "postgres", containerPort: ports.postgres }],
    // Allows ten minutes for crash recovery.
    startupProbe: probe(5, 120),
    readinessProbe: probe(10, 3),
    livenessProbe: probe(20, 6),
    resources: resourcesOf(size.container),
    securityContext: containerSecurity(),
    volumeMounts: [
      dataMount,
      configMount,
      { name: "tls", mountPath: folders.tls, readOnly: true },
      sockets.mount,
      temporary.mount,
    ],
  };
}

function volumes({ claim, config, tls, credentials }: ServerPodArgs): Volume[] {
  // Owned by root, readable through the pod's fsGroup. Postgres rejects a key that others can read.
  const defaultMode = 0o440;
  const { superuser } = credentialKeys;
  return [
    { name: "data", persistentVolumeClaim: { claimName: claim } },
    { name: "config", configMap: { name: config } },
    { name: "tls", secret: { secretName: tls, defaultMode } },
    {
      name: "superuser",
      secret: { secretName: credentials, defaultMode, items: [{ key: superuser, path: superuser }] },
    },
    sockets.volume,
    temporary.volume,
  ];
}

export function claimSpec(
  { storageGiB }: Pick<ClusterPostgresSize, "storageGiB">,
  storageClass: string | undefined,
): k8s.types.input.core.v1.PersistentVolumeClaimSpec {
  return {
    accessModes: ["ReadWriteOnce"],
    ...(storageClass !== undefined && { storageClassName: storageClass }),
    resources: { requests: { storage: `${storageGiB}Gi` } },
  };
}

/** Headless: the name resolves to the only pod. */
export function serviceSpec(): k8s.types.input.core.v1.ServiceSpec {
  return {
    clusterIP: "None",
    selector: selectorLabels(serverName),
    ports: [{ name: "postgres", port: ports.postgres, targetPort: "postgres" }],
  };
}
