import { conditionOf, type KubernetesObject, type StackObject } from "../support/objects";
import type { Api } from "./api/api";
import { selfSigned } from "./control-plane/certificate";
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from "./control-plane/control-plane";
import { foreignCluster } from "./control-plane/foreign";
import { until } from "./control-plane/servers";
import { customResourceDefinitions } from "./crds/crds";
import { storageClass, volumes } from "./nodes";

const definitionKind = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };

/** Brings the custom resources of KEDA, Karpenter and EKS Auto Mode to a cluster, and waits until it serves them. */
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

/** Volumes of the cluster's default class, two for each tier's stores; the suite's own class where it has none. */
async function provideVolumes(api: Api): Promise<void> {
  const isDefault = ({ metadata }: KubernetesObject) =>
    metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";
  const found = (await api.list({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass" })).find(isDefault);
  if (!found) await api.apply(storageClass);
  for (const volume of volumes(10, (found ?? storageClass).metadata.name)) await api.apply(volume);
}

/**
 * A cluster to try the stacks on: one of our own, or the one that `KUBECONFIG_TEST` names, with simulated nodes. It has
 * the custom resources, a storage class and volumes, and no nodes yet.
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

/** The objects with real certificates: those that only a deployment makes are stand-ins in a plan, and the API server
 * looks into a Secret of certificates. */
export function withCertificates(objects: StackObject[]): StackObject[] {
  return objects.map((entry) => {
    if (entry.object.type !== "kubernetes.io/tls") return entry;
    pair ??= selfSigned();
    const { cert, key } = pair;
    const data = { ...entry.object.data, "tls.crt": cert.toString("base64"), "tls.key": key.toString("base64") };
    return { ...entry, object: { ...entry.object, data } };
  });
}
