import { expect } from "chai";
import type { Change } from "../../../planner/move/change";
import { changesBetween as changesOf } from "../../../planner/move/changes";
import type { PlannedResource } from "../../../planner/record/planned";
import { type Given, planned } from "../../support/planned";

const resource = (path: string, type: string, { inputs, ...given }: Given = {}) => planned(path, type, inputs, given);

/** Changes as the older tests read them: properties by name, without effect and cause (tests below read those). */
const changesBetween = (from: PlannedResource[], to: PlannedResource[]) =>
  changesOf(from, to).map(({ effect: _, cause: __, deletedFirst: ___, properties, ...change }: Change) => ({
    ...change,
    properties: (change.action === "replace" ? properties.filter(({ replaces }) => replaces) : properties).map(
      ({ property }) => property,
    ),
  }));

const database = (inputs: Record<string, unknown>, options: Given["options"] = {}) =>
  planned("db", "aws:rds/instance:Instance", inputs, { options });

describe("moves", () => {
  it("sees nothing where nothing changes", () => {
    expect(changesBetween([database({ instanceClass: "a" })], [database({ instanceClass: "a" })])).to.deep.equal([]);
  });

  it("updates in place what the measured table allows", () => {
    const [change] = changesBetween([database({ instanceClass: "a" })], [database({ instanceClass: "b" })]);
    expect(change).to.deep.include({ action: "update", properties: ["instanceClass"], data: true });
  });

  it("tells how an update interrupts the product, by what changes for sure", () => {
    const [change] = changesBetween([database({ instanceClass: "a" })], [database({ instanceClass: "b" })]);
    expect(change?.downtime).to.equal("RDS restarts the database at once: up to 10 minutes");
    const grown = changesBetween([database({ allocatedStorage: 20 })], [database({ allocatedStorage: 50 })]);
    expect(grown[0]).to.include({ action: "update" }).and.not.have.property("downtime");
    const ignore = { ignoreChanges: ["instanceClass"] };
    const kept = changesBetween(
      [database({ instanceClass: "a" })],
      [database({ instanceClass: "b", port: 1 }, ignore)],
    );
    expect(kept[0]).to.include({ action: "update" }).and.not.have.property("downtime");
  });

  it("replaces what the table says, and refuses where the resource is protected", () => {
    const [change] = changesBetween([database({ storageEncrypted: false })], [database({ storageEncrypted: true })]);
    expect(change).to.deep.include({ action: "replace", properties: ["storageEncrypted"], data: true });
    const protect = { protect: true };
    const [refused] = changesBetween([database({ dbName: "a" }, protect)], [database({ dbName: "b" }, protect)]);
    expect(refused).to.deep.include({ action: "refused" });
  });

  it("refuses what AWS cannot shrink, by what the resource is before the move", () => {
    const volume = (size: number, options: Given["options"] = {}) =>
      resource("volume", "aws:ebs/volume:Volume", {
        inputs: { size },
        options,
      });
    expect(changesBetween([volume(10)], [volume(8)])).to.deep.equal([
      {
        path: "volume",
        type: "aws:ebs/volume:Volume",
        action: "refused",
        data: true,
        properties: ["size"],
        reason: "size 10 -> 8: EBS cannot shrink a volume; keep 10 GiB or more (nodes.dataVolumeGiB)",
        refusedBy: "AWS",
      },
    ]);
    expect(changesBetween([volume(8)], [volume(10)])[0])
      .to.deep.include({ action: "update" })
      .and.not.have.key("reason");
    expect(changesBetween([volume(10)], [volume(8, { ignoreChanges: ["size"] })])).to.deep.equal([]);
  });

  it("refuses a claim that grows in the cluster of a k3s node, whose volumes keep their size", () => {
    const cluster = resource("cluster", "tierstack:cluster:K3s", { custom: false });
    const claim = (storage: string) =>
      resource("claim", "kubernetes:core/v1:PersistentVolumeClaim", {
        inputs: { metadata: { name: "logs" }, spec: { resources: { requests: { storage } } } },
      });
    expect(changesBetween([cluster, claim("2Gi")], [cluster, claim("3Gi")])).to.have.length(1);
    expect(changesBetween([cluster, claim("2Gi")], [cluster, claim("3Gi")])[0]).to.deep.include({
      action: "refused",
      reason:
        "spec.resources.requests.storage 2Gi -> 3Gi: k3s resizes no volume of local-path, and bounds none; keep 2Gi " +
        "(docs/moving.md#volumes)",
      refusedBy: "Kubernetes",
    });
    expect(changesBetween([cluster, claim("2Gi")], [cluster, claim("2Gi")])).to.deep.equal([]);
  });

  it("refuses a claim that shrinks, as Kubernetes does, and none that grows", () => {
    const claim = (storage: string) =>
      resource("claim", "kubernetes:core/v1:PersistentVolumeClaim", {
        inputs: { metadata: { name: "logs" }, spec: { resources: { requests: { storage } } } },
      });
    expect(changesBetween([claim("8Gi")], [claim("2Gi")])[0]).to.deep.include({
      action: "refused",
      reason: "spec.resources.requests.storage 8Gi -> 2Gi: Kubernetes cannot shrink a volume; keep 8Gi or more",
      refusedBy: "Kubernetes",
    });
    expect(changesBetween([claim("2Gi")], [claim("10Gi")])[0]).to.deep.include({ action: "update" });
  });

  it("refuses what the stack does not survive", () => {
    const server = (image: string) =>
      resource("server", "kubernetes:apps/v1:StatefulSet", {
        inputs: { spec: { template: { spec: { containers: [{ name: "postgres", image }] } } } },
      });
    const [change] = changesBetween([server("pgvector:0.8.6-pg16")], [server("pgvector:0.8.6-pg17")]);
    expect(change).to.deep.include({
      action: "refused",
      data: true,
      properties: ["spec.template.spec.containers[0].image"],
    });
    expect(change?.reason).to.match(/^PostgreSQL 16 -> 17: /);
  });

  it("does not judge by a value that was ignored before, which only the account knows", () => {
    const volume = (size: number, ignoreChanges: string[]) =>
      resource("volume", "aws:ebs/volume:Volume", {
        inputs: { size },
        options: { ignoreChanges },
      });
    expect(changesBetween([volume(10, ["size"])], [volume(8, [])])[0]).to.deep.include({ action: "update" });
  });

  it("notes storage that stays, which the provider does not shrink", () => {
    const before = { allocatedStorage: 50, maxAllocatedStorage: 500 };
    const [change] = changesBetween([database(before)], [database({ ...before, allocatedStorage: 20 })]);
    expect(change).to.deep.include({ action: "update", note: "allocatedStorage stays 50 GiB" });
  });

  it("refuses to delete what a retained resource uses, and deletes it with its user", () => {
    const group = resource("subnets", "aws:rds/subnetGroup:SubnetGroup");
    const user = (options: Given["options"]) => database({ dbSubnetGroupName: "subnets" }, options);
    expect(changesBetween([group, user({ retainOnDelete: true })], [])).to.deep.equal([
      { path: "db", type: "aws:rds/instance:Instance", action: "retained", data: true, properties: [] },
      {
        path: "subnets",
        type: "aws:rds/subnetGroup:SubnetGroup",
        action: "refused",
        data: false,
        properties: [],
        reason: "db, which stays in the account, uses it",
        refusedBy: "AWS",
      },
    ]);
    const actions = changesBetween([group, user({})], []).map(({ action }) => action);
    expect(actions).to.deep.equal(["delete", "delete"]);
  });

  it("leaves ignored properties alone", () => {
    const ignore = { ignoreChanges: ["availabilityZone"] };
    expect(
      changesBetween([database({ availabilityZone: "a" }, ignore)], [database({ availabilityZone: "b" }, ignore)]),
    ).to.deep.equal([]);
  });

  it("leave an ignored property inside another one alone, and see what changes beside it", () => {
    const set = (spec: object, ignoreChanges: string[] = ["spec.podManagementPolicy"]) =>
      resource("store", "kubernetes:apps/v1:StatefulSet", {
        inputs: { metadata: { name: "a" }, spec },
        options: { ignoreChanges },
      });
    const policy = { podManagementPolicy: "Parallel" };
    expect(changesBetween([set({ replicas: 1 })], [set({ replicas: 1, ...policy })])).to.deep.equal([]);
    expect(changesBetween([set({ replicas: 1, ...policy })], [set({ replicas: 1 })])).to.deep.equal([]);
    expect(changesBetween([set({ replicas: 1 })], [set({ replicas: 2, ...policy })])[0]).to.deep.include({
      action: "update",
      properties: ["spec.replicas"],
    });
    expect(changesBetween([set({ replicas: 1 })], [set({ replicas: 1, ...policy }, [])])[0]).to.deep.include({
      action: "replace",
      properties: ["spec.podManagementPolicy"],
    });
    const bare = resource("store", "kubernetes:apps/v1:StatefulSet");
    expect(changesBetween([bare], [bare])).to.deep.equal([]);
  });

  it("go by what the new program ignores, as the engine does", () => {
    const ignore = { ignoreChanges: ["availabilityZone"] };
    const [before, after] = [{ availabilityZone: "a" }, { availabilityZone: "b" }];
    expect(changesBetween([database(before)], [database(after, ignore)])).to.deep.equal([]);
    expect(changesBetween([database(before, ignore)], [database(after)])[0]).to.deep.include({
      action: "replace",
      properties: ["availabilityZone"],
    });
  });

  it("knows Kubernetes' immutable fields, also inside lists", () => {
    const set = (size: string) =>
      resource("store", "kubernetes:apps/v1:StatefulSet", {
        inputs: { metadata: { name: "a" }, spec: { volumeClaimTemplates: [{ spec: { storage: size } }] } },
      });
    const [change] = changesBetween([set("1Gi")], [set("2Gi")]);
    expect(change).to.deep.include({
      action: "replace",
      properties: ["spec.volumeClaimTemplates[0].spec.storage"],
      data: true,
    });
  });

  it("do not judge a provider without a table of replacements", () => {
    const bucket = (location: string) => resource("bucket", "gcp:storage/bucket:Bucket", { inputs: { location } });
    expect(changesBetween([bucket("EU")], [bucket("US")])[0]).to.deep.include({
      action: "update",
      note: "the planner has no table of replacements for this provider; see what pulumi preview says",
    });
    const command = (create: string) => resource("command", "command:local:Command", { inputs: { create } });
    expect(changesBetween([command("a")], [command("b")])[0])
      .to.include({ action: "update" })
      .and.not.have.property("note");
  });

  it("order changes by path, and take another type for another resource", () => {
    const one = (path: string, type = "aws:ec2/vpc:Vpc") => resource(path, type);
    expect(changesBetween([one("c"), one("a")], [one("b")]).map(({ path, action }) => [path, action])).to.deep.equal([
      ["a", "delete"],
      ["b", "create"],
      ["c", "delete"],
    ]);
    const retyped = changesBetween([one("a")], [one("a", "aws:ec2/subnet:Subnet")]);
    expect(retyped.map(({ type, action, data, properties }) => [type, action, data, properties])).to.have.deep.members([
      ["aws:ec2/vpc:Vpc", "delete", false, []],
      ["aws:ec2/subnet:Subnet", "create", false, []],
    ]);
  });

  it("replace a Kubernetes object whose name or namespace changes", () => {
    const map = (metadata: object) => resource("cm", "kubernetes:core/v1:ConfigMap", { inputs: { metadata } });
    const [before, other] = [map({ name: "a", namespace: "app" }), map({ name: "b", namespace: "data" })];
    expect(changesBetween([before], [other])[0]).to.deep.include({
      action: "replace",
      properties: ["metadata.name", "metadata.namespace"],
    });
    const labelled = map({ name: "a", namespace: "app", labels: { a: "b" } });
    expect(changesBetween([before], [labelled])[0]).to.deep.include({
      action: "update",
      properties: ["metadata.labels"],
    });
  });

  it("replaces what moves to another provider", () => {
    const on = (provider: string) => resource("cm", "kubernetes:core/v1:ConfigMap", { provider });
    expect(changesOf([on("a")], [on("b")])[0]).to.deep.include({
      action: "replace",
      properties: [],
      cause: "provider",
    });
  });

  it("replaces what moves to another provider of the same path", () => {
    const under = (kind: string) => [
      resource("cluster", kind, { custom: false }),
      resource("cluster/provider", "pulumi:providers:kubernetes", { inputs: { clusterIdentifier: kind } }),
      resource("cm", "kubernetes:core/v1:ConfigMap", { provider: "cluster/provider" }),
    ];
    const changes = changesOf(under("tierstack:cluster:K3s"), under("tierstack:cluster:Eks"));
    expect(changes.find(({ path }) => path === "cm")).to.deep.include({ action: "replace", cause: "provider" });
  });

  it("tells apart what is deleted, retained and refused", () => {
    const left = (options: Given["options"]) =>
      changesBetween([database({}, options)], []).map((change) => change.action);
    expect(left({})).to.deep.equal(["delete"]);
    expect(left({ retainOnDelete: true })).to.deep.equal(["retained"]);
    expect(left({ retainOnDelete: true, protect: true })).to.deep.equal(["refused"]);
  });

  it("knows a resource again whose path has its type, because another has its name now", () => {
    const queue = resource("own/mail", "aws:sqs/queue:Queue");
    const both = [
      resource("own", "tierstack:own:Own", { custom: false }),
      { ...queue, path: "own/mail (aws:sqs.queue:Queue)" },
      { ...queue, type: "aws:sns/topic:Topic", path: "own/mail (aws:sns.topic:Topic)" },
    ];
    const before = [resource("own", "tierstack:own:Own", { custom: false }), queue];
    const changes = changesBetween(before, both);
    expect(changes.map(({ action, path }) => [action, path])).to.deep.equal([
      ["create", "own/mail (aws:sns.topic:Topic)"],
    ]);
  });

  it("takes a child of another component for another resource, as its URN is", () => {
    const under = (kind: string) => [
      resource("cluster", kind, { custom: false }),
      resource("cluster/provider", "pulumi:providers:kubernetes"),
    ];
    const changes = changesBetween(under("tierstack:cluster:K3s"), under("tierstack:cluster:Eks"));
    expect(changes.map((change) => change.action)).to.have.members(["create", "delete"]);
  });

  it("does not take a resource for another whose alias has its name", () => {
    const vpc = "aws:ec2/vpc:Vpc";
    const old = planned("old", vpc);
    const next = planned("next", vpc, {}, { options: { aliases: ["old"] } });
    const changes = changesBetween([old], [next, old]);
    expect(changes.map(({ path, action }) => [path, action])).to.deep.equal([["next", "create"]]);
  });

  it("are online where one of the properties is, whatever else is set", () => {
    const [change] = changesOf(
      [database({ allocatedStorage: 20, backupWindow: "01:00-02:00" })],
      [database({ allocatedStorage: 50, backupWindow: "02:00-03:00" })],
    );
    expect(change?.effect).to.equal("online");
  });
});
