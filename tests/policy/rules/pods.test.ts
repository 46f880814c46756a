import { expect } from "chai";
import { deployment, found } from "../support";

describe("policies on pods", () => {
  const names = ["images-pinned", "containers-sized", "containers-probed", "pods-restricted"];

  it("find nothing in a sound pod", () => {
    expect(names.flatMap((name) => found(name, [deployment()]))).to.deep.equal([]);
  });

  for (const image of ["shop", "shop:latest", "shop:LATEST", "registry:5000/shop"])
    it(`images-pinned finds ${image}`, () => {
      expect(found("images-pinned", [deployment({ image })])).to.deep.equal([
        `one container main image: given ${image}; allowed: a tag other than latest, or a digest`,
      ]);
    });

  it("images-pinned accepts a digest, and a tag that only starts with latest", () => {
    const images = [`shop@sha256:${"0".repeat(64)}`, "shop:latest-1"];
    expect(images.flatMap((image) => found("images-pinned", [deployment({ image })]))).to.deep.equal([]);
  });

  it("images-pinned reads init containers and jobs", () => {
    const initContainers = [{ name: "first", image: "shop" }];
    expect(found("images-pinned", [deployment({}, { initContainers }, "kubernetes:batch/v1:Job")])).to.deep.equal([
      "one container first image: given shop; allowed: a tag other than latest, or a digest",
    ]);
  });

  it("containers-sized finds each size that is missing", () => {
    expect(found("containers-sized", [deployment({ resources: { requests: { cpu: "1" } } })])).to.deep.equal([
      "one container main resources.requests.memory: given nothing; allowed: a quantity",
      "one container main resources.limits.memory: given nothing; allowed: a quantity",
    ]);
  });

  it("containers-probed finds each probe that is missing, in what serves", () => {
    const bare = { readinessProbe: undefined, livenessProbe: undefined };
    expect(found("containers-probed", [deployment(bare)])).to.deep.equal([
      "one container main readinessProbe: given nothing; allowed: a probe",
      "one container main livenessProbe: given nothing; allowed: a probe",
    ]);
    expect(found("containers-probed", [deployment(bare, {}, "kubernetes:batch/v1:Job")])).to.deep.equal([]);
  });

  it("pods-restricted finds every right too many", () => {
    const securityContext = { privileged: true, allowPrivilegeEscalation: true, capabilities: { drop: ["NET_RAW"] } };
    const pod = deployment({ securityContext }, { securityContext: {}, hostNetwork: true });
    const main = "one container main securityContext";
    expect(found("pods-restricted", [pod])).to.deep.equal([
      "one pod hostNetwork: given true; allowed: false",
      `${main}.runAsNonRoot: given nothing; allowed: true`,
      `${main}.privileged: given true; allowed: false`,
      `${main}.allowPrivilegeEscalation: given true; allowed: false`,
      `${main}.readOnlyRootFilesystem: given nothing; allowed: true`,
      `${main}.capabilities.drop: given nothing; allowed: ALL`,
      `${main}.seccompProfile.type: given nothing; allowed: RuntimeDefault`,
    ]);
  });
});
