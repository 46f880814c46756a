import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a server got it. */
export interface Got {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
  connection: number;
}

/** A server on this computer that keeps what it gets. */
export async function startServer(answer: (got: Got, response: ServerResponse) => void) {
  const got: Got[] = [];
  const connections = new Map<object, number>();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const { method = "", url = "", headers, socket } = request;
      if (!connections.has(socket)) connections.set(socket, connections.size);
      const one = { method, url, headers, body, connection: connections.get(socket) ?? 0 };
      got.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    got,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
