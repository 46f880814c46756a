import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type GatewayOptions, gatewayFiles, gatewayPaths, originEntry, originFile } from "../../components/app/gateway";
import { maintenancePage, retryAfterSeconds } from "../../components/support/maintenance";
import { ports } from "../../components/support/names";

/** Runs the gateway's configuration in a real nginx, in front of a small application. */

const secret = "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zA";
const healthPath = "/healthz";

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** A request, as the application received it. */
interface Seen {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

const seen = (answer: Answer): Seen => JSON.parse(answer.body);

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Returns each request as JSON. `/events` is an endless event stream; upgraded connections echo. */
function application(): http.Server {
  const server = http.createServer((request, response) => {
    if (request.url === "/events") {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write("data: first\n\n");
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      response.writeHead(200, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
    });
  });
  server.on("upgrade", (_, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n");
    socket.on("error", () => socket.destroy());
    socket.pipe(socket);
  });
  return server;
}

/** A running gateway. */
class Gateway {
  private constructor(
    private readonly folder: string,
    private readonly nginx: ChildProcess,
    readonly httpPort: number,
    readonly httpsPort: number,
  ) {}

  static async start(options: GatewayOptions): Promise<Gateway> {
    const folder = mkdtempSync(join(tmpdir(), "gateway-"));
    const [httpPort, httpsPort] = [await freePort(), await freePort()];
    // Replaces the scratch folder first, because the new paths contain its old path.
    const here = {
      [gatewayPaths.scratch]: join(folder, "scratch"),
      [gatewayPaths.config]: join(folder, "config"),
      [gatewayPaths.tls]: join(folder, "tls"),
      [gatewayPaths.origin]: join(folder, "origin"),
    };
    for (const path of Object.values(here)) mkdirSync(path);
    for (const [file, text] of Object.entries(gatewayFiles(options))) {
      const moved = Object.entries(here)
        .reduce((all, [from, to]) => all.replaceAll(` ${from}`, ` ${to}`), text)
        .replaceAll(`listen ${ports.gatewayHttp}`, `listen 127.0.0.1:${httpPort}`)
        .replaceAll(`listen ${ports.gatewayHttps}`, `listen 127.0.0.1:${httpsPort}`)
        .replaceAll("/dev/stdout", join(folder, "access.log"))
        .replaceAll("/dev/stderr", join(folder, "error.log"));
      // As in the container, the nginx workers run as the user that starts nginx.
      const user = userInfo().uid === 0 && file === "nginx.conf" ? "user root;\n" : "";
      writeFileSync(join(folder, "config", file), user + moved);
    }
    writeFileSync(join(folder, "origin", originFile), originEntry(secret));
    const tls = (file: string) => join(folder, "tls", file);
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"],
        ...["-subj", "/CN=app", "-keyout", tls("tls.key"), "-out", tls("tls.crt")],
      ],
      { stdio: "ignore" },
    );
    const nginx = spawn(
      "nginx",
      ["-e", join(folder, "error.log"), "-c", join(folder, "config", "nginx.conf"), "-g", "daemon off;"],
      { stdio: ["ignore", "inherit", "inherit"] },
    );
    const gateway = new Gateway(folder, nginx, httpPort, httpsPort);
    await gateway.ready();
    return gateway;
  }

  private async ready(): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      if (this.nginx.exitCode !== null) throw new Error(`nginx exited with ${this.nginx.exitCode}`);
      const answered = await this.ask("/").then(
        () => true,
        () => false,
      );
      if (answered) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("nginx does not respond");
  }

  ask(path: string, options: http.RequestOptions & { body?: string; tls?: boolean } = {}): Promise<Answer> {
    const { body, tls, ...rest } = options;
    const where = { host: "127.0.0.1", port: tls ? this.httpsPort : this.httpPort, path, agent: false as const };
    return new Promise((resolve, reject) => {
      const request = (tls ? https : http).request({ ...where, rejectUnauthorized: false, ...rest }, (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  /** Returns the entries of the access log. */
  log(): Record<string, unknown>[] {
    const lines = readFileSync(join(this.folder, "access.log"), "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line));
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.nginx.once("exit", resolve));
    if (this.nginx.exitCode === null) {
      this.nginx.kill("SIGTERM");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe("gateway in nginx", () => {
  let app: http.Server;
  let port: number;
  let gateway: Gateway | undefined;

  before(async function () {
    for (const tool of [
      ["nginx", "-v"],
      ["openssl", "version"],
    ] as const) {
      if (spawnSync(tool[0], [tool[1]]).error) {
        console.log(`      skipped: ${tool[0]} is not installed (apt-get install nginx-light openssl)`);
        this.skip();
      }
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
    gateway = await Gateway.start({ port, healthPath, verifyOrigin: false, maintenance: false, ...options });
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

  it("keeps the X-Forwarded headers of a load balancer", async () => {
    const { ask } = bound(await start());
    const headers = {
      "X-Forwarded-For": "203.0.113.9",
      "X-Forwarded-Proto": "https",
      "X-Forwarded-Host": "example.org",
      // Not trusted without origin verification.
      "CloudFront-Forwarded-Proto": "ftp",
    };
    expect(seen(await ask("/", { headers })).headers).to.deep.include({
      "x-forwarded-for": "203.0.113.9, 127.0.0.1",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "example.org",
    });
  });

  it("rejects requests without the edge's header, except health checks", async () => {
    const { ask } = bound(await start({ verifyOrigin: true }));
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
