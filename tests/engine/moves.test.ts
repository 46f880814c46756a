import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { isDataType } from "../../policy/rules/data";
import type { Held as HeldInAccount } from "../support/account";
import type { KubernetesObject } from "../support/objects";
import { Engine, type Step } from "./engine";
import type { Operation } from "./provider";
import { Stack } from "./stack";
import { typeOf } from "./wire";

type Held = Record<string, KubernetesObject>;

/** Objects with data in mvp's cluster. */
const stores = [
  "Namespace/data",
  "PersistentVolumeClaim/data/postgres-data",
  "PersistentVolumeClaim/data/redis-data",
  "StatefulSet/data/postgres",
  "StatefulSet/data/redis",
];

/**
 * Objects that the application needs to serve requests on EKS: no autoscaler, disruption budget or policies. The name of
 * the environment's Secret goes on with a suffix.
 */
const serving = [
  "ConfigMap/app/app-gateway",
  "Secret/app/app-env-",
  "Secret/app/app-gateway-tls",
  "ServiceAccount/app/app",
  "Deployment/app/app",
  "Service/app/app",
  "TargetGroupBinding/app/app",
];

const isData = ({ urn }: Operation) => isDataType(typeOf(urn));
const isStore = (type: string) => /^aws:(rds\/instance|elasticache\/replicationGroup):/.test(type);
const isEdge = ({ action, urn }: Operation) =>
  action === "update" && typeOf(urn) === "aws:cloudfront/distribution:Distribution";

/** Returns the steps in the engine's log that delete or replace a resource with data. */
const lost = (steps: Step[]) =>
  steps.filter(
    ({ op, urn, retained }) => isDataType(typeOf(urn)) && (/replace/.test(op) || (op === "delete" && !retained)),
  );

/** Returns the UIDs of the stores. The same UID means the object was never deleted and recreated. */
const idsOf = (held: Held | undefined) =>
  Object.fromEntries(stores.map((store) => [store, held?.[store]?.metadata.uid]));

describe("moves with the real engine", () => {
  let engine: Engine;
  let prod: Stack;
  /** UIDs of the stores that mvp created. */
  let made: Record<string, string | undefined>;

  before(async function () {
    engine = await Engine.start(this);
    cpSync(join(engine.folder, "Pulumi.mvp.yaml"), join(engine.folder, "Pulumi.prod.yaml"));
    prod = new Stack(engine, "prod");
    await prod.init();
    await prod.up();
    made = idsOf((await prod.held())[0]);
    if (prod.onClusters) expect(Object.values(made)).to.not.include(undefined);
  });
  after(() => engine?.stop());

  const setTier = (tier: string) => prod.set("tier", tier);

  /** Expects the node's cluster to contain the stores that mvp created. */
  const expectStores = async () => expect(idsOf((await prod.held())[0])).to.deep.equal(made);

  /** Moves, and expects no resource with data to be deleted or replaced. Returns the operations. */
  const move = async (tier: string): Promise<Operation[]> => {
    setTier(tier);
    const done = await prod.up();
    expect(done.filter((operation) => operation.action === "delete" && isData(operation))).to.deep.equal([]);
    expect(lost(prod.steps)).to.deep.equal([]);
    await expectStores();
    return done;
  };

  it("mvp -> startup: keeps the cluster and its stores", async () => {
    await move("startup");
  });

  it("rejects startup -> growth in the preview where keep.nodeState is forgotten", async () => {
    setTier("growth");
    const held = await prod.held();
    const refused = await prod.run("up", "--yes");
    expect(refused.code).to.not.equal(0);
    expect(refused.output).to.contain("cannot be deleted").and.to.contain("protected");
    expect(refused.output).to.contain("node-state-");
    expect(engine.standIn.done).to.deep.equal([]);
    expect(await prod.held()).to.deep.equal(held);
    prod.set("keep", "{ nodeState: true }");
  });

  it("startup -> growth: switches the edge only when the new cluster is complete and the old one unchanged", async () => {
    const before = await prod.held();
    let atEdge: Held[] = [];
    engine.standIn.before = async (operation) => {
      if (isEdge(operation)) atEdge = await prod.held();
    };
    const done = await move("growth");
    engine.standIn.before = async () => {};
    const [edge, node] = [
      done.findIndex(isEdge),
      done.findIndex(({ action, urn }) => action === "delete" && typeOf(urn) === "aws:autoscaling/group:Group"),
    ];
    expect(edge, "the edge moves before the node is deleted").to.be.within(0, node - 1);
    if (!prod.onClusters) return;
    expect(atEdge.length).to.equal(2);
    expect(atEdge[0], "the old cluster").to.deep.equal(before[0]);
    const missing = serving.filter(
      (start) => !Object.keys(atEdge[1] ?? {}).some((identity) => identity.startsWith(start)),
    );
    expect(missing, "not in the new cluster").to.deep.equal([]);
  });

  for (const tier of ["scale", "growth", "startup"])
    it(`then to ${tier}`, async () => {
      await move(tier);
    });

  it("rejects startup -> mvp in the preview, and accepts it once the managed stores are kept", async () => {
    setTier("mvp");
    const held = await prod.held();
    const refused = await prod.run("up", "--yes");
    expect(refused.code).to.not.equal(0);
    expect(refused.output).to.contain("cannot be deleted").and.to.contain("protected");
    expect(engine.standIn.done).to.deep.equal([]);
    expect(await prod.held()).to.deep.equal(held);
    prod.set("keep", "{ managedStores: true }");
    await move("mvp");
  });

  it("deletes the kept stores with a final snapshot once their protection is lifted", async () => {
    // By hand, as the guide says: what the moves down from Scale and from Growth left.
    const isReplica = ({ inputs }: HeldInAccount) => inputs.replicateSourceDb !== undefined;
    expect(prod.account.held.filter(isReplica)).to.have.length(2);
    prod.account.deleteByHand(isReplica);
    prod.set("allowDestroy", "true");
    await prod.up();
    prod.set("keep", "{ managedStores: false }");
    await prod.up();
    expect(prod.account.held.filter(({ type }) => isStore(type))).to.deep.equal([]);
    expect(prod.account.snapshots).to.have.length(2);
    await expectStores();
    prod.set("allowDestroy", "false");
    await prod.up();
  });

  it("rejects destroy while data is protected, and ends it, with what is in the cluster untouched", async () => {
    const held = await prod.held();
    expect((await prod.run("destroy", "--yes")).code).to.not.equal(0);
    expect(engine.standIn.done).to.deep.equal([]);
    expect(await prod.held()).to.deep.equal(held);
    prod.set("allowDestroy", "true");
    await prod.up();
    // The data volume leaves a snapshot, which has what is in the cluster.
    expect((await prod.destroy()).filter(isData).map(({ urn }) => typeOf(urn))).to.deep.equal([
      "aws:ebs/volume:Volume",
    ]);
    await expectStores();
    if (prod.onClusters) expect(Object.keys((await prod.held())[0] ?? {}).sort()).to.deep.equal(stores);
  });
});
