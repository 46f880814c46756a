import { expect } from "chai";
import type { SettingsInput } from "../../config/schema";
import { reveal } from "../../planner/record/values";
import { isObject } from "../../planner/views/manifests";
import { type Tier, tierNames } from "../../tiers";
import { identityOf, type KubernetesObject } from "../support/objects";
import { recordedPlatform } from "../support/platform";
import type { Recorded } from "../support/record";
import { onExisting } from "../support/settings";

const stackOn = (tier: Tier, more: Partial<SettingsInput> = {}) =>
  recordedPlatform({
    ...onExisting,
    tier,
    queues: [{ name: "mail" }],
    app: { schedules: [{ name: "report", schedule: "15 3 * * *", command: ["report"] }] },
    ...more,
  });

const objectsIn = (run: Recorded) =>
  run.resources
    .filter(isObject)
    .map(({ path, options, inputs }) => ({ path, options, object: reveal(inputs) as KubernetesObject }));
const identities = (run: Recorded) => objectsIn(run).map(({ object }) => identityOf(object));

/** Every text in a value, with those of secrets. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

describe("a stack in a cluster that others use", () => {
  for (const tier of tierNames) {
    it(`has no object in common with a stack of another prefix (${tier})`, async () => {
      const shop = await stackOn(tier, { namespacePrefix: "shop", kedaNamespace: "autoscaling" });
      const blog = await stackOn(tier, { namespacePrefix: "blog", kedaNamespace: "autoscaling" });
      const both = new Set(identities(blog));
      expect(identities(shop).length).to.be.greaterThan(30);
      expect(identities(shop).filter((identity) => both.has(identity))).to.deep.equal([]);
    });

    it(`names its own namespaces wherever it names one (${tier})`, async () => {
      const run = await stackOn(tier, { namespacePrefix: "shop" });
      expect(run.problems).to.deep.equal([]);
      const own = ["shop-app", "shop-data", "shop-keda"];
      for (const { object } of objectsIn(run))
        if (object.metadata.namespace) expect(own, identityOf(object)).to.include(object.metadata.namespace);
      const texts = run.resources.flatMap(({ inputs }) => textsIn(reveal(inputs)));
      const hosts = texts.flatMap((text) => [...text.matchAll(/[\w-]+\.([\w-]+)\.svc\b/g)].map((match) => match[1]));
      expect([...new Set(hosts)]).to.have.members(["shop-app", "shop-data"]);
      const policies = objectsIn(run).filter(({ object }) => object.kind === "NetworkPolicy");
      const labels = [...JSON.stringify(policies).matchAll(/"kubernetes.io\/metadata.name":"([^"]+)"/g)];
      expect([...new Set(labels.map((match) => match[1]))]).to.have.members([...own, "kube-system"]);
      expect(run.outputs.databaseEndpoint).to.equal("postgres.shop-data.svc.cluster.local:5432");
    });

    it(`keeps every URN with a prefix (${tier})`, async () => {
      expect((await stackOn(tier, { namespacePrefix: "shop" })).paths).to.deep.equal((await stackOn(tier)).paths);
    });
  }

  it("finds the names of its hosts in the certificates", async () => {
    const run = await stackOn("mvp", { namespacePrefix: "shop" });
    for (const [service, namespace] of Object.entries({
      app: "app",
      pgbouncer: "data",
      postgres: "data",
      redis: "data",
    }))
      expect(run.inputs(`tierstack/authority/${service}-request`).dnsNames, service).to.include(
        `${service}.shop-${namespace}.svc.cluster.local`,
      );
  });

  it("uses the KEDA of the cluster, and lets it count the jobs", async () => {
    const run = await stackOn("growth", { kedaNamespace: "autoscaling" });
    expect(run.ofType("kubernetes:helm.sh/v3:Release")).to.deep.equal([]);
    expect(run.paths).to.not.include("tierstack/namespaces/keda");
    expect(run.paths).to.include("tierstack/workers/queue-scaler-mail");
    expect(JSON.stringify(run.inputs("tierstack/redis/policy").spec))
      .to.contain('"autoscaling"')
      .and.not.contain("keda");
  });

  // Without upsert, the create would fail: it comes before the delete of the same object under the other URN, and a
  // retained object would be in the way when it comes back.
  it("never meets its own objects in a move", async () => {
    const runs: Recorded[] = [];
    for (const tier of tierNames) runs.push(await stackOn(tier));
    const pathOf = new Map<string, string>();
    for (const run of runs)
      for (const { path, object, options } of objectsIn(run)) {
        const identity = identityOf(object);
        expect(pathOf.get(identity) ?? path, identity).to.equal(path);
        pathOf.set(identity, path);
        if (options.retainOnDelete) for (const other of runs) expect(other.paths, identity).to.include(path);
      }
    expect(pathOf.size).to.be.greaterThan(40);
  });

  it("leaves the namespaces of the application and of the data when it is destroyed", async () => {
    const kept = objectsIn(await stackOn("growth")).filter(({ options }) => options.retainOnDelete);
    const names = kept.filter(({ object }) => object.kind === "Namespace").map(({ object }) => object.metadata.name);
    expect(names).to.have.members(["app", "data"]);
  });
});
