import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { handoverSize } from "../../../tiers/capacity";
import { containerSecurity, resourcesOf, scratch, userPod } from "../../support/pods";
import { handoverName } from "./settings";

/** Folder of the certificates of both authorities. */
export const caFolder = "/etc/handover";
/** The authority that a server in each place is verified against. */
export const caFiles = { cluster: "cluster-ca.crt", managed: "managed-ca.crt" } as const;

/** Key of each password in the Secret, by the variable that the pod has it in. */
export const passwordKeys = { HANDOVER_PASSWORD: "server-password", POOLER_PASSWORD: "pooler-password" } as const;

/** User of the engine's image (handover/Dockerfile). */
const user = 1000;

const temporary = scratch("tmp", "/tmp", "64Mi");

export interface HandoverPodArgs {
  image: string;
  labels: Record<string, string>;
  /** Variables of the engine. They may refer to those of `passwordKeys` and to NODE_IP as `$(NAME)`. */
  environment: Record<string, pulumi.Input<string>>;
  /** Secret with `passwordKeys`. */
  passwords: pulumi.Input<string>;
  /** ConfigMap with `caFiles`. */
  authorities: pulumi.Input<string>;
  serviceAccountName: pulumi.Input<string>;
  pullSecret?: pulumi.Input<string> | undefined;
  priorityClassName?: pulumi.Input<string> | undefined;
  /** Checksum of what the pod reads at startup. A change makes another Job. */
  checksum: pulumi.Input<string>;
}

/** Kubernetes puts a variable into those after it, so passwords and the node's address come first. */
function env({ environment, passwords }: HandoverPodArgs): k8s.types.input.core.v1.EnvVar[] {
  const secrets = Object.entries(passwordKeys).map(([name, key]) => ({
    name,
    valueFrom: { secretKeyRef: { name: passwords, key } },
  }));
  // Of the node that the pod is on, which is the only one: a new node means a new pod, with the new address.
  const node = { name: "NODE_IP", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } };
  return [...secrets, node, ...Object.entries(environment).map(([name, value]) => ({ name, value }))];
}

/** Returns the pod template. The engine takes up where it was, so a pod that ends is started again. */
export function podTemplate(args: HandoverPodArgs): k8s.types.input.core.v1.PodTemplateSpec {
  const { image, labels, checksum, authorities } = args;
  return {
    metadata: { labels, annotations: { "checksum/config": checksum } },
    spec: {
      ...userPod({ ...args, user }),
      restartPolicy: "OnFailure",
      containers: [
        {
          name: handoverName,
          image,
          args: ["run"],
          // The pod's status shows why the engine refuses, without a look at the log.
          terminationMessagePolicy: "FallbackToLogsOnError",
          env: env(args),
          resources: { ...resourcesOf(handoverSize), limits: { memory: `${2 * handoverSize.memoryMiB}Mi` } },
          securityContext: containerSecurity(),
          volumeMounts: [{ name: "authorities", mountPath: caFolder, readOnly: true }, temporary.mount],
        },
      ],
      volumes: [{ name: "authorities", configMap: { name: authorities } }, temporary.volume],
    },
  };
}
