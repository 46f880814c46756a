/** API servers for the Kubernetes objects of the engine's stacks: a new one for each cluster of a stack. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { fieldManager, type Kind, type Reference } from "../cluster/api/api";
import { installDefinitions } from "../cluster/cluster";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane/control-plane";
import { programsOf } from "../cluster/tools/build";
import { pinnedVersion, requireGo } from "../cluster/tools/go";
import type { KubernetesObject } from "../support/objects";

/** Whether a control plane program exists in the version that the tools' go.mod pins. */
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
 * Returns the missing programs of an API server; empty if one can be started now. Does not build them, which takes
 * minutes: `npm run test:cluster` does.
 */
export function missingForClusters(): string[] {
  return [
    ...(isBuilt("kube-apiserver", "Kubernetes v", "k8s.io/kubernetes") ? [] : ["kube-apiserver"]),
    // etcd's Go module names its command `server`.
    ...(isBuilt("server", "etcd Version: ", "go.etcd.io/etcd/server/v3") ? [] : ["etcd"]),
    ...(hasGo() ? [] : ["Go"]),
  ];
}

/** Returns the object without its managed fields. */
function withoutManagedFields({ metadata, ...rest }: KubernetesObject): object {
  const { managedFields: _, ...remaining } = metadata as KubernetesObject["metadata"] & { managedFields?: unknown };
  return { ...rest, metadata: remaining };
}

const isApplied = ({ metadata }: KubernetesObject): boolean => {
  const { managedFields = [], deletionTimestamp } = metadata as {
    managedFields?: { manager: string }[];
    deletionTimestamp?: string;
  };
  return deletionTimestamp === undefined && managedFields.some(({ manager }) => manager === fieldManager);
};

/** A cluster that is only an API server: no controllers and no pods. */
export class Cluster {
  /** Kinds of the objects that were applied. */
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

  /** Creates or updates an object. Throws an `ApiError` if the server rejects it. */
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

  /** Acts as the namespace controller: deletes the objects in a deleted namespace. */
  private async finishNamespace(name: string): Promise<void> {
    const inside = (await this.objects()).filter(({ metadata }) => metadata.namespace === name);
    for (const object of inside) await this.plane.api.remove(object);
    const body = { apiVersion: "v1", kind: "Namespace", metadata: { name }, spec: { finalizers: [] } };
    await this.plane.api.ask(`/api/v1/namespaces/${name}/finalize`, { method: "PUT", body });
  }

  /** Returns every applied object that is not deleted or terminating. */
  async objects(): Promise<KubernetesObject[]> {
    const found: KubernetesObject[] = [];
    for (const kind of this.kinds.values()) found.push(...(await this.plane.api.list(kind)).filter(isApplied));
    return found;
  }

  /** Whether applying the object would change it. A dry run. */
  async wouldChange(object: KubernetesObject): Promise<boolean> {
    const now = await this.plane.api.find(object);
    const { body } = await this.plane.api.apply(object, { dryRun: true });
    return !now || !isDeepStrictEqual(withoutManagedFields(now), withoutManagedFields(body));
  }
}

/** The clusters of all stacks. Each starts on its first use. */
export class Clusters {
  private readonly byStack = new Map<string, Map<string, Promise<Cluster>>>();
  private readonly byConnection = new Map<string, Promise<Cluster>>();

  /** Connects a provider's connection to one of the stack's clusters, which `identity` identifies. */
  connect(connection: string, stack: string, identity: string): void {
    const clusters = this.byStack.get(stack) ?? new Map<string, Promise<Cluster>>();
    this.byStack.set(stack, clusters);
    const cluster = clusters.get(identity) ?? Cluster.start();
    // The first use reports why it did not start.
    cluster.catch(() => {});
    clusters.set(identity, cluster);
    this.byConnection.set(connection, cluster);
  }

  private at(connection: string): Promise<Cluster> {
    const cluster = this.byConnection.get(connection);
    if (!cluster) throw new Error(`no Kubernetes provider was configured on the connection ${connection}`);
    return cluster;
  }

  /** Creates or updates an object in the cluster of a provider's connection. */
  async apply(connection: string, object: KubernetesObject): Promise<void> {
    await (await this.at(connection)).apply(object);
  }

  /** Deletes an object there. */
  async remove(connection: string, object: KubernetesObject): Promise<void> {
    await (await this.at(connection)).remove(object);
  }

  /** Returns the clusters of a stack, in the order of their first use. */
  of(stack: string): Promise<Cluster[]> {
    return Promise.all(this.byStack.get(stack)?.values() ?? []);
  }

  /** Stops the clusters of a stack. */
  async stop(stack: string): Promise<void> {
    const ending = [...(this.byStack.get(stack)?.values() ?? [])];
    this.byStack.delete(stack);
    await Promise.allSettled(ending.map(async (cluster) => (await cluster).stop()));
  }

  async stopAll(): Promise<void> {
    for (const stack of [...this.byStack.keys()]) await this.stop(stack);
  }
}
