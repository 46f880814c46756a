import { expect } from "chai";
import { configKeyOf, ecrRepositoryOf, registryOf } from "../../../components/support/image-name";

describe("the name of an image", () => {
  const registries: [image: string, registry: string][] = [
    ["ghcr.io/acme/shop:1.4.2", "ghcr.io"],
    ["registry.example.com:5000/shop:1", "registry.example.com:5000"],
    ["localhost/shop:1", "localhost"],
    ["acme/shop:1", "docker.io"],
    ["shop:1", "docker.io"],
    ["docker.io/acme/shop:1", "docker.io"],
  ];
  for (const [image, registry] of registries)
    it(`${image} is on ${registry}`, () => {
      expect(registryOf(image)).to.equal(registry);
    });

  it("has Docker Hub under the key that the kubelet looks up", () => {
    expect(configKeyOf("docker.io")).to.equal("https://index.docker.io/v1/");
    expect(configKeyOf("ghcr.io")).to.equal("ghcr.io");
  });

  it("tells the repository of an image in ECR", () => {
    const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
    const repository = { registry, account: "123456789012", region: "eu-west-1", name: "acme/shop" };
    for (const tail of [":1.4.2", `@sha256:${"a".repeat(64)}`])
      expect(ecrRepositoryOf(`${registry}/acme/shop${tail}`)).to.deep.equal(repository);
    for (const image of ["ghcr.io/acme/shop:1", "public.ecr.aws/nginx/nginx:1", `x${registry}/shop:1`])
      expect(ecrRepositoryOf(image), image).to.equal(undefined);
  });
});
