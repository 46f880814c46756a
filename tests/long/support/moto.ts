import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { pythonProgram } from "./python";

/** moto answers most APIs of AWS. A release, because its answers follow AWS's from release to release. */
const moto = { name: "moto", version: "5.2.5", requirement: "moto[server]", program: "moto_server" };

async function freePort(): Promise<number> {
  const probe = createTcpServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

export interface Moto {
  url: string;
  process: ChildProcess;
}

/** Starts moto's server on loopback; undefined where it cannot be installed. */
export async function startMoto(): Promise<Moto | undefined> {
  const server = pythonProgram(moto);
  if (!server) return undefined;
  const port = await freePort();
  const child = spawn(server, ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 300; tries++) {
    const answers = await fetch(`${url}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return { url, process: child };
    await sleep(100);
  }
  child.kill();
  throw new Error("moto does not answer");
}

/** A request to a stand-in: its operation, and the text of its body. */
export interface Asked {
  operation: string;
  body: string;
}

/** A server for the operations that moto does not know, with answers in the shape that AWS documents. */
export class StandIn {
  /** What it answers, by operation: JSON for an object, XML for a text. */
  answers: Record<string, (asked: Asked) => object | string> = {};
  url = "";
  private readonly server: Server;

  constructor() {
    this.server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const operation = operationOf(request, body);
      const answer = this.answers[operation];
      if (!answer) {
        response.writeHead(501).end();
        return;
      }
      const content = answer({ operation, body });
      response
        .writeHead(200, { "content-type": typeof content === "string" ? "text/xml" : "application/x-amz-json-1.1" })
        .end(typeof content === "string" ? content : JSON.stringify(content));
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** `GetServiceQuota` of the header of a JSON request or of the form of a query; the path of a REST request. */
function operationOf({ headers, url = "" }: IncomingMessage, body: string): string {
  const target = String(headers["x-amz-target"] ?? "").split(".")[1];
  return target ?? new URLSearchParams(body).get("Action") ?? (url.split("?")[0] as string);
}
