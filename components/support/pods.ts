import type * as k8s from "@pulumi/kubernetes";
import type { ContainerSize } from "../../tiers";
import type { Image } from "../../versions";

/** Security context of a pod under the `restricted` Pod Security Standard. */
export function podSecurity(user: Pick<Image, "uid" | "gid">): k8s.types.input.core.v1.PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: user.uid,
    runAsGroup: user.gid,
    fsGroup: user.gid,
    // A volume of many files is not walked at every start.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** Security context of every container; `user` where the container is not the pod's own user. */
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

/** Requests, and the memory limit; CPU has no limit. */
export function resourcesOf(size: ContainerSize): k8s.types.input.core.v1.ResourceRequirements {
  const memory = `${size.memoryMiB}Mi`;
  return { requests: { cpu: `${size.cpuMillicores}m`, memory }, limits: { memory } };
}

/** A writable folder in a container whose own file system is read-only. */
export function scratch(name: string, mountPath: string, sizeLimit = "64Mi") {
  return { volume: { name, emptyDir: { sizeLimit } }, mount: { name, mountPath } };
}

/** Spread of a workload's pods: over zones and nodes, but a pod rather runs beside its sibling than not at all. */
export function spread(labels: Record<string, string>): k8s.types.input.core.v1.TopologySpreadConstraint[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: labels },
    // A rolling update spreads its own pods, not those that are about to go.
    matchLabelKeys: ["pod-template-hash"],
  }));
}
