import type * as k8s from "@pulumi/kubernetes";
import { labelsOf } from "../../support/labels";
import { resourcesOf, scratch } from "../../support/pods";
import { superuserVariables } from "../bootstrap/pod";
import { credentialKeys, credentialsSecret } from "../common/credentials";
import { clientPolicy, workloads } from "../common/network-policies";
import { clientContainer, clientPod } from "./client-pod";

/** Name of the pod and of its policy. */
export const rdsClientName = "rds-client";

const folder = "/etc/bootstrap";

/**
 * Returns a pod with PostgreSQL's programs that may reach every RDS instance in the VPC, as the superuser, and the policy
 * that lets it. It is not part of the stack. It ends after a day.
 * @param namespace  of PgBouncer
 * @param cidr  of the VPC
 */
export function rdsClient(namespace: string, cidr: string) {
  const metadata = { name: rdsClientName, namespace, labels: labelsOf(rdsClientName, "postgres") };
  const temporary = scratch("tmp", "/tmp", "16Mi");
  const variables = {
    ...superuserVariables(folder),
    // The instances end longer statements of the application. A copy takes as long as it takes.
    PGOPTIONS: "-c statement_timeout=0",
  };
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata,
    spec: clientPolicy(rdsClientName, { ipBlock: { cidr } }),
  } satisfies k8s.types.input.networking.v1.NetworkPolicy;
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: {
      ...clientPod(),
      containers: [
        {
          ...clientContainer(rdsClientName),
          env: [
            ...Object.entries(variables).map(([variable, value]) => ({ name: variable, value })),
            {
              name: "PGPASSWORD",
              valueFrom: { secretKeyRef: { name: credentialsSecret, key: credentialKeys.superuser } },
            },
          ],
          resources: resourcesOf({ cpuMillicores: 10, memoryMiB: 128 }),
          volumeMounts: [{ name: "authorities", mountPath: folder, readOnly: true }, temporary.mount],
        },
      ],
      volumes: [
        {
          name: "authorities",
          configMap: { name: workloads.bootstrap, items: [{ key: "ca.crt", path: "ca.crt" }] },
        },
        temporary.volume,
      ],
    },
  } satisfies k8s.types.input.core.v1.Pod;
  return { policy, pod };
}
