import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";

/** A request as it came. */
export interface Beat {
  method: string;
  path: string;
  body: string;
}

/** A service that waits for heartbeats, on loopback with TLS. */
export class Listener {
  readonly beats: Beat[] = [];
  /** What it answers. */
  status = 200;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on("request", async (request, response) => {
      let body = "";
      for await (const part of request) body += String(part);
      this.beats.push({ method: request.method ?? "", path: request.url ?? "", body });
      response.writeHead(this.status).end();
    });
  }

  /** @param tls  files of its certificate, for localhost, and of the key */
  static async listen(tls: { certificate: string; key: string }): Promise<Listener> {
    const server = createServer({ cert: readFileSync(tls.certificate), key: readFileSync(tls.key) });
    await once(server.listen(0, "127.0.0.1"), "listening");
    return new Listener(server, (server.address() as AddressInfo).port);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
