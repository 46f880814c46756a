/** API servers for the Kubernetes objects of the engine's stacks: each cluster that a stack names is one, fresh. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { fieldManager, type Kind, type Reference } from "../cluster/api/api";
import { installDefinitions } from "../cluster/cluster";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane/control-plane";
import { programsOf } from "../cluster/tools/build";
import { pinnedVersion, requireGo } from "../cluster/tools/go";
import type { KubernetesObject } from "../support/objects";

/** Whether a program of the control plane is there and says that it is the one that the tools' go.mod pins. */
function isBuilt(program: string, says: string, module: string): boolean {
  const { stdout } = spawnSync(join(programsOf("control-plane"), program), ["--version"], { encoding: "utf8" });
  return stdout?.split("\n")[0] === `${says}${pinnedVersion("control-plane", module)}`;
}

function hasGo(): boolean {
  try {
    requireGo("control-plane", "run it");
    return true;
  } catch {
    return false;
  }
}

/**
 * What an API server wants and this machine has not; empty where one can be started at once. A build, which takes
 * minutes, is left to `npm run test:cluster`.
 */
export function missingForClusters(): string[] {
  return [
    ...(isBuilt("kube-apiserver", "Kubernetes v", "k8s.io/kubernetes") ? [] : ["kube-apiserver"]),
    // etcd's own name for its command is `server`.
    ...(isBuilt("server", "etcd Version: ", "go.etcd.io/etcd/server/v3") ? [] : ["etcd"]),
    ...(hasGo() ? [] : ["Go"]),
  ];
}

/** The object without the server's notes of who set what, and when. */
function withoutNotes({ metadata, ...rest }: KubernetesObject): object {
  const { managedFields: _, ...noted } = metadata as KubernetesObject["metadata"] & { managedFields?: unknown };
  return { ...rest, metadata: noted };
}

const isApplied = ({ metadata }: KubernetesObject): boolean => {
  const { managedFields = [], deletionTimestamp } = metadata as {
    managedFields?: { manager: string }[];
    deletionTimestamp?: string;
  };
  return deletionTimestamp === undefined && managedFields.some(({ manager }) => manager === fieldManager);
};

/** A cluster, as its API server sees it: no controllers run, and no pods. */
export class Cluster {
  /** Kinds of the objects that were applied here. */
  private readonly kinds = new Map<string, Kind>();

  private constructor(private readonly plane: ControlPlane) {}

  static async start(): Promise<Cluster> {
    const plane = await startControlPlane({ pods: false });
    try {
      await installDefinitions(plane.api);
      return new Cluster(plane);
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.plane.stop();
  }

  /** Creates or changes an object. Throws an `ApiError` where the server refuses it. */
  async apply(object: KubernetesObject): Promise<void> {
    const { apiVersion, kind } = object;
    await this.plane.api.apply(object);
    this.kinds.set(`${apiVersion}/${kind}`, { apiVersion, kind });
  }

  async remove(reference: Reference): Promise<void> {
    const { kind, metadata } = reference;
    await this.plane.api.remove(reference);
    if (kind === "Namespace") await this.finishNamespace(metadata.name);
  }

  /** What the namespace controller does, were it here: what is in a namespace goes with it. */
  private async finishNamespace(name: string): Promise<void> {
    const inside = (await this.objects()).filter(({ metadata }) => metadata.namespace === name);
    for (const object of inside) await this.plane.api.remove(object);
    const body = { apiVersion: "v1", kind: "Namespace", metadata: { name }, spec: { finalizers: [] } };
    await this.plane.api.ask(`/api/v1/namespaces/${name}/finalize`, { method: "PUT", body });
  }

  /** Every object that was applied here and has not gone, or is going. */
  async objects(): Promise<KubernetesObject[]> {
    const found: KubernetesObject[] = [];
    for (const kind of this.kinds.values()) found.push(...(await this.plane.api.list(kind)).filter(isApplied));
    return found;
  }

  /** Whether applying the object would change anything; nothing is stored. */
  async wouldChange(object: KubernetesObject): Promise<boolean> {
    const now = await this.plane.api.find(object);
    const { body } = await this.plane.api.apply(object, { dryRun: true });
    return !now || !isDeepStrictEqual(withoutNotes(now), withoutNotes(body));
  }
}

/** The clusters of all stacks; each starts when a provider first leads to it. */
export class Clusters {
  private readonly byStack = new Map<string, Map<string, Promise<Cluster>>>();
  private readonly byConnection = new Map<string, Promise<Cluster>>();

  /** From now on a provider's connection leads to a cluster, which `identity` tells from the stack's others. */
  connect(connection: string, stack: string, identity: string): void {
    const clusters = this.byStack.get(stack) ?? new Map<string, Promise<Cluster>>();
    this.byStack.set(stack, clusters);
    const cluster = clusters.get(identity) ?? Cluster.start();
    // Whoever uses it first is told why it did not start.
    cluster.catch(() => {});
    clusters.set(identity, cluster);
    this.byConnection.set(connection, cluster);
  }

  private at(connection: string): Promise<Cluster> {
    const cluster = this.byConnection.get(connection);
    if (!cluster) throw new Error(`no Kubernetes provider was configured on the connection ${connection}`);
    return cluster;
  }

  /** Creates or changes an object in the cluster of a provider's connection. */
  async apply(connection: string, object: KubernetesObject): Promise<void> {
    await (await this.at(connection)).apply(object);
  }

  /** Deletes an object there. */
  async remove(connection: string, object: KubernetesObject): Promise<void> {
    await (await this.at(connection)).remove(object);
  }

  /** The clusters of a stack, in the order in which it came to them. */
  of(stack: string): Promise<Cluster[]> {
    return Promise.all(this.byStack.get(stack)?.values() ?? []);
  }

  /** Ends the clusters of a stack. */
  async stop(stack: string): Promise<void> {
    const ending = [...(this.byStack.get(stack)?.values() ?? [])];
    this.byStack.delete(stack);
    await Promise.allSettled(ending.map(async (cluster) => (await cluster).stop()));
  }

  async stopAll(): Promise<void> {
    for (const stack of [...this.byStack.keys()]) await this.stop(stack);
  }
}
