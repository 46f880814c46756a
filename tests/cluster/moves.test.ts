import { expect } from "chai";
import { selectorLabels } from "../../components/support/labels";
import { namespaces } from "../../components/support/names";
import { identityOf, type KubernetesObject, type StackObject, stackObjects, stacks } from "../support/objects";
import { openCluster, withCertificates } from "./cluster";
import type { ControlPlane } from "./control-plane/control-plane";
import { type Deployed, deploy } from "./deploy";
import { roomyNodes } from "./nodes";
import { ReadinessWatch } from "./readiness";
import { blockedBudgets, ours, rolledOut, statefulSetKind } from "./rollout";

const claimKind = { apiVersion: "v1", kind: "PersistentVolumeClaim" };
const namespaceKind = { apiVersion: "v1", kind: "Namespace" };

const uid = ({ metadata }: KubernetesObject) => (metadata as { uid?: string }).uid ?? "";

/** One API server from the smallest tier to the largest and back, each tier's objects applied over the last. */
describe("moves on one API server", () => {
  const tiers = stacks();
  const way = [...tiers, ...[...tiers].reverse().slice(1)];
  const plans = new Map<string, StackObject[]>();
  const app = new ReadinessWatch(selectorLabels("app"));
  let cluster: ControlPlane;
  let now: Deployed;

  /** Identity and uid of everything that holds data: an object made anew has another uid. */
  const data = async (): Promise<Map<string, string>> => {
    const { api } = cluster;
    const found = [
      ...(await api.list(claimKind, undefined, ours)),
      ...(await api.list(statefulSetKind, undefined, ours)),
      ...(await api.list(namespaceKind, undefined, ours)).filter(({ metadata }) => metadata.name === namespaces.data),
    ];
    return new Map(found.map((object) => [identityOf(object), uid(object)]));
  };

  /** Identities of all objects of the kinds that the stacks bring, save those that controllers make. */
  const present = async (): Promise<string[]> => {
    const kinds = new Map(
      [...plans.values()].flat().map(({ object: { apiVersion, kind } }) => [kind, { apiVersion, kind }]),
    );
    const found = [];
    for (const kind of kinds.values()) found.push(...(await cluster.api.list(kind, undefined, ours)));
    return found.map(identityOf).sort();
  };

  before(async () => {
    cluster = await openCluster();
    for (const stack of tiers) plans.set(stack, withCertificates(await stackObjects(stack)));
    for (const node of roomyNodes([...plans.values()].flat())) await cluster.api.apply(node);
    now = await deploy(cluster.api, plans.get(tiers[0] as string) ?? []);
    expect(now.rejected).to.deep.equal([]);
    await rolledOut(cluster.api);
    await app.start(cluster.api, namespaces.app);
  });

  after(() => cluster?.stop());

  for (const [at, to] of way.entries()) {
    const from = way[at - 1];
    if (from === undefined) continue;
    it(`${from} -> ${to}: nothing refused, nothing with data lost, always an application pod ready`, async () => {
      app.reset();
      const before = await data();
      now = await deploy(cluster.api, plans.get(to) ?? [], now);
      expect(now.rejected).to.deep.equal([]);
      expect(now.warnings).to.deep.equal([]);
      await rolledOut(cluster.api);
      const after = await data();
      for (const [identity, id] of before) expect(after.get(identity), identity).to.equal(id);
      expect(await blockedBudgets(cluster.api)).to.deep.equal([]);
      expect(app.events, "the rollout was seen").to.be.greaterThan(2);
      expect(app.fewestReady).to.be.at.least(1);
    });
  }

  it("has seen every moment of the application's pods", () => app.stop());

  it("is finished by applying again when the API server dies in the middle: nothing lost, nothing doubled", async function () {
    if (process.env.KUBECONFIG_TEST) this.skip();
    const objects = plans.get("mvp") ?? [];
    const start = await data();
    let left = Math.floor(objects.length / 2);
    const broken = deploy(cluster.api, objects, now, async () => {
      if (left-- === 0) await cluster.killApiServer();
    });
    const failure = await broken.then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    );
    expect(failure).to.equal("ECONNREFUSED");
    await cluster.startApiServer();
    const finished = await deploy(cluster.api, objects, now);
    expect(finished.rejected).to.deep.equal([]);
    await rolledOut(cluster.api);
    expect([...(await data())]).to.deep.equal([...start]);
    expect(await present()).to.deep.equal(objects.map(({ object }) => identityOf(object)).sort());
    now = finished;
  });
});
