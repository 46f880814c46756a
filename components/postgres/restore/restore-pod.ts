import type * as k8s from "@pulumi/kubernetes";
import { labelsOf } from "../../support/labels";
import { scratch } from "../../support/pods";
import { folders } from "../cluster/config";
import { workloads } from "../common/network-policies";
import { clientContainer, clientPod } from "./client-pod";

/** Name of the pod in which a database is restored, and its folder for `restore.sh`. */
export const restoreName = "postgres-restore";
export const restoreFolder = "/restore";

/**
 * Returns a pod in which a backup is restored beside the server: of the same image, without the server's volume, its
 * secrets or any network (the namespace denies it). It is not part of the stack. It ends after a day, and its data with it.
 * @param namespace  of the in-cluster store
 */
export function restorePod(namespace: string) {
  const data = scratch("restore", restoreFolder, "4Gi");
  const temporary = scratch("tmp", "/tmp", "16Mi");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: restoreName, namespace, labels: labelsOf(restoreName, "postgres") },
    spec: {
      ...clientPod(),
      containers: [
        {
          ...clientContainer(restoreName),
          // Less than the server asks for: what is restored serves one client, and a small node has little left.
          resources: { requests: { cpu: "10m", memory: "96Mi" }, limits: { memory: "256Mi" } },
          volumeMounts: [data.mount, { name: "config", mountPath: folders.config, readOnly: true }, temporary.mount],
        },
      ],
      volumes: [data.volume, { name: "config", configMap: { name: workloads.server } }, temporary.volume],
    },
  } satisfies k8s.types.input.core.v1.Pod;
}
