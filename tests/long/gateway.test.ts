import * as http from "node:http";
import type { AddressInfo, Server } from "node:net";
import { expect } from "chai";
import { type GatewayOptions, untrustedHeaders } from "../../components/app/gateway";
import { maintenancePage, retryAfterSeconds } from "../../components/support/maintenance";
import { application, Gateway, healthPath, missingTools, secret, seen } from "./support/gateway";

/** Runs the gateway's configuration in a real nginx, in front of a small application. */

describe("gateway in nginx", () => {
  let app: http.Server;
  let port: number;
  let gateway: Gateway | undefined;

  before(async function () {
    const missing = missingTools();
    if (missing) {
      console.log(`      ${missing}`);
      this.skip();
    }
    app = application().listen(0, "127.0.0.1");
    await new Promise((resolve) => app.once("listening", resolve));
    port = (app.address() as AddressInfo).port;
  });

  afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
  });

  after(async () => {
    if (!app) return;
    app.closeAllConnections();
    await new Promise((resolve) => (app as Server).close(resolve));
  });

  const start = async (options: Partial<GatewayOptions> = {}) => {
    gateway = await Gateway.start({
      port,
      healthPath,
      verifyOrigin: false,
      cloudFront: false,
      maintenance: false,
      ...options,
    });
    return gateway;
  };

  it("proxies on both ports and forwards the client's protocol and host", async () => {
    const { ask } = bound(await start());
    const plain = await ask("/a/b?c=d", { method: "POST", body: "hello", headers: { Host: "shop.example.com" } });
    expect(plain.status).to.equal(200);
    expect(seen(plain)).to.include({ method: "POST", url: "/a/b?c=d", body: "hello" });
    expect(seen(plain).headers).to.deep.include({
      host: "shop.example.com",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-forwarded-host": "shop.example.com",
    });
    expect(plain.headers.server).to.equal("nginx");
    const encrypted = await ask("/", { tls: true });
    expect(seen(encrypted).headers["x-forwarded-proto"]).to.equal("https");
  });

  it("keeps the protocol and the addresses of the proxy in front, where CloudFront is not", async () => {
    const { ask } = bound(await start());
    const headers = {
      "X-Forwarded-For": "203.0.113.9",
      "X-Forwarded-Proto": "https",
      "CloudFront-Forwarded-Proto": "ftp",
      "CloudFront-Viewer-Address": "203.0.113.66:443",
    };
    const received = seen(await ask("/", { headers })).headers;
    expect(received).to.deep.include({ "x-forwarded-for": "203.0.113.9, 127.0.0.1", "x-forwarded-proto": "https" });
    expect(received).not.to.have.property("x-real-ip");
    const odd = { headers: { "X-Forwarded-Proto": "javascript" } };
    expect(seen(await ask("/", odd)).headers["x-forwarded-proto"]).to.equal("http");
  });

  it("takes protocol and address from CloudFront alone, behind it", async () => {
    const { ask } = bound(await start({ cloudFront: true }));
    const visitor = { "X-Forwarded-Proto": "http", "X-Real-IP": "10.0.0.1" };
    const behind = async (headers: Record<string, string>) => {
      const received = seen(await ask("/", { headers: { ...visitor, ...headers } })).headers;
      return [received["x-forwarded-proto"], received["x-real-ip"]];
    };
    expect(await behind({})).to.deep.equal(["https", undefined]);
    expect(
      await behind({ "CloudFront-Forwarded-Proto": "http", "CloudFront-Viewer-Address": "198.51.100.10:46532" }),
    ).to.deep.equal(["http", "198.51.100.10"]);
    expect(
      await behind({ "CloudFront-Forwarded-Proto": "https", "CloudFront-Viewer-Address": "2001:db8::1:46532" }),
    ).to.deep.equal(["https", "2001:db8::1"]);
    expect(await behind({ "CloudFront-Viewer-Address": "example.org" })).to.deep.equal(["https", undefined]);
  });

  for (const cloudFront of [true, false]) {
    const where = cloudFront ? "behind CloudFront" : "without CloudFront";
    it(`overwrites a visitor's X-Forwarded-Host with the host of the request, ${where}`, async () => {
      const { ask } = bound(await start({ cloudFront }));
      for (const path of ["/", healthPath]) {
        const headers = { Host: "shop.example.com", "X-Forwarded-Host": "evil.example.org" };
        expect(seen(await ask(path, { headers })).headers).to.deep.include({
          host: "shop.example.com",
          "x-forwarded-host": "shop.example.com",
        });
      }
    });

    for (const header of ["X-Real-IP", ...untrustedHeaders]) {
      it(`keeps a visitor's ${header} from the application, ${where}`, async () => {
        const { ask } = bound(await start({ cloudFront }));
        for (const path of ["/", healthPath]) {
          const { headers } = seen(await ask(path, { headers: { [header]: "evil.example.org" } }));
          expect(headers).not.to.have.property(header.toLowerCase());
        }
      });
    }
  }

  it("rejects requests without the edge's header, except health checks", async () => {
    const { ask } = bound(await start({ verifyOrigin: true, cloudFront: true }));
    const withHeader = (value: string) => ({ headers: { "X-Origin-Verify": value } });
    expect((await ask("/")).status).to.equal(403);
    expect((await ask("/", { tls: true })).status).to.equal(403);
    expect((await ask("/", withHeader("wrong"))).status).to.equal(403);
    expect((await ask("/", withHeader(secret.toLowerCase()))).status, "different case").to.equal(403);
    expect((await ask("/", withHeader(`${secret}1`))).status, "with a suffix").to.equal(403);
    expect((await ask("/", withHeader(""))).status).to.equal(403);
    for (const tls of [false, true]) {
      const passed = await ask("/", { tls, ...withHeader(secret) });
      expect(passed.status).to.equal(200);
      expect(seen(passed).headers, "not forwarded to the application").not.to.have.property("x-origin-verify");
      expect((await ask(healthPath, { tls })).status).to.equal(200);
    }
    const health = await ask(healthPath, withHeader(secret));
    expect(seen(health).headers).not.to.have.property("x-origin-verify");
    expect((await ask(`${healthPath}/../secret`)).status, "no bypass").to.equal(403);
    expect((await ask(`${healthPath}/more`)).status).to.equal(403);
    const fromEdge = { headers: { "X-Origin-Verify": secret, "CloudFront-Forwarded-Proto": "https" } };
    expect(seen(await ask("/", fromEdge)).headers["x-forwarded-proto"]).to.equal("https");
  });

  it("returns 503 with a page during maintenance, except for health checks", async () => {
    const { ask } = bound(await start({ maintenance: true }));
    for (const [path, method] of [
      ["/", "GET"],
      ["/", "HEAD"],
      ["/api/orders", "POST"],
      ["/api/orders/1", "DELETE"],
      ["/maintenance.html", "GET"],
      ["/missing.css", "GET"],
    ] as const) {
      const answer = await ask(path, { method });
      expect(answer.status, `${method} ${path}`).to.equal(503);
      expect(answer.headers).to.include({
        "retry-after": String(retryAfterSeconds),
        "cache-control": "no-store",
        "content-type": "text/html; charset=utf-8",
      });
      expect(answer.body).to.equal(method === "HEAD" ? "" : maintenancePage());
    }
    const conditional = await ask("/", { headers: { "If-None-Match": "*", Range: "bytes=0-3" } });
    expect([conditional.status, conditional.body]).to.deep.equal([503, maintenancePage()]);
    const health = await ask(healthPath);
    expect([health.status, seen(health).url]).to.deep.equal([200, healthPath]);
    expect((await ask(healthPath, { tls: true })).status).to.equal(200);
  });

  it("verifies the origin during maintenance too", async () => {
    const { ask } = bound(await start({ maintenance: true, verifyOrigin: true }));
    expect((await ask("/")).status).to.equal(403);
    expect((await ask("/", { headers: { "X-Origin-Verify": secret } })).status).to.equal(503);
    expect((await ask(healthPath)).status).to.equal(200);
  });

  it("supports / as the health path", async () => {
    const { ask } = bound(await start({ healthPath: "/", verifyOrigin: true }));
    expect((await ask("/")).status).to.equal(200);
    expect((await ask("/other")).status).to.equal(403);
  });

  it("forwards upgrades and event streams without buffering", async () => {
    const running = await start();
    const echoed = await new Promise<string>((resolve, reject) => {
      const headers = { Connection: "Upgrade", Upgrade: "echo" };
      http
        .request({ host: "127.0.0.1", port: running.httpPort, headers, agent: false })
        .on("error", reject)
        .on("response", (response) => reject(new Error(`expected an upgrade, got ${response.statusCode}`)))
        .on("upgrade", (_, socket) => {
          socket.once("data", (data) => {
            socket.destroy();
            resolve(String(data));
          });
          socket.write("ping");
        })
        .end();
    });
    expect(echoed).to.equal("ping");
    const event = await new Promise<string>((resolve, reject) => {
      http
        .get({ host: "127.0.0.1", port: running.httpPort, path: "/events", agent: false }, (response) => {
          response.once("data", (data) => {
            response.destroy();
            resolve(String(data));
          });
        })
        .on("error", reject);
    });
    expect(event).to.equal("data: first\n\n");
  });

  it("logs requests without their query strings, and no health checks", async () => {
    const running = await start();
    await running.ask(healthPath);
    await running.ask('/reset"me?token=hidden', { method: "PUT" });
    const entry = running.log().find(({ method }) => method === "PUT");
    expect(entry).to.include({ path: '/reset"me', status: 200 });
    expect(JSON.stringify(running.log())).not.to.contain("hidden").and.not.to.contain(healthPath);
  });

  it("rejects bodies that are too large", async () => {
    const { ask } = bound(await start());
    const answer = await ask("/", { method: "POST", headers: { "Content-Length": 33 * 1024 * 1024 } });
    expect(answer.status).to.equal(413);
  });
});

function bound(gateway: Gateway): Pick<Gateway, "ask"> {
  return { ask: gateway.ask.bind(gateway) };
}
