import { stringify } from "yaml";
import { goMemoryLimitMiB } from "../../../tiers/k3s-memory";
import { systemdUnit } from "../../support/systemd";
import { type KubeletArgs, kubeletConfig } from "./kubelet";
import type { NodeTask } from "./node-task";
import { certificateRenewal } from "./renewal";
import { type TraefikArgs, traefikConfig } from "./traefik";

export interface NodeFilesArgs extends KubeletArgs {
  /** The Elastic IP. */
  address: string;
  /** Generation of the launch template. Written to a ConfigMap once the node is up. */
  generation: string;
  traefik: TraefikArgs;
  /** @default none */
  task?: Pick<NodeTask, "files">;
}

/** Kernel parameters that the kubelet requires with protect-kernel-defaults. */
const sysctls = {
  "vm.overcommit_memory": 1,
  "vm.panic_on_oom": 0,
  "kernel.panic": 10,
  "kernel.panic_on_oops": 1,
  "kernel.keys.root_maxkeys": 1000000,
  "kernel.keys.root_maxbytes": 25000000,
};

function k3sConfig(address: string) {
  return {
    // The same on every instance, so a replacement registers as the same node.
    "node-name": "tierstack",
    "tls-san": [address],
    "write-kubeconfig-mode": "0600",
    "secrets-encryption": true,
    "protect-kernel-defaults": true,
    // The kubelet sets the node's address instead, at once on a new instance too. ServiceLB still runs.
    "disable-cloud-controller": true,
    // Garbage-collects the pods that a node shutdown leaves behind.
    "kube-controller-manager-arg": ["terminated-pod-gc-threshold=10"],
  };
}

const mounts = ["/var/lib/rancher", "/etc/rancher"];

/** Not enabled at boot: without its data volume k3s would start a new, empty cluster. */
const k3sUnit = systemdUnit({
  Unit: {
    Description: "k3s; started by tierstack-node once the data volume is there",
    RequiresMountsFor: mounts.join(" "),
    AssertPathIsMountPoint: mounts,
  },
  Service: {
    Type: "notify",
    ExecStartPre: ["-/sbin/modprobe br_netfilter", "-/sbin/modprobe overlay"],
    ExecStart: "/usr/local/bin/k3s server",
    Environment: `GOMEMLIMIT=${goMemoryLimitMiB}MiB`,
    // Containers keep running while k3s restarts.
    KillMode: "process",
    Delegate: "yes",
    LimitNOFILE: "1048576",
    LimitNPROC: "infinity",
    TasksMax: "infinity",
    TimeoutStartSec: "900",
    Restart: "always",
    RestartSec: "5",
  },
});

const watchUnit = systemdUnit({
  Unit: { Description: "Notice of the spot market" },
  Service: { ExecStart: "/usr/local/sbin/tierstack-node watch", Restart: "always", RestartSec: "5" },
});

/** `wait-for-api.sh` reads the generation to see which instance is up. */
function nodeManifest(generation: string): string {
  return stringify({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "tierstack-node", namespace: "kube-system" },
    data: { generation },
  });
}

/** Returns the files of the node by path: systemd units, configuration and manifests. */
export function nodeFiles(args: NodeFilesArgs): Record<string, string> {
  const manifests = {
    node: nodeManifest(args.generation),
    traefik: traefikConfig(args.traefik),
  };
  return {
    "/etc/sysctl.d/90-tierstack.conf": Object.entries(sysctls)
      .map(([key, value]) => `${key}=${value}`)
      .join("\n"),
    "/etc/systemd/system/k3s.service": k3sUnit,
    "/etc/systemd/system/tierstack-watch.service": watchUnit,
    "/etc/rancher/k3s/config.yaml": stringify(k3sConfig(args.address)),
    "/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/50-tierstack.conf": stringify(kubeletConfig(args)),
    ...Object.fromEntries(
      Object.entries(manifests).map(([name, manifest]) => [
        `/var/lib/rancher/k3s/server/manifests/tierstack-${name}.yaml`,
        manifest,
      ]),
    ),
    ...certificateRenewal().files,
    ...args.task?.files,
  };
}
