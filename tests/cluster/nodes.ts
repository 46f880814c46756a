import { kedaContainers } from "../../components/workers/keda";
import type { ContainerSize, TierSpec } from "../../tiers";
import { allocatable, podsPerNode, system } from "../../tiers/capacity";
import type { KubernetesObject, StackObject } from "../support/objects";

const zones = ["us-east-1a", "us-east-1b", "us-east-1c"];

/** Annotation of the nodes that kwok manages. */
export const fakeNode = "kwok.x-k8s.io/node";

/** Returns a simulated node. Its number selects the zone, round-robin. */
function nodeOf(name: string, at: number, size: ContainerSize, pool: NodePoolTemplate = {}): KubernetesObject {
  const room = { cpu: `${size.cpuMillicores}m`, memory: `${size.memoryMiB}Mi`, pods: String(podsPerNode) };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { [fakeNode]: "fake" },
      labels: {
        ...pool.metadata?.labels,
        "kubernetes.io/hostname": name,
        "kubernetes.io/arch": "arm64",
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/zone": zones[at % zones.length] as string,
      },
    },
    ...(pool.spec?.taints && { spec: { taints: pool.spec.taints } }),
    status: { capacity: room, allocatable: room },
  };
}

interface NodePoolTemplate {
  metadata?: { labels?: Record<string, string> };
  spec?: { taints?: object[] };
}

/** Returns the requests of the system pods and, if the tier uses it, KEDA. */
function systemRequests(kind: "k3s" | "eks", spec: TierSpec): ContainerSize {
  const parts = [system[kind], ...(spec.workers.scaler === "queue" ? Object.values(kedaContainers) : [])];
  const sum = (key: keyof ContainerSize) => parts.reduce((total, part) => total + part[key], 0);
  return { cpuMillicores: sum("cpuMillicores"), memoryMiB: sum("memoryMiB") };
}

/**
 * Returns the initial nodes of a tier, with the allocatable resources of `tiers/capacity.ts`. The first node's are
 * reduced by the requests of all system pods. An existing cluster is one node with 4 CPUs and 8 GiB.
 */
export function nodesOf(spec: TierSpec, objects: StackObject[]): KubernetesObject[] {
  const { target } = spec;
  if (target.kind === "existing") return [nodeOf("node-0", 0, { cpuMillicores: 4000, memoryMiB: 8192 })];
  const { kind } = target;
  const pools =
    kind === "k3s"
      ? [{ name: "node", type: target.instanceTypes[0] as string, nodes: 1 }]
      : [
          { name: "general", type: target.general.instanceTypes[0] as string, nodes: target.general.nodes },
          ...(target.spot
            ? [{ name: "workers", type: target.spot.instanceTypes[0] as string, nodes: target.spot.nodes }]
            : []),
        ];
  return pools.flatMap(({ name, type, nodes }, pool) =>
    Array.from({ length: nodes }, (_, at) => {
      const offer = allocatable(type, kind);
      const used = pool === 0 && at === 0 ? systemRequests(kind, spec) : { cpuMillicores: 0, memoryMiB: 0 };
      const size = {
        cpuMillicores: offer.cpuMillicores - used.cpuMillicores,
        memoryMiB: offer.memoryMiB - used.memoryMiB,
      };
      const nodePool = objects.find(({ object }) => object.kind === "NodePool" && object.metadata.name === name);
      return nodeOf(`${name}-${at}`, at, size, nodePool?.object.spec.template);
    }),
  );
}

/** Returns nodes with capacity for every tier at once: one per zone, and one that only Scale's workers tolerate. */
export function roomyNodes(objects: StackObject[]): KubernetesObject[] {
  const size = { cpuMillicores: 16_000, memoryMiB: 65_536 };
  const pools = objects.filter(({ object }) => object.kind === "NodePool").map(({ object }) => object.spec.template);
  const closed = pools.filter((template) => template.spec.taints);
  return [
    ...zones.map((_, at) => nodeOf(`node-${at}`, at, size)),
    ...closed.map((template, at) => nodeOf(`closed-${at}`, at, size, template)),
  ];
}

/** Returns pre-provisioned volumes of a StorageClass, one per claim: simulated nodes have no storage. */
export function volumes(count: number, storageClassName: string): KubernetesObject[] {
  return Array.from({ length: count }, (_, at) => ({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `${storageClassName}-${at}`, labels: { "app.kubernetes.io/part-of": "tierstack" } },
    spec: {
      capacity: { storage: "100Gi" },
      accessModes: ["ReadWriteOnce"],
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName,
      hostPath: { path: `/volumes/${storageClassName}/${at}` },
    },
  }));
}

/** Default StorageClass, with the name of k3s's. Like k3s's, it cannot expand volumes. */
export const storageClass: KubernetesObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "local-path", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: "kubernetes.io/no-provisioner",
  volumeBindingMode: "WaitForFirstConsumer",
};
