import { expect } from "chai";
import { priorityClassName, type Role } from "../../components/priorities/classes";
import { conditionOf, type KubernetesObject, stackObjects } from "../support/objects";
import { keepingLogs } from "../support/observed";
import { openCluster } from "./cluster";
import type { ControlPlane } from "./control-plane/control-plane";
import { until } from "./control-plane/servers";
import { fakeNode } from "./nodes";
import { podKind } from "./rollout";

const room = { cpu: "1", memory: "1Gi", pods: "10" };
const onlyNode: KubernetesObject = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "only", annotations: { [fakeNode]: "fake" }, labels: { "kubernetes.io/hostname": "only" } },
  status: { capacity: room, allocatable: room },
};

/** A pod of another program has no class. */
type Owner = Role | "another program";

/** A pod that takes more than half of the node. */
const podOf = (name: string, owner: Owner): KubernetesObject => ({
  ...podKind,
  metadata: { name, namespace: "default" },
  spec: {
    ...(owner !== "another program" && { priorityClassName: priorityClassName(owner) }),
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 1,
    containers: [{ name: "main", image: "example.com/main:1", resources: { requests: { cpu: "600m" } } }],
  },
});

describe("priorities on a real control plane", () => {
  let cluster: ControlPlane;
  /** The scheduler remembers names, so each contest has its own. */
  let contest = 0;

  before(async function () {
    // It needs a full node, and a cluster of somebody else's has others.
    if (process.env.KUBECONFIG_TEST) this.skip();
    cluster = await openCluster();
    await cluster.api.apply(onlyNode);
    for (const { object } of await stackObjects("growth", keepingLogs("growth")))
      if (object.kind === "PriorityClass") await cluster.api.apply(object);
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "default" } };
    await until("the default service account", () => cluster.api.find(account));
  });

  after(() => cluster?.stop());

  const remove = async (pod: KubernetesObject) => {
    await cluster.api.remove(pod);
    await until(
      `the end of ${pod.metadata.name}`,
      async () => (await cluster.api.find(pod)) === undefined || undefined,
    );
  };

  /** Whether a pod takes the place of one that runs on the only node. */
  async function takesPlace(arriving: Owner, running: Owner): Promise<boolean> {
    contest++;
    const [holder, challenger] = [podOf(`running-${contest}`, running), podOf(`arriving-${contest}`, arriving)];
    await cluster.api.apply(holder);
    await until("the first pod on the node", async () => (await cluster.api.find(holder))?.spec.nodeName);
    await cluster.api.apply(challenger);
    const judged = await until("the scheduler's decision", async () => {
      const pod = await cluster.api.find(challenger);
      return pod && conditionOf(pod, "PodScheduled") ? pod : undefined;
    });
    const takes = judged.status.nominatedNodeName === "only";
    if (takes)
      await until("the second pod on the node", async () => (await cluster.api.find(challenger))?.spec.nodeName);
    expect((await cluster.api.find(holder)) === undefined).to.equal(takes);
    for (const pod of [challenger, holder]) await remove(pod);
    return takes;
  }

  const contests: [arriving: Owner, running: Owner, takes: boolean][] = [
    ["stores", "application", true],
    ["pooler", "application", true],
    ["application", "workers-high", true],
    ["agents", "application", true],
    ["agents", "pooler", false],
    ["application", "pooler", false],
    ["workers-high", "workers-low", false],
    ["stores", "another program", true],
    ["application", "another program", false],
    ["another program", "workers-high", true],
  ];
  for (const [arriving, running, takes] of contests)
    it(`a pod of ${arriving} ${takes ? "takes" : "does not take"} the place of one of ${running}`, async () => {
      expect(await takesPlace(arriving, running)).to.equal(takes);
    });
});
