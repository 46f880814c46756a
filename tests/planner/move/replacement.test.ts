import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import aws from "../../../planner/catalogues/aws-replacement.json";
import { changesBetween } from "../../../planner/move/changes";
import { conditionalRules } from "../../../planner/move/conditions";
import type { PlannedResource } from "../../../planner/record/planned";
import { planned } from "../../support/planned";

const database = "aws:rds/instance:Instance";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
const named = { name: "a", namespace: "app" };

/** Single edits: type, inputs before and after, and what replaces. */
const breaking: [string, object, object, string][] = [
  [database, { engine: "postgres" }, { engine: "mysql" }, "engine"],
  [database, { storageEncrypted: false }, { storageEncrypted: true }, "storageEncrypted"],
  [database, { dbName: "a" }, { dbName: "b" }, "dbName"],
  [database, { username: "a" }, { username: "b" }, "username"],
  [database, { availabilityZone: "a" }, { availabilityZone: "b" }, "availabilityZone"],
  [database, { kmsKeyId: "a" }, { kmsKeyId: "b" }, "kmsKeyId"],
  ["aws:rds/subnetGroup:SubnetGroup", { name: "a" }, { name: "b" }, "name"],
  ["aws:rds/parameterGroup:ParameterGroup", { family: "postgres16" }, { family: "postgres17" }, "family"],
  [cache, { atRestEncryptionEnabled: false }, { atRestEncryptionEnabled: true }, "atRestEncryptionEnabled"],
  [cache, { subnetGroupName: "a" }, { subnetGroupName: "b" }, "subnetGroupName"],
  ["aws:ebs/volume:Volume", { encrypted: false }, { encrypted: true }, "encrypted"],
  ["aws:ebs/volume:Volume", { availabilityZone: "a" }, { availabilityZone: "b" }, "availabilityZone"],
  ["aws:ec2/subnet:Subnet", { cidrBlock: "10.0.0.0/20" }, { cidrBlock: "10.0.16.0/20" }, "cidrBlock"],
  [
    "kubernetes:apps/v1:Deployment",
    { spec: { selector: { a: "1" } } },
    { spec: { selector: { a: "2" } } },
    "spec.selector.a",
  ],
  [
    "kubernetes:apps/v1:StatefulSet",
    { spec: { serviceName: "a" } },
    { spec: { serviceName: "b" } },
    "spec.serviceName",
  ],
  [
    "kubernetes:apps/v1:StatefulSet",
    { spec: { volumeClaimTemplates: [{ spec: { storage: "1Gi" } }] } },
    { spec: { volumeClaimTemplates: [{ spec: { storage: "2Gi" } }] } },
    "spec.volumeClaimTemplates[0].spec.storage",
  ],
  ["kubernetes:batch/v1:Job", { spec: { template: { a: 1 } } }, { spec: { template: { a: 2 } } }, "spec.template.a"],
  ["kubernetes:core/v1:ConfigMap", { metadata: named }, { metadata: { ...named, name: "b" } }, "metadata.name"],
  ["kubernetes:core/v1:Secret", { type: "Opaque" }, { type: "kubernetes.io/tls" }, "type"],
  ["kubernetes:storage.k8s.io/v1:StorageClass", { provisioner: "a" }, { provisioner: "b" }, "provisioner"],
  ["kubernetes:batch/v1:Job", { spec: { parallelism: 1 } }, { spec: { parallelism: 2 } }, "spec.parallelism"],
  [
    "kubernetes:apps/v1:StatefulSet",
    { spec: { revisionHistoryLimit: 1 } },
    { spec: { revisionHistoryLimit: 2 } },
    "spec.revisionHistoryLimit",
  ],
  ["kubernetes:core/v1:ConfigMap", { data: { a: "1" } }, { data: { a: "2" }, immutable: true }, "data.a"],
  ["kubernetes:helm.sh/v3:Release", { namespace: "a" }, { namespace: "b" }, "namespace"],
  ["random:index/randomPassword:RandomPassword", { keepers: { a: "1" } }, { keepers: { a: "2" } }, "keepers.a"],
  ["random:index/randomPassword:RandomPassword", { length: 20 }, { length: 32 }, "length"],
  ["tls:index/privateKey:PrivateKey", { algorithm: "RSA" }, { algorithm: "ECDSA" }, "algorithm"],
  ["command:local:Command", { triggers: [1] }, { triggers: [2] }, "triggers[0]"],
];

