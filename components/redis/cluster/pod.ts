import { basename, dirname, join } from "node:path";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterRedisSize } from "../../../tiers";
import { images } from "../../../versions";
import { inNamespace } from "../../namespaces/network-policies";
import type { Certificate } from "../../pki/certificate-authority";
import { readScript } from "../../support/file";
import { labelsOf, selectorLabels } from "../../support/labels";
import { caFile, ports } from "../../support/names";
import { containerSecurity, podSecurity, resourcesOf, withPriority } from "../../support/pods";
import type { Turns } from "../../support/rotation";
import { onePod } from "../../support/stateful-set";
import { renderAuth, renderConfig } from "./config";

/** Name of every Valkey object. */
export const valkeyName = "redis";
export const valkeyLabels = labelsOf(valkeyName, "redis");

const folders = { config: "/etc/valkey/config", secret: "/etc/valkey/secret", data: "/data" };
const script = join(folders.config, "valkey.sh");
const passwordFile = join(folders.secret, "password");

/** Returns the files of the ConfigMap: everything but secrets. */
export function configFiles(
  size: ClusterRedisSize,
  hostname: string,
  authority: pulumi.Input<string>,
): Record<string, pulumi.Input<string>> {
  return {
    "valkey.conf": renderConfig({
      hostname,
      port: ports.redis,
      memoryMiB: size.container.memoryMiB,
      files: {
        data: folders.data,
        auth: join(folders.secret, "auth.conf"),
        authority: caFile,
        certificate: join(folders.secret, "tls.crt"),
        key: join(folders.secret, "tls.key"),
      },
    }),
    "valkey.sh": readScript(__dirname, "valkey.sh"),
    [basename(caFile)]: authority,
  };
}

/** Returns the files of the Secret. */
export function secretFiles(
  { current, previous }: Turns<pulumi.Output<string>>,
  { certificate, privateKey }: Certificate,
): Record<string, pulumi.Output<string>> {
  const auth = pulumi.secret(pulumi.all([current, previous]).apply(renderAuth));
  return { password: current, "auth.conf": auth, "tls.crt": certificate, "tls.key": privateKey };
}

function probe(
  check: "ready" | "live",
  periodSeconds: number,
  failureThreshold: number,
): k8s.types.input.core.v1.Probe {
  // A TLS handshake is slow on a few millicores.
  return { exec: { command: ["sh", script, check] }, periodSeconds, failureThreshold, timeoutSeconds: 5 };
}

function container(size: ClusterRedisSize): k8s.types.input.core.v1.Container {
  return {
    name: "valkey",
    image: images.valkey.image,
    command: ["sh", script, "start"],
    env: [
      { name: "VALKEY_CONFIG", value: join(folders.config, "valkey.conf") },
      { name: "VALKEY_PORT", value: String(ports.redis) },
      { name: "VALKEY_CA", value: caFile },
      { name: "VALKEY_PASSWORD_FILE", value: passwordFile },
    ],
    ports: [{ name: "redis", containerPort: ports.redis }],
    // Allows five minutes to load the append-only file.
    startupProbe: probe("ready", 5, 60),
    readinessProbe: probe("ready", 10, 3),
    livenessProbe: probe("live", 20, 3),
    resources: resourcesOf(size.container),
    securityContext: containerSecurity(),
    volumeMounts: [
      { name: "data", mountPath: folders.data },
      { name: "config", mountPath: folders.config, readOnly: true },
      { name: "secret", mountPath: folders.secret, readOnly: true },
      { name: "authority", mountPath: dirname(caFile), readOnly: true },
    ],
  };
}

export interface ValkeyPodArgs {
  size: ClusterRedisSize;
  /** Names of the ConfigMap, the Secret and the PersistentVolumeClaim. */
  config: pulumi.Input<string>;
  secret: pulumi.Input<string>;
  claim: pulumi.Input<string>;
  priorityClassName?: pulumi.Input<string> | undefined;
  /** Checksum of everything that the server reads at startup. A change restarts the pod. */
  checksum: pulumi.Input<string>;
}

/** Returns the StatefulSet's spec: one pod with one volume. The separate claim outlives the StatefulSet. */
export function statefulSetSpec(args: ValkeyPodArgs): k8s.types.input.apps.v1.StatefulSetSpec {
  return {
    ...onePod,
    serviceName: valkeyName,
    selector: { matchLabels: selectorLabels(valkeyName) },
    template: {
      metadata: { labels: valkeyLabels, annotations: { "checksum/config": args.checksum } },
      spec: {
        ...withPriority(args.priorityClassName),
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: podSecurity(images.valkey),
        terminationGracePeriodSeconds: 60,
        containers: [container(args.size)],
        volumes: [
          { name: "data", persistentVolumeClaim: { claimName: args.claim } },
          { name: "config", configMap: { name: args.config } },
          // Readable through the pod's fsGroup.
          { name: "secret", secret: { secretName: args.secret, defaultMode: 0o440 } },
          {
            name: "authority",
            configMap: { name: args.config, items: [{ key: basename(caFile), path: basename(caFile) }] },
          },
        ],
      },
    },
  };
}

export function claimSpec(
  size: ClusterRedisSize,
  storageClass: string | undefined,
): k8s.types.input.core.v1.PersistentVolumeClaimSpec {
  return {
    accessModes: ["ReadWriteOnce"],
    ...(storageClass !== undefined && { storageClassName: storageClass }),
    resources: { requests: { storage: `${size.storageGiB}Gi` } },
  };
}

/** Headless: a single pod needs no load balancing, and the name resolves to its address. */
export function serviceSpec(): k8s.types.input.core.v1.ServiceSpec {
  return {
    clusterIP: "None",
    selector: selectorLabels(valkeyName),
    ports: [{ name: "redis", port: ports.redis, targetPort: "redis" }],
  };
}

/** Allows ingress from the client namespaces. The server opens no connections. */
export function policySpec(clientNamespaces: string[]): k8s.types.input.networking.v1.NetworkPolicySpec {
  return {
    podSelector: { matchLabels: selectorLabels(valkeyName) },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: clientNamespaces.map(inNamespace),
        ports: [{ protocol: "TCP", port: ports.redis }],
      },
    ],
  };
}
