/** What ends a raised minimum in a cluster, run here: kwok's pods run nothing. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import type { KubernetesObject } from "../../support/objects";
import type { Api } from "../api/api";
import type { ControlPlane } from "../control-plane/control-plane";

const name = "end-app";
const namespace = "app";

/** The CronJob that ends the minimum of the application. */
export const ender = (api: Api) => api.find({ apiVersion: "batch/v1", kind: "CronJob", metadata: { name, namespace } });

const rbac = "rbac.authorization.k8s.io/v1";
const kinds = [
  { apiVersion: "v1", kind: "ServiceAccount" },
  { apiVersion: rbac, kind: "Role" },
  { apiVersion: rbac, kind: "RoleBinding" },
  { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" },
];

/** What its pod needs. */
export async function belongings(api: Api): Promise<KubernetesObject[]> {
  const all = await Promise.all(kinds.map((kind) => api.list(kind, namespace)));
  return all.flat().filter(({ metadata }) => metadata.name === name);
}

const mounted = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Runs what its pod runs, with a token of the pod's ServiceAccount. Returns what it says. */
export async function ended({ api, kubeconfig }: ControlPlane, spec: KubernetesObject): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "tierstack-end-"));
  try {
    const { body } = await api.ask<{ status: { token: string } }>(
      `/api/v1/namespaces/${namespace}/serviceaccounts/${spec.serviceAccountName}/token`,
      { method: "POST", body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} } },
    );
    writeFileSync(join(folder, "token"), body.status.token, { mode: 0o600 });
    const authority = parse(kubeconfig).clusters[0].cluster["certificate-authority-data"];
    writeFileSync(join(folder, "ca.crt"), Buffer.from(authority, "base64"));
    const [container] = spec.containers;
    const [program, ...args] = container.command.map((word: string) => word.replace(mounted, folder));
    const { hostname, port } = new URL(api.server);
    const env = {
      PATH: process.env.PATH,
      ...Object.fromEntries(container.env.map(({ name: key, value }: Record<string, string>) => [key, value])),
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
    };
    return (await promisify(execFile)(program, args, { env })).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
