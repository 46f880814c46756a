import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls, createSecureContext, type SecureContext } from "node:tls";

/** How a login ended: with the connection, or with the server's reason. */
export type Login = { socket: Socket } | { refused: string };

export interface StormArgs {
  port: number;
  user: string;
  password: string;
  database: string;
  /** File of the certificate authority. */
  ca: string;
}

const int32 = (value: number) => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
};
const framed = (body: Buffer) => Buffer.concat([int32(body.length + 4), body]);
const password = (body: Buffer) => Buffer.concat([Buffer.from("p"), framed(body)]);
const hmac = (key: Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** A client's keys follow from salt and password alone, so a crowd of one user computes them once. */
const salted = new Map<string, Buffer>();
function saltedPassword(secret: string, salt: string, iterations: number): Buffer {
  const key = `${secret} ${salt} ${iterations}`;
  const known = salted.get(key) ?? pbkdf2Sync(secret, Buffer.from(salt, "base64"), iterations, 32, "sha256");
  salted.set(key, known);
  return known;
}

/** The two answers of SCRAM-SHA-256 (RFC 5802). */
function scram(secret: string) {
  const nonce = randomBytes(12).toString("base64");
  const first = `n=,r=${nonce}`;
  return {
    initial: () => {
      const text = Buffer.from(`n,,${first}`);
      return password(Buffer.concat([Buffer.from("SCRAM-SHA-256\0"), int32(text.length), text]));
    },
    final: (challenge: string) => {
      const [, serverNonce = "", salt = "", iterations] = /^r=(.*),s=(.*),i=(\d+)$/.exec(challenge) ?? [];
      const clientKey = hmac(saltedPassword(secret, salt, Number(iterations)), "Client Key");
      const bare = `c=biws,r=${serverNonce}`;
      const storedKey = createHash("sha256").update(clientKey).digest();
      const signature = hmac(storedKey, `${first},${challenge},${bare}`);
      const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] as number)));
      return password(Buffer.from(`${bare},p=${proof.toString("base64")}`));
    },
  };
}

/** Logs in over TLS with SCRAM, as a driver does. */
function login(args: StormArgs, secureContext: SecureContext): Promise<Login> {
  return new Promise((resolve) => {
    const raw = connect({ port: args.port, host: "127.0.0.1" });
    const end = (refused: string) => {
      raw.destroy();
      resolve({ refused });
    };
    raw.on("error", (error) => end(error.message));
    raw.on("close", () => end("closed"));
    raw.on("connect", () => raw.write(framed(int32(80877103))));
    raw.once("data", () => {
      const socket = connectTls({ socket: raw, secureContext, servername: "localhost" });
      const answers = scram(args.password);
      let rest: Buffer = Buffer.alloc(0);
      socket.on("error", (error) => end(error.message));
      socket.on("secureConnect", () => {
        const text = `user\0${args.user}\0database\0${args.database}\0\0`;
        socket.write(framed(Buffer.concat([int32(196608), Buffer.from(text)])));
      });
      socket.on("data", (data) => {
        rest = Buffer.concat([rest, data]);
        while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
          const length = rest.readInt32BE(1) + 1;
          const [type, body] = [String.fromCharCode(rest[0] as number), rest.subarray(5, length)];
          rest = rest.subarray(length);
          if (type === "E") return end(/\0M([^\0]*)/.exec(body.toString())?.[1] ?? "error");
          if (type === "Z") return resolve({ socket: raw });
          const step = type === "R" ? body.readInt32BE(0) : 0;
          if (step === 10) socket.write(answers.initial());
          if (step === 11) socket.write(answers.final(body.subarray(4).toString()));
        }
      });
    });
  });
}

/** The server's answer to a client above its limit. */
export const full = "no more connections allowed (max_client_conn)";

/**
 * Connects all clients at once. A client whose login fails tries again within ten seconds, for five minutes, as long as
 * a place is free: on a busy machine a login may run into `client_login_timeout`, and hold a place until then.
 */
export async function storm(clients: number, places: number, args: StormArgs): Promise<Login[]> {
  const secureContext = createSecureContext({ ca: readFileSync(args.ca) });
  const end = Date.now() + 300_000;
  let connected = 0;
  const client = async (): Promise<Login> => {
    const result = await login(args, secureContext);
    if ("socket" in result) connected += 1;
    const again = "refused" in result && (result.refused !== full || connected < places) && Date.now() < end;
    return again ? sleep(Math.random() * 10_000).then(client) : result;
  };
  return Promise.all(Array.from({ length: clients }, client));
}

/** Breaks every connection, as the loss of a node does. */
export function drop(logins: Login[]): void {
  for (const login of logins) if ("socket" in login) login.socket.resetAndDestroy();
}
