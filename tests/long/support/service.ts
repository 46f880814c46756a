import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export interface Endpoint {
  host: string;
  port: number;
}

/**
 * An address that stays while what is behind it changes: a Kubernetes Service, or the host name of an RDS instance. A new
 * connection goes to one of the endpoints, drawn as kube-proxy draws it; open ones stay where they are.
 */
export class Service {
  private endpoints: Endpoint[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on("connection", (client) => this.forward(client));
  }

  /** Listens on localhost, on a free port by default. */
  static async listen(port = 0): Promise<Service> {
    const server = createServer();
    await once(server.listen(port, "127.0.0.1", 4096), "listening");
    const address = server.address();
    return new Service(server, typeof address === "object" && address ? address.port : port);
  }

  /** New connections go to these from now on. With none, they are refused. */
  route(...endpoints: Endpoint[]): void {
    this.endpoints = endpoints;
  }

  private forward(client: Socket): void {
    const endpoint = this.endpoints[Math.floor(Math.random() * this.endpoints.length)];
    if (!endpoint) return void client.resetAndDestroy();
    const backend = connect(endpoint);
    for (const [from, to] of [
      [client, backend],
      [backend, client],
    ] as const) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.sockets.delete(from);
        to.destroySoon();
      });
    }
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}
