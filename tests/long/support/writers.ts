import { randomBytes } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { host, password, type Valkey } from "./valkey";

/** A client that sends commands in batches, and keeps its connection. */
export class Writer {
  private constructor(
    private readonly socket: TLSSocket,
    private readonly replies: AsyncIterator<string>,
  ) {}

  static async connect(valkey: Valkey): Promise<Writer> {
    const socket = await new Promise<TLSSocket>((resolve, reject) => {
      const opened = valkey.connect(host, () => resolve(opened)).on("error", reject);
    });
    const writer = new Writer(socket, lines(socket));
    await writer.send([["AUTH", password]]);
    return writer;
  }

  /** Sends commands whose replies have one line each. Returns the errors among the replies. */
  async send(commands: (string | Buffer)[][]): Promise<string[]> {
    this.socket.write(Buffer.concat(commands.map(encoded)));
    const errors: string[] = [];
    for (const _ of commands) {
      const { value, done } = await this.replies.next();
      if (done) throw new Error("the server closed the connection");
      if (value.startsWith("-")) errors.push(value);
    }
    return errors;
  }

  close(): void {
    this.socket.destroy();
  }
}

function encoded(words: (string | Buffer)[]): Buffer {
  const parts = words.flatMap((word) => {
    const bytes = Buffer.from(word);
    return [Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from("\r\n")];
  });
  return Buffer.concat([Buffer.from(`*${words.length}\r\n`), ...parts]);
}

async function* lines(socket: TLSSocket): AsyncGenerator<string> {
  let rest = "";
  for await (const data of socket) {
    const parts = `${rest}${data}`.split("\r\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}

/** Returns a job's value. Sizes vary, so a new value seldom takes the place of the old one in memory. */
export const jobValue = (): Buffer => randomBytes(256 + Math.floor(Math.random() * 1536));
