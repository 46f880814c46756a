import { expect } from "chai";
import { workersPoolScheduling } from "../../components/cluster/eks/node-pools";
import { evictableWorkers } from "../../components/workers/pool";
import { type KubernetesObject, type StackObject, stackObjects } from "../support/objects";
import { ApiError } from "./api/errors";
import { objectOf } from "./autoscaling/scene";
import { openCluster } from "./cluster";
import type { ControlPlane } from "./control-plane/control-plane";
import { until } from "./control-plane/servers";
import { deploy } from "./deploy";
import { roomyNodes } from "./nodes";
import { isReady, podKind } from "./rollout";

const worker = "worker-default";
const workers = 3;
const selector = { labelSelector: `app.kubernetes.io/name=${worker}` };

/** As many workers of Scale's queue as a spot node may hold, and what they need. */
function workersOf(objects: StackObject[], maxUnavailable: number | string): StackObject[] {
  const needed = ["Namespace", "ServiceAccount", "PriorityClass"];
  const own = objects.filter(({ object }) => needed.includes(object.kind) || object.metadata.name === worker);
  return own
    .filter(({ object }) => object.kind !== "ScaledObject")
    .map((entry) => {
      const { kind, spec } = entry.object;
      const more =
        kind === "Deployment" ? { replicas: workers } : kind === "PodDisruptionBudget" ? { maxUnavailable } : {};
      return { ...entry, object: { ...entry.object, ...(spec && { spec: { ...spec, ...more } }) } };
    });
}

describe("workers on a spot node that AWS takes back", () => {
  let objects: StackObject[];
  let cluster: ControlPlane;

  before(async () => {
    objects = await stackObjects("scale");
    cluster = await openCluster();
    for (const node of roomyNodes(objects)) await cluster.api.apply(node);
  });

  after(() => cluster?.stop());

  const readyPods = () =>
    until("the workers and their budget", async () => {
      const pods = (await cluster.api.list(podKind, "app", selector)).filter(isReady);
      const budget = await cluster.api.find({
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name: worker, namespace: "app" },
      });
      const { observedGeneration, currentHealthy } = budget?.status ?? {};
      const known = observedGeneration === budget?.metadata.generation && currentHealthy === workers;
      return (pods.length === workers && known && pods) || undefined;
    });

  /** Evicts a pod as Karpenter does. Returns the status of the answer. */
  async function evict({ metadata: { name, namespace } }: KubernetesObject): Promise<number> {
    const path = `${await cluster.api.pathOf(podKind, namespace, name)}/eviction`;
    const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
    try {
      await cluster.api.ask(path, { method: "POST", body });
      return 201;
    } catch (error) {
      if (error instanceof ApiError) return error.status;
      throw error;
    }
  }

  async function evictAll(maxUnavailable: number | string): Promise<number[]> {
    await deploy(cluster.api, workersOf(objects, maxUnavailable));
    const answers: number[] = [];
    for (const pod of await readyPods()) answers.push(await evict(pod));
    return answers;
  }

  it("all get their signal at once", async () => {
    const { maxUnavailable } = objectOf(objects, "PodDisruptionBudget", worker).spec;
    expect(maxUnavailable).to.equal("100%");
    expect(await evictAll(maxUnavailable)).to.deep.equal([201, 201, 201]);
  });

  it("would wait for each other with the budget of on-demand workers", async () => {
    const onDemand = evictableWorkers(workersPoolScheduling, { capacity: "on-demand" });
    expect(await evictAll(onDemand)).to.deep.equal([201, 429, 429]);
  });
});
