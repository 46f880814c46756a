import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** RFC 6455, section 1.3. */
const handshakeKey = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** A binary message to the client. */
function frame(payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt8(0x82, 0);
  head.writeUInt8(126, 1);
  head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

/** Calls with each message of a client, which masks them, until one that ends the connection. */
function messages(socket: Socket, each: (payload: Buffer) => void): void {
  let held = Buffer.alloc(0);
  socket.on("data", (part: Buffer) => {
    held = Buffer.concat([held, part]);
    for (;;) {
      if (held.length < 4) return;
      const short = held.readUInt8(1) & 0x7f;
      const at = short === 126 ? 4 : 2;
      const length = short === 126 ? held.readUInt16BE(2) : short;
      if (held.length < at + 4 + length) return;
      if ((held.readUInt8(0) & 0x0f) === 8) return void socket.end();
      const mask = held.subarray(at, at + 4);
      each(
        Buffer.from(held.subarray(at + 4, at + 4 + length).map((byte, index) => byte ^ (mask[index % 4] as number))),
      );
      held = held.subarray(at + 4 + length);
    }
  });
}

/** What an exec answers: parts of a program's output by channel (1 stdout, 2 stderr), then its status. */
export interface Answered {
  parts: [channel: 1 | 2, data: Buffer][];
  status: object;
  /** Bytes of input after which it ends. @default none */
  takes?: number;
}

/** An API server with pods that answers exec and port-forward as the kubelet does, in `v4.channel.k8s.io`. */
export async function kubelet(pods: object[], answered: Answered) {
  const commands: string[][] = [];
  const input: Buffer[] = [];
  const server = createServer((_, response) => response.end(JSON.stringify({ items: pods })));
  server.on("upgrade", ({ url = "", headers }, socket: Socket) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const accept = createHash("sha1").update(`${headers["sec-websocket-key"]}${handshakeKey}`).digest("base64");
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n`,
    );
    const send = (channel: number, data: Buffer) => socket.write(frame(Buffer.concat([Buffer.of(channel), data])));
    if (pathname.endsWith("/exec")) {
      commands.push([pathname, ...searchParams.getAll("command")]);
      const answer = () => {
        for (const [channel, data] of answered.parts) send(channel, data);
        send(3, Buffer.from(JSON.stringify(answered.status)));
      };
      const { takes = 0 } = answered;
      if (takes === 0) answer();
      return messages(socket, (payload) => {
        input.push(payload.subarray(1));
        if (Buffer.concat(input).length === takes) answer();
      });
    }
    const port = Number(searchParams.get("ports"));
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    for (const channel of [0, 1]) send(channel, number);
    const served = connect(port, "127.0.0.1");
    served.on("data", (data: Buffer) => send(0, data));
    served.on("error", ({ message }) => send(1, Buffer.from(message)));
    messages(socket, (payload) => served.write(payload.subarray(1)));
    socket.on("close", () => served.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url, commands, input, close };
}
