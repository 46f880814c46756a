import { storageClassName } from "../../components/cluster/eks/eks";
import { conditionOf, type KubernetesObject, type StackObject } from "../support/objects";
import type { Api } from "./api/api";
import { selfSigned } from "./control-plane/certificate";
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from "./control-plane/control-plane";
import { foreignCluster } from "./control-plane/foreign";
import { until } from "./control-plane/servers";
import { customResourceDefinitions } from "./crds/crds";
import { storageClass, volumes } from "./nodes";

const definitionKind = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };

/** Installs the CRDs of KEDA, Karpenter and EKS Auto Mode, and waits until the API server serves them. */
export async function installDefinitions(api: Api): Promise<void> {
  const definitions = customResourceDefinitions();
  for (const definition of definitions) await api.apply(definition);
  await until("the custom resources", async () => {
    const names = definitions.map(({ metadata }) => metadata.name);
    const known = (await api.list(definitionKind)).filter(({ metadata }) => names.includes(metadata.name));
    const established = (definition: KubernetesObject) => conditionOf(definition, "Established")?.status === "True";
    return known.filter(established).length === definitions.length || undefined;
  });
}

/**
 * Creates volumes of the cluster's default StorageClass, two for each tier's stores, and of the class that EKS' stacks bring.
 * Without a default class, creates one.
 */
async function provideVolumes(api: Api): Promise<void> {
  const isDefault = ({ metadata }: KubernetesObject) =>
    metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";
  const found = (await api.list({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass" })).find(isDefault);
  if (!found) await api.apply(storageClass);
  for (const name of [(found ?? storageClass).metadata.name, storageClassName])
    for (const volume of volumes(10, name)) await api.apply(volume);
}

/**
 * Starts a cluster for the stacks, or uses the one of `KUBECONFIG_TEST`, with simulated nodes. It has the CRDs, a
 * StorageClass and volumes, but no nodes yet.
 */
export async function openCluster(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const file = process.env.KUBECONFIG_TEST;
  const cluster = file ? await foreignCluster(file) : await startControlPlane(options);
  try {
    await installDefinitions(cluster.api);
    await provideVolumes(cluster.api);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

let pair: ReturnType<typeof selfSigned> | undefined;

/**
 * Returns the objects with real certificates. A plan has placeholders for them, and the API server validates TLS
 * Secrets.
 */
export function withCertificates(objects: StackObject[]): StackObject[] {
  return objects.map((entry) => {
    if (entry.object.type !== "kubernetes.io/tls") return entry;
    pair ??= selfSigned();
    const { cert, key } = pair;
    const data = { ...entry.object.data, "tls.crt": cert.toString("base64"), "tls.key": key.toString("base64") };
    return { ...entry, object: { ...entry.object, data } };
  });
}