const harmless: [string, object, object][] = [
  [database, { instanceClass: "a" }, { instanceClass: "b" }],
  [database, { allocatedStorage: 20 }, { allocatedStorage: 50 }],
  [database, { multiAz: false }, { multiAz: true }],
  [database, { backupRetentionPeriod: 7 }, { backupRetentionPeriod: 30 }],
  [database, { engineVersion: "17.4" }, { engineVersion: "17.5" }],
  [database, { replicateSourceDb: "a" }, {}],
  [cache, { numNodeGroups: 1 }, { numNodeGroups: 3 }],
  [cache, { nodeType: "cache.t4g.micro" }, { nodeType: "cache.t4g.small" }],
  ["aws:ebs/volume:Volume", { size: 10 }, { size: 20 }],
  ["aws:ec2/vpc:Vpc", { tags: { a: "1" } }, { tags: { a: "2" } }],
  ["aws:ec2/subnet:Subnet", { mapPublicIpOnLaunch: true }, { mapPublicIpOnLaunch: false }],
  ["aws:rds/subnetGroup:SubnetGroup", { subnetIds: ["a"] }, { subnetIds: ["a", "b"] }],
  ["aws:cloudfront/distribution:Distribution", { comment: "a" }, { comment: "b" }],
  ["kubernetes:apps/v1:Deployment", { spec: { template: { a: 1 } } }, { spec: { template: { a: 2 } } }],
  ["kubernetes:apps/v1:StatefulSet", { spec: { template: { a: 1 } } }, { spec: { template: { a: 2 } } }],
  ["kubernetes:batch/v1:CronJob", { spec: { schedule: "a" } }, { spec: { schedule: "b" } }],
  ["kubernetes:core/v1:ConfigMap", { data: { a: "1" } }, { data: { a: "2" } }],
  ["kubernetes:core/v1:Secret", { stringData: { a: "1" } }, { stringData: { a: "2" } }],
  ["kubernetes:core/v1:ConfigMap", { metadata: named }, { metadata: { ...named, labels: { a: "b" } } }],
  ["kubernetes:core/v1:Service", { spec: { ports: [{ port: 80 }] } }, { spec: { ports: [{ port: 81 }] } }],
  ["tls:index/locallySignedCert:LocallySignedCert", { earlyRenewalHours: 1 }, { earlyRenewalHours: 2 }],
  ["command:local:Command", { create: "a" }, { create: "b" }],
];

const changesOf = (from: PlannedResource[], to: PlannedResource[]) =>
  changesBetween(from, to).map(({ path, action, cause, effect }) => [path, action, cause, effect]);

/** A provider of Kubernetes as the stack has it. */
const mutable = { enableConfigMapMutable: "true", enableSecretMutable: "true" };
const on = (inputs: Record<string, unknown>) => planned("k8s", "pulumi:providers:kubernetes", inputs);

/** What an edit of a resource does; of an object with a provider of these inputs. */
function changeOf(type: string, before: object, after: object, provider: Record<string, unknown> = mutable) {
  const given = type.startsWith("kubernetes:") ? { provider: "k8s" } : {};
  const one = (inputs: object) => planned("one", type, inputs as Record<string, unknown>, given);
  const [change] = changesBetween([on(provider), one(before)], [on(provider), one(after)]);
  return change;
}

