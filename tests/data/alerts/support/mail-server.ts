import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

/** A mail as it was received. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Undoes quoted-printable, in which Alertmanager writes its text. */
const decoded = (text: string) =>
  Buffer.from(
    text.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  ).toString("utf8");

function parsed(to: string, data: string): Mail {
  const subject = /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(data)?.[1] ?? "";
  const words = subject
    .replace(/\r\n[ \t]/g, "")
    .replace(/=\?utf-8\?q\?(.*?)\?=/gi, (_, word: string) => decoded(word.replaceAll("_", " ")));
  return { to, subject: words, text: decoded(data) };
}

/** A mail server on loopback that keeps what it gets. */
export class MailServer {
  readonly mails: Mail[] = [];
  /** The names by which clients have introduced themselves. */
  readonly greetings = new Set<string>();
  /** User and password of each login, with a colon between. */
  readonly logins = new Set<string>();
  /** Refuses every mail, as a server does whose quota is used up. */
  refuses = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on("connection", (socket) => this.serve(socket));
  }

  /** @param port  @default a free one */
  static async listen(port = 0): Promise<MailServer> {
    const server = createServer();
    await once(server.listen(port, "127.0.0.1"), "listening");
    const address = server.address();
    return new MailServer(server, typeof address === "object" && address ? address.port : 0);
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket)).on("error", () => {});
    const say = (line: string) => socket.write(`${line}\r\n`);
    let pending = "";
    let to = "";
    let inData = false;
    say("220 sink");
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      pending += chunk;
      for (;;) {
        const end = pending.indexOf(inData ? "\r\n.\r\n" : "\r\n");
        if (end === -1) return;
        const part = pending.slice(0, end);
        pending = pending.slice(end + (inData ? 5 : 2));
        if (inData) {
          this.mails.push(parsed(to, part));
          inData = false;
          say("250 kept");
          continue;
        }
        const verb = part.slice(0, 4).toUpperCase();
        if (verb === "EHLO") {
          this.greetings.add(part.slice("EHLO ".length));
          say("250-sink\r\n250 AUTH PLAIN");
        } else if (verb === "AUTH") {
          const [, user, password] = Buffer.from(part.slice("AUTH PLAIN ".length), "base64").toString().split("\0");
          this.logins.add(`${user}:${password}`);
          say("235 welcome");
        } else if (verb === "MAIL" && this.refuses) say("452 quota");
        else if (verb === "DATA") {
          inData = true;
          say("354 go on");
        } else if (verb === "QUIT") say("221 bye");
        else {
          if (verb === "RCPT") to = /<(.*)>/.exec(part)?.[1] ?? "";
          say("250 fine");
        }
      }
    });
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}
