import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ContainerSize } from "../../tiers";
import type { Image } from "../../versions";

/** Returns a pod's security context that meets the `restricted` Pod Security Standard. */
export function podSecurity(user: Pick<Image, "uid" | "gid">): k8s.types.input.core.v1.PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: user.uid,
    runAsGroup: user.gid,
    fsGroup: user.gid,
    // Avoids changing the owner of every file of a volume at each start.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** Returns the security context of a container. `user` is set only if it differs from the pod's. */
export function containerSecurity(user?: Pick<Image, "uid" | "gid">): k8s.types.input.core.v1.SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    ...(user && { runAsUser: user.uid, runAsGroup: user.gid }),
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** Returns the part of a pod's spec that names its priority class; nothing without one. */
export const withPriority = (priorityClassName: pulumi.Input<string> | undefined) =>
  priorityClassName === undefined ? {} : { priorityClassName };

/** What every pod with an image of the user's has in common. */
interface UserPod {
  serviceAccountName: pulumi.Input<string>;
  /** Numeric user and group of the image; never 0. */
  user: number;
  /** Secret with which the kubelet pulls the image. @default none: the image is public, or the nodes may pull it */
  pullSecret?: pulumi.Input<string> | undefined;
  priorityClassName?: pulumi.Input<string> | undefined;
}

/** Returns the part of a pod's spec that is the same for every image of the user's: no token, no service links. */
export function userPod({ serviceAccountName, user, pullSecret, priorityClassName }: UserPod) {
  return {
    ...withPriority(priorityClassName),
    ...(pullSecret !== undefined && { imagePullSecrets: [{ name: pullSecret }] }),
    serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurity({ uid: user, gid: user }),
  } satisfies Partial<k8s.types.input.core.v1.PodSpec>;
}

/**
 * Returns what a startup and a liveness probe check: a path that answers while the process works, or that the port
 * accepts connections. It must not be the readiness path: that one fails while the database does, and a restart of every
 * pod would make that worse.
 */
export function liveCheck(
  port: number | string,
  livePath: string | undefined,
): Pick<k8s.types.input.core.v1.Probe, "httpGet" | "tcpSocket"> {
  return livePath === undefined ? { tcpSocket: { port } } : { httpGet: { path: livePath, port } };
}

/** Returns the requests and the memory limit. CPU has no limit. */
export function resourcesOf(size: ContainerSize): k8s.types.input.core.v1.ResourceRequirements {
  const memory = `${size.memoryMiB}Mi`;
  return { requests: { cpu: `${size.cpuMillicores}m`, memory }, limits: { memory } };
}

/** Returns a writable directory for a container with a read-only root file system: its volume and its mount. */
export function scratch(name: string, mountPath: string, sizeLimit = "64Mi") {
  return { volume: { name, emptyDir: { sizeLimit } }, mount: { name, mountPath } };
}

/** Returns constraints that spread pods over zones and nodes. A pod that cannot be spread is scheduled anyway. */
export function spread(labels: Record<string, string>): k8s.types.input.core.v1.TopologySpreadConstraint[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: labels },
    // During a rolling update, ignores the terminating pods of the old revision.
    matchLabelKeys: ["pod-template-hash"],
  }));
}
