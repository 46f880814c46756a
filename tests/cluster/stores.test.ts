import { expect } from "chai";
import { vpcCidr } from "../../components/network/subnets";
import { rdsClient } from "../../components/postgres/restore/rds-client";
import { restorePod } from "../../components/postgres/restore/restore-pod";
import { conditionOf, type KubernetesObject, type StackObject, stackObjects } from "../support/objects";
import { openCluster, withCertificates } from "./cluster";
import type { ControlPlane } from "./control-plane/control-plane";
import { until } from "./control-plane/servers";
import { deploy } from "./deploy";
import { roomyNodes } from "./nodes";
import { isReady, podKind, rolledOut, statefulSetKind } from "./rollout";

/** What a pod waits for in vain: a node with a label that none has. */
const nowhere = { "tierstack.dev/nowhere": "true" };

describe("stores on a real control plane", () => {
  let cluster: ControlPlane;
  let objects: StackObject[];

  before(async () => {
    cluster = await openCluster();
    objects = withCertificates(await stackObjects("mvp"));
    for (const node of roomyNodes(objects)) await cluster.api.apply(node);
    expect((await deploy(cluster.api, objects)).rejected).to.deep.equal([]);
    await rolledOut(cluster.api);
  });

  after(() => cluster?.stop());

  const podOf = async ({ metadata: { name, namespace } }: KubernetesObject) =>
    cluster.api.find({ ...podKind, metadata: { name: `${name}-0`, namespace } });

  for (const store of ["postgres", "redis"])
    it(`${store} comes up again once a template that cannot start is put right`, async () => {
      const found = objects.find(({ object: { kind, metadata } }) => kind === "StatefulSet" && metadata.name === store);
      const { object } = found as StackObject;
      const wrong = structuredClone(object);
      wrong.spec.template.spec.nodeSelector = nowhere;
      await cluster.api.apply(wrong);
      await until("the pod that cannot start", async () => {
        const pod = await podOf(object);
        return (pod?.spec.nodeSelector && conditionOf(pod, "PodScheduled")?.status === "False") || undefined;
      });
      await cluster.api.apply(object);
      await until("the pod of the right template", async () => {
        const pod = await podOf(object);
        return (pod && !pod.spec.nodeSelector && isReady(pod)) || undefined;
      });
      const set = await cluster.api.find({ ...statefulSetKind, metadata: object.metadata });
      expect(set?.spec.podManagementPolicy).to.equal("Parallel");
    });

  it("the pods with which a backup is restored are admitted beside Postgres", async () => {
    const { policy, pod: client } = rdsClient("data", vpcCidr.default);
    await cluster.api.apply(policy);
    for (const pod of [restorePod("data"), client]) {
      await cluster.api.apply(pod);
      await until(`the pod ${pod.metadata.name}`, async () => {
        const found = await cluster.api.find(pod);
        return (found && conditionOf(found, "PodScheduled")?.status === "True") || undefined;
      });
    }
  });
});