describe("edits", () => {
  for (const [type, before, after, property] of breaking)
    it(`replaces ${type} for ${property}, and says so`, () => {
      const change = changeOf(type, before, after);
      expect(change).to.deep.include({ action: "replace", effect: "replacement", cause: "own property" });
      expect(change?.properties.filter(({ replaces }) => replaces).map((one) => one.property)).to.deep.equal([
        property,
      ]);
    });

  for (const [at, [type, before, after]] of harmless.entries())
    it(`updates ${type}, ${JSON.stringify(after)} (${at})`, () => {
      const change = changeOf(type, before, after);
      expect(change?.action).to.equal("update");
      expect(change?.properties.some(({ replaces }) => replaces)).to.equal(false);
    });

  /** Immutable for the API server, and not replaced by the provider. */
  const refused: [string, object, object, string][] = [
    ["kubernetes:scheduling.k8s.io/v1:PriorityClass", { value: 1 }, { value: 2 }, "value"],
    [
      "kubernetes:storage.k8s.io/v1:StorageClass",
      { reclaimPolicy: "Delete" },
      { reclaimPolicy: "Retain" },
      "reclaimPolicy",
    ],
    [
      "kubernetes:networking.k8s.io/v1:IngressClass",
      { spec: { controller: "a" } },
      { spec: { controller: "b" } },
      "spec.controller",
    ],
    ["kubernetes:core/v1:PersistentVolumeClaim", { spec: {} }, { spec: { volumeMode: "Block" } }, "spec.volumeMode"],
    ["kubernetes:batch/v1:Job", { spec: {} }, { spec: { completionMode: "Indexed" } }, "spec.completionMode"],
  ];
  for (const [type, before, after, property] of refused)
    it(`of ${type}, ${property}, are refused by the API server`, () => {
      expect(changeOf(type, before, after)).to.deep.include({
        action: "refused",
        effect: "none",
        refusedBy: "Kubernetes",
        reason:
          `${property} is immutable, and the provider does not replace the object for it; give the object another name, ` +
          "or remove it in a deployment of its own first",
      });
    });

  it("are not refused for an immutable field where the object is replaced for another one", () => {
    const classOf = (provisioner: string, reclaimPolicy: string) => ({ provisioner, reclaimPolicy });
    const change = changeOf(
      "kubernetes:storage.k8s.io/v1:StorageClass",
      classOf("a", "Delete"),
      classOf("b", "Retain"),
    );
    expect(change).to.include({ action: "replace" }).and.not.have.property("reason");
  });

  it("are online where what runs is exchanged or resized while it serves, and in place elsewhere", () => {
    const effects: [string, object, object, string][] = [
      ["kubernetes:karpenter.sh/v1:NodePool", { spec: { a: 1 } }, { spec: { a: 2 } }, "online"],
      ["kubernetes:eks.amazonaws.com/v1:NodeClass", { spec: { a: 1 } }, { spec: { a: 2 } }, "online"],
      ["kubernetes:apps/v1:Deployment", { spec: { template: { a: 1 } } }, { spec: { template: { a: 2 } } }, "online"],
      ["aws:ebs/volume:Volume", { size: 10 }, { size: 20 }, "online"],
      [database, { multiAz: false }, { multiAz: true }, "online"],
      [database, { backupRetentionPeriod: 7 }, { backupRetentionPeriod: 30 }, "in place"],
    ];
    for (const [type, before, after, effect] of effects)
      expect(changeOf(type, before, after)?.effect, type).to.equal(effect);
  });

  it("of what the program names in replaceOnChanges replace, and nothing else does", () => {
    const type = "aws:cloudfront/vpcOrigin:VpcOrigin";
    const rules = (port: number, tag = "a") => ({ config: { rules: [{ port }] }, tags: { a: tag } });
    const changeBy = (replaceOnChanges: string[], next: object) => {
      const one = (inputs: object) => planned("one", type, { ...inputs }, { options: { replaceOnChanges } });
      return changesBetween([one(rules(80))], [one(next)])[0];
    };
    expect(changeBy(["config"], rules(81))).to.include({ action: "replace", cause: "own property" });
    expect(changeBy(["config.rules[*].port"], rules(81))?.properties).to.deep.equal([
      { property: "config.rules[0].port", before: 80, after: 81, replaces: true },
    ]);
    expect(changeBy(["config"], rules(80, "b"))?.action).to.equal("update");
    expect(changeBy(["*"], rules(80, "b"))?.action).to.equal("replace");
  });

  it("of data replace a ConfigMap and a Secret that the provider does not take for mutable", () => {
    const data = (value: string) => ({ data: { a: value }, stringData: { b: value } });
    const actions = (provider: Record<string, unknown>) =>
      ["ConfigMap", "Secret"].map(
        (kind) => changeOf(`kubernetes:core/v1:${kind}`, data("1"), data("2"), provider)?.action,
      );
    expect(actions(mutable)).to.deep.equal(["update", "update"]);
    expect(actions({ enableConfigMapMutable: "true" })).to.deep.equal(["update", "replace"]);
    expect(actions({})).to.deep.equal(["replace", "replace"]);
    // The default provider has no configuration.
    const [change] = changesBetween(
      [planned("one", "kubernetes:core/v1:ConfigMap", data("1"))],
      [planned("one", "kubernetes:core/v1:ConfigMap", data("2"))],
    );
    expect(change?.action).to.equal("replace");
  });

  it("carry a replacement to what is made from the outputs, and no further than needed", () => {
    const vpc = (cidr: string) => planned("vpc", "aws:ec2/subnetX:SubnetX", { cidr });
    expect(changesOf([vpc("a")], [vpc("a")])).to.deep.equal([]);
    const key = (description: string) => planned("key", "tls:index/privateKey:PrivateKey", { algorithm: description });
    const cert = planned(
      "cert",
      "tls:index/selfSignedCert:SelfSignedCert",
      { keyId: "key.id" },
      { dependsOn: ["key"] },
    );
    const given = { dependsOn: ["key"], provider: "k8s" };
    const map = planned("map", "kubernetes:core/v1:ConfigMap", { data: { a: "key.id" } }, given);
    const beside = planned("beside", "kubernetes:core/v1:ConfigMap", { data: { a: "b" } }, given);
    const others = [on(mutable), cert, map, beside];
    expect(changesOf([key("RSA"), ...others], [key("ECDSA"), ...others])).to.deep.equal([
      ["cert", "replace", "key", "replacement"],
      ["key", "replace", "own property", "replacement"],
      ["map", "update", "key", "in place"],
    ]);
  });

  it("carry a drawn password to what is made from it, though a plan shows neither secrets nor what a hash is of", () => {
    const password = (rotation: string) =>
      planned("password", "random:index/randomPassword:RandomPassword", { keepers: { rotation } });
    const suffix = planned(
      "suffix",
      "random:index/randomId:RandomId",
      { byteLength: 4, keepers: { checksum: "a1".repeat(32) } },
      { dependsOn: ["password"], propertyDependencies: { keepers: ["password"] } },
    );
    const secret = planned(
      "secret",
      "kubernetes:core/v1:Secret",
      { metadata: { name: "env-0123abcd", namespace: "app" }, data: "[secret]", type: "Opaque" },
      {
        provider: "k8s",
        dependsOn: ["password", "suffix"],
        propertyDependencies: { data: ["password"], metadata: ["suffix"] },
      },
    );
    const deployment = planned(
      "deployment",
      "kubernetes:apps/v1:Deployment",
      { metadata: { name: "app-0123abcd" }, spec: { template: { annotation: "b2".repeat(32), image: "app:1" } } },
      { provider: "k8s", dependsOn: ["password"], propertyDependencies: { spec: ["password"] } },
    );
    const login = (propertyDependencies: Record<string, string[]>) =>
      planned("database", database, { password: "[secret]" }, { dependsOn: ["password"], propertyDependencies });
    const rest = [on(mutable), suffix, secret, deployment, login({ password: ["password"] })];
    const changes = changesBetween([password("0"), ...rest], [password("1"), ...rest]);
    expect(
      changes.map(({ path, action, cause, properties }) => [
        path,
        action,
        cause,
        properties.map((one) => one.property),
      ]),
    ).to.deep.equal([
      ["database", "update", "password", ["password"]],
      ["deployment", "update", "password", ["spec.template.annotation"]],
      ["password", "replace", "own property", ["keepers.rotation"]],
      ["secret", "replace", "suffix", ["data", "metadata.name"]],
      ["suffix", "replace", "password", ["keepers.checksum"]],
    ]);
    // Another secret of a resource that waits for the password is not made from it.
    const beside = [password("0"), login({})];
    expect(changesBetween(beside, [password("1"), login({})]).map(({ path }) => path)).to.deep.equal(["password"]);
  });

  it("delete a Kubernetes object first where its replacement has its name, and carry that to its namespace's objects", () => {
    const space = (namespace: string, name = "app") =>
      planned("space", "kubernetes:core/v1:ConfigMap", { metadata: { name, namespace } });
    const [moved] = changesBetween([space("a")], [space("b")]);
    expect(moved).to.not.have.property("deletedFirst");
    const job = (image: string) =>
      planned("job", "kubernetes:batch/v1:Job", { metadata: named, spec: { template: { image } } });
    expect(changesBetween([job("1")], [job("2")])[0]).to.include({ action: "replace", deletedFirst: true });
    const auto = (image: string) => planned("job", "kubernetes:batch/v1:Job", { spec: { template: { image } } });
    expect(changesBetween([auto("1")], [auto("2")])[0]).to.not.have.property("deletedFirst");
    const within = (type: string, namespace = "app") => [
      planned("space", "kubernetes:core/v1:Secret", { metadata: { name: "app" }, type }),
      planned("map", "kubernetes:core/v1:ConfigMap", { metadata: { name: "b", namespace } }, { dependsOn: ["space"] }),
    ];
    expect(changesOf(within("Opaque"), within("other"))).to.deep.equal([
      ["map", "replace", "space", "replacement"],
      ["space", "replace", "own property", "replacement"],
    ]);
    expect(changesOf(within("Opaque", "data"), within("other", "data"))).to.have.length(1);
  });

  it("replace with a provider what it holds, and nothing where it is only renamed", () => {
    const provider = (id: string, path = "provider", aliases: string[] = []) =>
      planned(path, "pulumi:providers:kubernetes", { clusterIdentifier: id }, { options: { aliases } });
    const map = (on: string) => planned("map", "kubernetes:core/v1:ConfigMap", { metadata: named }, { provider: on });
    expect(changesOf([provider("a"), map("provider")], [provider("b"), map("provider")])).to.deep.equal([
      ["map", "replace", "provider", "replacement"],
      ["provider", "replace", "own property", "replacement"],
    ]);
    const renamed = [provider("a", "renamed", ["provider"]), map("renamed")];
    expect(changesOf([provider("a"), map("provider")], renamed)).to.deep.equal([]);
  });

  it("replace with the region what is in one: by its own, or by that of its provider", () => {
    const provider = (region: string) => planned("aws", "pulumi:providers:aws", { region });
    const on = (path: string, type: string, inputs = {}) => planned(path, type, inputs, { provider: "aws" });
    const held = [
      on("role", "aws:iam/role:Role"),
      on("vpc", "aws:ec2/vpc:Vpc"),
      on("copy", "aws:ec2/vpc:Vpc", { region: "eu-west-1" }),
    ];
    expect(changesOf([provider("us-east-1"), ...held], [provider("eu-west-1"), ...held])).to.deep.equal([
      ["aws", "refused", "own property", "none"],
      ["vpc", "replace", "provider", "replacement"],
    ]);
    const moved = planned("copy", "aws:ec2/vpc:Vpc", { region: "eu-west-3" }, { provider: "aws" });
    const [own] = changesBetween(
      [provider("a"), ...held],
      [provider("a"), held[0], held[1], moved].flatMap((one) => one ?? []),
    );
    expect(own).to.deep.include({
      path: "copy",
      action: "replace",
      cause: "own property",
      properties: [{ property: "region", before: "eu-west-1", after: "eu-west-3", replaces: true }],
    });
  });

  it("delete first what a resource that is deleted first takes along, which its protection refuses", () => {
    const secret = (type: string) => planned("secret", "kubernetes:core/v1:Secret", { metadata: { name: "s" }, type });
    const web = (protect: boolean, spec: Record<string, unknown> = { selector: { app: "web" }, env: "s" }) =>
      planned(
        "web",
        "kubernetes:apps/v1:Deployment",
        { metadata: { name: "web" }, spec },
        { dependsOn: ["secret"], propertyDependencies: { spec: ["secret"] }, options: { protect } },
      );
    const [, carried] = changesBetween([secret("a"), web(false)], [secret("b"), web(false)]);
    expect(carried).to.deep.include({ path: "web", action: "replace", cause: "secret", deletedFirst: true });
    // Not with a protection that the same step lifts.
    const [, refused] = changesBetween([secret("a"), web(true)], [secret("b"), web(false)]);
    expect(refused).to.include({ path: "web", action: "refused" });
  });

  it("follow aliases, with the values made from what is renamed", () => {
    const aliases = ["urn:pulumi:a::b::aws:ec2/vpc:Vpc::old"];
    const subnet = (vpcId: string, on: string) =>
      planned("subnet", "aws:ec2/routeTableX:RouteTableX", { vpcId }, { dependsOn: [on] });
    const old = planned("old", "aws:ec2/vpc:Vpc", {});
    const next = planned("next", "aws:ec2/vpc:Vpc", {}, { options: { aliases } });
    const [change] = changesBetween([old], [next]);
    expect(change).to.equal(undefined);
    expect(changesOf([old, subnet("x", "old")], [next, subnet("x", "next")])).to.deep.equal([]);
  });

  it("replace what is unprotected in the same step, and refuse what stays protected", () => {
    const at = (dbName: string, protect: boolean) => planned("db", database, { dbName }, { options: { protect } });
    expect(changesOf([at("a", true)], [at("b", false)])[0]?.[1]).to.equal("replace");
    expect(changesOf([at("a", true)], [at("b", true)])[0]?.[1]).to.equal("refused");
  });

  it("refuse another source of a replica", () => {
    const [change] = changesBetween(
      [planned("db", database, {})],
      [planned("db", database, { replicateSourceDb: "a" })],
    );
    expect(change).to.include({ action: "refused", refusedBy: "AWS" });
  });
});

