import { expect } from "chai";
import { images } from "../../../../planner/preflight/checks/images";
import type { Login } from "../../../../planner/preflight/registry";
import { awsOf, dnsOf, needs, registriesOf, run } from "../support";

const image = "ghcr.io/acme/shop:1.4.2";
const overrides = { "tierstack:image": image };
const registry = { server: "ghcr.io", username: "acme", password: "token-4242" };
const both = ["linux/amd64", "linux/arm64"];

describe("check of the container images", () => {
  it("is for stacks with nodes of their own, and each image once", async () => {
    const queues = '[{"name":"a"},{"name":"b","image":"ghcr.io/acme/mailer:2.0.0"}]';
    const startup = await needs("startup", undefined, { ...overrides, "tierstack:queues": queues });
    expect(startup.images).to.deep.equal([image, "ghcr.io/acme/mailer:2.0.0"]);
    expect(images.applies(await needs("local"))).to.equal(false);
  });

  it("is fine for an image for linux/arm64", async () => {
    const mvp = await needs("mvp", undefined, overrides);
    expect(await run(images, mvp, {}, dnsOf(), registriesOf({ [image]: both }))).to.deep.equal([
      { status: "fine", text: `${image} has linux/arm64` },
    ]);
  });

  it("fails for an image for other processors", async () => {
    const mvp = await needs("mvp", undefined, overrides);
    expect(await run(images, mvp, {}, dnsOf(), registriesOf({ [image]: ["linux/amd64"] }))).to.deep.equal([
      {
        status: "failed",
        problem: {
          where: "image",
          given: `${image}, for linux/amd64`,
          allowed: "an image for linux/arm64, which every node runs",
          fix: "build it with docker buildx build --platform linux/arm64",
        },
      },
    ]);
  });

  it("fails for an image that the registry does not show, and never names the password", async () => {
    const mvp = await needs("mvp", undefined, overrides);
    const problem = (given: string, fix: string) => [
      { status: "failed", problem: { where: "image", given, allowed: "an image that the nodes can pull", fix } },
    ];
    expect(await run(images, mvp, {})).to.deep.equal(
      problem(`${image}, which ghcr.io does not show`, "correct the image, or set registry if it is private"),
    );
    expect(await run(images, { ...mvp, registry }, {})).to.deep.equal(
      problem(
        `${image}, which ghcr.io does not show with the given credentials`,
        "correct the image or the credentials",
      ),
    );
  });

  it("signs in with the credentials of that registry only, and to ECR with the caller's", async () => {
    const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1.0.0";
    const logins: Record<string, Login | undefined> = {};
    const registries = {
      platforms: async (name: string, login?: Login) => {
        logins[name] = login;
        return both;
      },
    };
    const authorizationToken = Buffer.from("AWS:ecr-token").toString("base64");
    const asked: [string, unknown, string?][] = [];
    const getAuthorizationToken = () => ({ authorizationData: [{ authorizationToken }] });
    const aws = awsOf({ ecr: { getAuthorizationToken } }, "us-east-1", asked);
    const mvp = { ...(await needs("mvp")), registry, images: [image, ecr, "nginx:1.29"] };
    await images.run(mvp, { aws, dns: dnsOf(), registries });
    expect(logins).to.deep.equal({
      [image]: registry,
      [ecr]: { username: "AWS", password: "ecr-token" },
      "nginx:1.29": undefined,
    });
    expect(asked).to.deep.equal([["ecr.getAuthorizationToken", {}, "eu-west-1"]]);
  });

  it("claims nothing of a private image where the password is encrypted", async () => {
    const mvp = {
      ...(await needs("mvp", undefined, overrides)),
      registry: { ...registry, password: "[secret]" },
    };
    expect(await run(images, mvp, {})).to.deep.equal([
      { status: "unchecked", reason: `${image}: registry.password is encrypted, and only Pulumi can read it` },
    ]);
    const found = await run(images, mvp, {}, dnsOf(), registriesOf({ [image]: both }));
    expect(found[0]?.status).to.equal("fine");
  });
});
