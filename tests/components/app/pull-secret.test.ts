import * as k8s from "@pulumi/kubernetes";
import { expect } from "chai";
import { dockerConfig, PullSecret } from "../../../components/app/pull-secret";
import { existingNamespace } from "../../../components/namespaces/namespace";
import { recorded, Secret } from "../../support/record";

describe("PullSecret", () => {
  it("is a Docker configuration that stays secret", async () => {
    const all = await recorded(() => {
      const cluster = { provider: new k8s.Provider("kubernetes", {}) };
      const registry = { server: "ghcr.io", username: "acme", password: "token" };
      const { secretName } = new PullSecret("registry", { cluster, namespace: existingNamespace("app"), registry });
      return { secretName };
    });
    expect(all.problems).to.deep.equal([]);
    expect(all.outputs.secretName).to.equal("app-registry");
    expect(all.at("registry/secret").inputs.stringData).to.be.instanceOf(Secret);
    const { metadata, type, stringData } = all.inputs("registry/secret");
    expect(metadata).to.include({ name: "app-registry", namespace: "app" });
    expect(type).to.equal("kubernetes.io/dockerconfigjson");
    expect(JSON.parse(stringData[".dockerconfigjson"])).to.deep.equal({
      auths: { "ghcr.io": { username: "acme", password: "token", auth: "YWNtZTp0b2tlbg==" } },
    });
  });

  it("names Docker Hub as the kubelet looks it up", () => {
    expect(Object.keys(JSON.parse(dockerConfig("docker.io", "a", "b")).auths)).to.deep.equal([
      "https://index.docker.io/v1/",
    ]);
  });
});
