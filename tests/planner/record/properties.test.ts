import { expect } from "chai";
import { unknownProperties } from "../../../planner/record/properties";
import type { RecordedResource } from "../../../planner/record/record";
import { Secret } from "../../../planner/record/values";
import { resource } from "../views/support";

const problems = (type: string, inputs: Record<string, unknown>, given: Partial<RecordedResource> = {}) =>
  unknownProperties({ ...resource("shop/one", type, inputs), ...given });
const unknown = (at: string, type: string) => `shop/one${at} (${type}): the SDK does not know this property`;

describe("unknown properties", () => {
  const deployment = "kubernetes:apps/v1:Deployment";
  const pods = (containers: unknown) => ({ spec: { template: { spec: { containers } } } });

  it("are found at any depth, in lists and in secrets", () => {
    const containers = [{ name: "a" }, { name: "b", imagePullPolcy: "Always", resources: { limit: {} } }];
    const expected = [".imagePullPolcy", ".resources.limit"].map((at) =>
      unknown(`.spec.template.spec.containers[1]${at}`, deployment),
    );
    expect(problems(deployment, pods(containers))).to.deep.equal(expected);
    expect(problems(deployment, pods(new Secret(containers)))).to.deep.equal(expected);
    expect(problems(deployment, { spce: {} })).to.deep.equal([unknown(".spce", deployment)]);
    expect(problems(deployment, pods([{ name: "a" }]))).to.deep.equal([]);
  });

  it("do not exist in maps, whose keys are the user's", () => {
    expect(problems(deployment, { metadata: { labels: { any: "a" }, annotations: { thing: "b" } } })).to.deep.equal([]);
    // A map of objects: its keys are free, and theirs are not.
    const group = "aws:autoscaling/group:Group";
    expect(problems(group, { tags: [{ key: "a", valu: "b" }] })).to.deep.equal([unknown(".tags[0].valu", group)]);
  });

  it("are looked for in values that are not there without harm", () => {
    expect(problems(deployment, { spec: null, metadata: undefined })).to.deep.equal([]);
    expect(problems(deployment, { spec: "text" })).to.deep.equal([]);
  });

  it("are the user's own in components, providers and custom resources", () => {
    const free = { anything: { at: "all" } };
    for (const type of ["tierstack:app:App", "pulumi:providers:aws", "kubernetes:keda.sh/v1alpha1:ScaledObject"])
      expect(problems(type, free), type).to.deep.equal([]);
    expect(problems(deployment, free, { custom: false })).to.deep.equal([]);
    expect(problems("gcp:storage/bucket:Bucket", free)).to.deep.equal([]);
  });

  it("are found in Helm releases and in Kubernetes' own groups with a dot", () => {
    for (const type of ["kubernetes:helm.sh/v3:Release", "kubernetes:networking.k8s.io/v1:NetworkPolicy"])
      expect(problems(type, { anything: 1 }), type).to.deep.equal([unknown(".anything", type)]);
  });
});
