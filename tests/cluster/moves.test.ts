import { expect } from "chai";
import { namespaceNames } from "../../components/namespaces/namespaces";
import { selectorLabels } from "../../components/support/labels";
import { identityOf, type KubernetesObject, type StackObject, stackObjects, stacks } from "../support/objects";
import { openCluster, withCertificates } from "./cluster";
import type { ControlPlane } from "./control-plane/control-plane";
import { until } from "./control-plane/servers";
import { readySince } from "./control-plane/simulation";
import { type Deployed, deploy } from "./deploy";
import { roomyNodes } from "./nodes";
import { ReadinessWatch } from "./readiness";
import { blockedBudgets, ours, rolledOut, statefulSetKind } from "./rollout";

const claimKind = { apiVersion: "v1", kind: "PersistentVolumeClaim" };
const namespaceKind = { apiVersion: "v1", kind: "Namespace" };

/** Objects with data in the cluster, on every tier. */
const stores = [
  "Namespace/data",
  "PersistentVolumeClaim/data/postgres-data",
  "PersistentVolumeClaim/data/redis-data",
  "StatefulSet/data/postgres",
  "StatefulSet/data/redis",
];
const uid = ({ metadata }: KubernetesObject) => metadata.uid ?? "";

/** Moves one API server from the smallest tier to the largest and back: applies each tier's objects over the last. */
describe("moves on one API server", () => {
  const tiers = stacks();
  const way = [...tiers, ...[...tiers].reverse().slice(1)];
  const plans = new Map<string, StackObject[]>();
  const app = new ReadinessWatch(selectorLabels("app"));
  let cluster: ControlPlane;
  let now: Deployed;
  let watching = false;

  /** Returns the UIDs of the objects with data, by identity. A recreated object has a new UID. */
  const data = async (): Promise<Map<string, string>> => {
    const { api } = cluster;
    const found = [
      ...(await api.list(claimKind, undefined, ours)),
      ...(await api.list(statefulSetKind, undefined, ours)),
      ...(await api.list(namespaceKind, undefined, ours)).filter(
        ({ metadata }) => metadata.name === namespaceNames().data,
      ),
    ];
    return new Map(found.map((object) => [identityOf(object), uid(object)]));
  };

  /** Returns the identities of all objects of the stacks' kinds, except those that controllers create. */
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
    await app.start(cluster.api, namespaceNames().app);
    watching = true;
    const { object } = plans.get(tiers[0] as string)?.find(({ path }) => path === "tierstack/app/deployment") ?? {};
    expect(object?.spec.minReadySeconds, "readySince of simulated pods").to.be.at.most(readySince);
  });

  after(async () => {
    if (watching) app.stop();
    await cluster?.stop();
  });

  for (const [at, to] of way.entries()) {
    const from = way[at - 1];
    if (from === undefined) continue;
    it(`${from} -> ${to}: no rejections, no data lost, always an application pod ready`, async () => {
      app.reset();
      const before = await data();
      expect([...before.keys()]).to.include.members(stores);
      now = await deploy(cluster.api, plans.get(to) ?? [], now);
      expect(now.rejected).to.deep.equal([]);
      expect(now.warnings).to.deep.equal([]);
      await rolledOut(cluster.api);
      const after = await data();
      for (const [identity, id] of before) expect(after.get(identity), identity).to.equal(id);
      expect(await blockedBudgets(cluster.api, plans.get(to) ?? [])).to.deep.equal([]);
      expect(app.events, "the rollout was seen").to.be.greaterThan(2);
      expect(app.fewestReady).to.be.at.least(1);
    });
  }

  it("missed no event of the application's pods", () => {
    watching = false;
    app.stop();
  });

  it("completes on a second apply after the API server dies midway: nothing lost, nothing duplicated", async function () {
    if (process.env.KUBECONFIG_TEST) this.skip();
    const objects = plans.get("mvp") ?? [];
    const start = await data();
    let seen = 0;
    let rollout = false;
    // Right after the application's new template, while its rollout is in progress.
    const broken = deploy(cluster.api, objects, now, async (object) => {
      if (rollout) await cluster.killApiServer();
      rollout = identityOf(object) === "Deployment/app/app";
      seen++;
    });
    const failure = await broken.then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    );
    expect(failure).to.be.oneOf(["ECONNREFUSED", "ECONNRESET"]);
    expect(seen, "objects before the end").to.be.within(1, objects.length - 1);
    await cluster.startApiServer();
    const finished = await deploy(cluster.api, objects, now);
    expect(finished.rejected).to.deep.equal([]);
    await rolledOut(cluster.api);
    expect([...(await data())]).to.deep.equal([...start]);
    const wanted = objects.map(({ object }) => identityOf(object)).sort();
    // A namespace of the tier before ends after its objects.
    await until(
      "the end of what the tier does not have",
      async () => (await present()).length <= wanted.length || undefined,
    );
    expect(await present()).to.deep.equal(wanted);
    now = finished;
  });
});
