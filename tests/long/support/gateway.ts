import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import {
  type GatewayOptions,
  gatewayFiles,
  gatewayPaths,
  originEntry,
  originFile,
} from "../../../components/app/gateway";
import { ports } from "../../../components/support/names";
import type { MemoryCgroup } from "./cgroup";

export const secret = "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zA";
export const healthPath = "/healthz";

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** A request, as the application received it. */
export interface Seen {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

export const seen = (answer: Answer): Seen => JSON.parse(answer.body);

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** The answer to `/large`. */
export const large = Buffer.alloc(8 * 1024 * 1024);

/** Returns each request as JSON. `/events` is an endless event stream; upgraded connections echo. */
export function application(): http.Server {
  const server = http.createServer((request, response) => {
    if (request.url === "/large") {
      response.writeHead(200, { "Content-Length": large.length });
      response.end(large);
      return;
    }
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
export class Gateway {
  private constructor(
    private readonly folder: string,
    private readonly nginx: ChildProcess,
    readonly httpPort: number,
    readonly httpsPort: number,
  ) {}

  static async start(options: GatewayOptions, cgroup?: MemoryCgroup): Promise<Gateway> {
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
    const args = ["-e", join(folder, "error.log"), "-c", join(folder, "config", "nginx.conf"), "-g", "daemon off;"];
    const [command, words] = cgroup?.command("nginx", args) ?? ["nginx", args];
    const nginx = spawn(command, words, { stdio: ["ignore", "inherit", "inherit"] });
    cgroup?.add(nginx.pid);
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

/** Returns the missing tools, with how to install them. */
export function missingTools(): string | undefined {
  const tools: [string, string][] = [
    ["nginx", "-v"],
    ["openssl", "version"],
  ];
  const missing = tools.find(([tool, argument]) => spawnSync(tool, [argument]).error);
  return missing && `skipped: ${missing[0]} is not installed (apt-get install nginx-light openssl)`;
}
