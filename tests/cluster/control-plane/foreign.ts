import { readFileSync, writeFileSync } from "node:fs";
import { KubeConfig } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../support/objects";
import { Api, type Kind } from "../api/api";
import { ApiError } from "../api/errors";
import { fakeNode } from "../nodes";
import { ours } from "../rollout";
import { buildTools } from "../tools/build";
import type { ControlPlane } from "./control-plane";
import { Servers, until } from "./servers";
import { startNodes } from "./simulation";

const nodeKind = { apiVersion: "v1", kind: "Node" };
const namespaceKind = { apiVersion: "v1", kind: "Namespace" };
/** Kinds of the cluster-scoped objects that the stacks or the tests create. */
const inNoNamespace = [
  { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass" },
  { apiVersion: "karpenter.sh/v1", kind: "NodePool" },
  { apiVersion: "eks.amazonaws.com/v1", kind: "NodeClass" },
  { apiVersion: "v1", kind: "PersistentVolume" },
];

/** Annotation of nodes that the tests cordon. */
const cordonedMark = "tierstack.dev/cordoned-by-tests";

/** Namespaces that the suite creates and deletes. */
const own = ["app", "data", "keda"];

function readKubeconfig(file: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
  } catch (error) {
    throw new Error(`KUBECONFIG_TEST: ${file} is not a kubeconfig: ${(error as Error).message}`);
  }
  return config;
}

/** Throws if the cluster could be in use: the suite deletes namespaces with everything in them. */
async function checkFree(config: KubeConfig, api: Api): Promise<void> {
  const { hostname } = new URL(api.server);
  if (!["127.0.0.1", "localhost", "[::1]", "0.0.0.0"].includes(hostname))
    throw new Error(
      `KUBECONFIG_TEST: the current context, ${config.currentContext}, is at ${api.server}; allowed: a cluster on this ` +
        "machine, as kind or k3d make it. Make one for the tests, and name its kubeconfig.",
    );
  const namespaces = (await api.list(namespaceKind)).map(({ metadata }) => metadata.name);
  const used = own.filter((name) => namespaces.includes(name));
  if (used.length > 0)
    throw new Error(
      `KUBECONFIG_TEST: the cluster has a namespace ${used.join(", ")}, and the tests would delete it; allowed: a ` +
        "cluster without. Delete it yourself, or make another cluster.",
    );
}

/** An existing cluster. Its own nodes are cordoned during the tests; the pods run on simulated nodes. */
class ForeignCluster implements ControlPlane {
  private cordoned: string[] = [];
  private readonly servers = new Servers();

  constructor(
    readonly api: Api,
    readonly kubeconfig: string,
  ) {}

  async start(): Promise<void> {
    const bin = await buildTools("nodes");
    for (const { metadata, spec } of await this.api.list(nodeKind)) {
      if (spec?.unschedulable && !metadata.annotations?.[cordonedMark]) continue;
      await this.setUnschedulable(metadata.name, true);
      this.cordoned.push(metadata.name);
    }
    writeFileSync(this.servers.path("kubeconfig"), this.kubeconfig, { mode: 0o600 });
    startNodes(this.servers, bin);
  }

  private async setUnschedulable(name: string, unschedulable: boolean): Promise<void> {
    // Marked, so that the next run can clean up after a killed one.
    const annotations = { [cordonedMark]: unschedulable ? "true" : null };
    await this.api.merge({ ...nodeKind, metadata: { name } }, { metadata: { annotations }, spec: { unschedulable } });
  }

  killApiServer(): Promise<void> {
    throw new Error("the suite does not kill the API server of KUBECONFIG_TEST");
  }

  startApiServer(): Promise<void> {
    return this.killApiServer();
  }

  /** Removes the tests' objects and their dependents. Keeps CRDs and the StorageClass. */
  private async cleanUp(): Promise<void> {
    const { api } = this;
    const namespaces = own.map((name) => ({ ...namespaceKind, metadata: { name } }));
    for (const namespace of namespaces) await api.remove(namespace);
    for (const namespace of namespaces)
      await until(`the end of namespace ${namespace.metadata.name}`, async () =>
        (await api.find(namespace)) ? undefined : true,
      );
    for (const kind of inNoNamespace) for (const object of await this.listed(kind)) await api.remove(object);
    // Last, because pods need their node to terminate.
    for (const node of await api.list(nodeKind)) if (node.metadata.annotations?.[fakeNode]) await api.remove(node);
  }

  /** Returns the tests' objects of a kind; none if the kind's CRD does not exist. */
  private async listed(kind: Kind): Promise<KubernetesObject[]> {
    try {
      return await this.api.list(kind, undefined, ours);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return [];
      throw error;
    }
  }

  async stop(): Promise<void> {
    try {
      await this.cleanUp();
    } finally {
      for (const name of this.cordoned) await this.setUnschedulable(name, false);
      await this.servers.stop();
    }
  }
}

/** Connects to the cluster of a kubeconfig's current context. */
export async function foreignCluster(file: string): Promise<ControlPlane> {
  const config = readKubeconfig(file);
  const text = readFileSync(file, "utf8");
  const api = Api.fromKubeconfig(text);
  await checkFree(config, api);
  const cluster = new ForeignCluster(api, text);
  try {
    await cluster.start();
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}