describe("the table of AWS replacements", () => {
  /** What the SDK's documentation says under a condition that does not hold here, and why it does not. */
  const elsewhere: Record<string, string> = {
    "aws:ec2/instance:Instance userDataReplaceOnChange": "a switch, whose condition is a rule of the catalogue",
    "aws:ec2/subnet:Subnet ipv6CidrBlock": "for subnets with IPv6",
    "aws:ec2/vpcEndpoint:VpcEndpoint privateDnsEnabled":
      "for endpoints other than Interface, which have no private DNS",
    "aws:lb/loadBalancer:LoadBalancer secondaryIpsAutoAssignedPerSubnet": "for network load balancers",
    "aws:lb/loadBalancer:LoadBalancer securityGroups": "for network load balancers",
    "aws:lb/loadBalancer:LoadBalancer subnets": "for network load balancers",
    "aws:lb/targetGroupAttachment:TargetGroupAttachment quicServerId": "for targets of QUIC",
    "aws:ssm/parameter:Parameter tier": "for a downgrade from Advanced, which no parameter has",
  };
  const judged = conditionalRules.flatMap(({ type, properties }) => properties.map((one) => `${type} ${one}`));
  const replaces =
    /forc\w* (a |the )?(new|replace|re-?creat|resource re)|new resource|re-?creat|force a replacement|forces replacement/i;

  /** The properties of a type of which the SDK's documentation says that their change replaces the resource. */
  function documented(type: string): string[] {
    const [, module = "", name = ""] = type.split(":");
    const file = join(dirname(require.resolve("@pulumi/aws/package.json")), `${module}.d.ts`);
    const text = readFileSync(file, "utf8");
    const inputs = text.slice(text.indexOf(`export interface ${name}Args {`));
    const properties = inputs.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\w+)\??:/g);
    return [...properties].flatMap(([, told = "", property = ""]) => (replaces.test(told) ? [property] : []));
  }

  // An independent source: the table is measured with the Terraform provider 5, the documentation is of the one that the
  // SDK wraps. It is not complete, so what the table has beyond it is not checked.
  it("has what the documentation of the SDK says", () => {
    const told = Object.entries(aws.types).flatMap(([type, { replaceOnChange }]) =>
      documented(type).map((property) => ({
        property: `${type} ${property}`,
        known: replaceOnChange.some((path) => path.split(".")[0] === property),
      })),
    );
    expect(told.filter(({ known }) => known).length).to.be.at.least(8);
    const missing = told.filter(({ known, property }) => !known && !judged.includes(property));
    expect(missing.map(({ property }) => property)).to.deep.equal(Object.keys(elsewhere));
  });
});
