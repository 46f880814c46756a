import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Unanswered, unansweredBecause } from "../../../planner/preflight/aws";
import { addressOf, publicRegistries } from "../../../planner/preflight/registry";

const login = { username: "acme", password: "token-4242" };
const basic = `Basic ${Buffer.from("acme:token-4242").toString("base64")}`;

const index = {
  manifests: [
    { platform: { os: "linux", architecture: "amd64" } },
    { platform: { os: "linux", architecture: "arm64", variant: "v8" } },
    { platform: { os: "unknown", architecture: "unknown" } },
  ],
};

/** A registry on loopback that asks for a token, as the Docker registry does, and knows three repositories. */
class Registry {
  host = "";
  readonly asked: string[] = [];
  private readonly server: Server = createServer((request, response) => this.answer(request, response));

  private answer({ url = "", headers }: IncomingMessage, response: ServerResponse): void {
    this.asked.push(`${url} ${headers.authorization ?? "-"}`);
    const send = (status: number, body: object = {}, more: Record<string, string> = {}) =>
      response.writeHead(status, { "content-type": "application/json", ...more }).end(JSON.stringify(body));
    if (url.startsWith("/token")) {
      const isPrivate = url.includes("private");
      if (isPrivate && headers.authorization !== basic) return void send(401);
      return void send(200, { token: "t1" });
    }
    if (url.startsWith("/v2/basic/"))
      return void (headers.authorization === basic
        ? send(200, index)
        : send(401, {}, { "www-authenticate": 'Basic realm="registry"' }));
    if (url.startsWith("/v2/broken/")) return void send(503);
    if (headers.authorization !== "Bearer t1") {
      const scope = `repository:${url.split("/")[2]}:pull`;
      const challenge = `Bearer realm="http://${this.host}/token",service="registry",scope="${scope}"`;
      return void send(401, {}, { "www-authenticate": challenge });
    }
    if (!String(headers.accept).includes("application/vnd.oci.image.index.v1+json")) return void send(400);
    if (url === "/v2/shop/manifests/1.4.2" || url === "/v2/private/manifests/1.4.2") return void send(200, index);
    if (url === "/v2/shop/manifests/single") return void send(200, { config: { digest: "sha256:c0" } });
    if (url === "/v2/shop/blobs/sha256:c0") return void send(200, { os: "linux", architecture: "arm64" });
    send(404);
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe("registries", () => {
  const registry = new Registry();
  before(() => registry.start());
  after(() => registry.stop());

  const platforms = (image: string, with_?: typeof login) =>
    publicRegistries.platforms(`${registry.host}/${image}`, with_);

  it("have the platforms of a list of images, without attestations", async () => {
    expect(await platforms("shop:1.4.2")).to.deep.equal(["linux/amd64", "linux/arm64"]);
    expect(registry.asked).to.deep.equal([
      "/v2/shop/manifests/1.4.2 -",
      "/token?service=registry&scope=repository%3Ashop%3Apull -",
      "/v2/shop/manifests/1.4.2 Bearer t1",
    ]);
  });

  it("have the platform of a single image in its configuration", async () => {
    expect(await platforms("shop:single")).to.deep.equal(["linux/arm64"]);
  });

  it("show a private image to its owner only", async () => {
    expect(await platforms("private:1.4.2")).to.equal(undefined);
    expect(await platforms("private:1.4.2", login)).to.deep.equal(["linux/amd64", "linux/arm64"]);
    expect(await platforms("basic:1")).to.equal(undefined);
    expect(await platforms("basic:1", login)).to.deep.equal(["linux/amd64", "linux/arm64"]);
  });

  it("do not show an image that they do not have", async () => {
    expect(await platforms("shop:none")).to.equal(undefined);
  });

  it("give no answer where they fail or cannot be reached", async () => {
    const reason = (image: string) => publicRegistries.platforms(image).catch(unansweredBecause);
    expect(await reason(`${registry.host}/broken:1`)).to.equal(`${registry.host}: HTTP 503`);
    expect(await reason("127.0.0.1:1/shop:1")).to.match(/^127\.0\.0\.1:1: .+/);
    expect(new Unanswered("x")).to.be.instanceOf(Error);
  });

  it("are at the addresses that Docker uses", () => {
    expect(addressOf("nginx:1.29")).to.deep.equal({
      repository: "https://registry-1.docker.io/v2/library/nginx",
      reference: "1.29",
    });
    expect(addressOf("docker.io/acme/shop:1.0").repository).to.equal("https://registry-1.docker.io/v2/acme/shop");
    expect(addressOf("ghcr.io/acme/shop:1.0@sha256:ab")).to.deep.equal({
      repository: "https://ghcr.io/v2/acme/shop",
      reference: "sha256:ab",
    });
    expect(addressOf("registry.acme.dev:5000/shop@sha256:ab")).to.deep.equal({
      repository: "https://registry.acme.dev:5000/v2/shop",
      reference: "sha256:ab",
    });
  });
});
