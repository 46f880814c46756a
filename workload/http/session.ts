import { createHash, randomBytes } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { Client } from "../stores/postgres";
import type { Context } from "./context";
import { HttpError } from "./errors";

/** Days that a session lasts. */
const sessionDays = 30;

const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");

/** Opens a session in a transaction. Returns its token, which is stored as a hash only. */
export async function openSession(client: Client, user: number): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  await client.query(
    "INSERT INTO sessions (token_hash, user_id, expires_at) VALUES ($1, $2, now() + make_interval(days => $3))",
    [hashOf(token), user, sessionDays],
  );
  return token;
}

/**
 * Returns the id of the user who sends a request. Any process can serve any user: sessions are in Postgres, and cached in Redis.
 * @throws HttpError  401 without a session
 */
export async function userOf(request: FastifyRequest, { cache, database }: Context): Promise<string> {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) throw new HttpError(401, "no session");
  const hash = hashOf(token);
  const load = () =>
    // On the primary: a replica may not have a new session yet.
    database.read(
      async (client) => {
        const sql = "SELECT user_id FROM sessions WHERE token_hash = $1 AND expires_at > now()";
        const user = (await client.query(sql, [hash])).rows[0]?.user_id as number | undefined;
        // Thrown, so that only sessions are cached: nothing is evicted from Redis, and anyone can make up tokens.
        if (user === undefined) throw new HttpError(401, "no session");
        return user;
      },
      { fresh: true },
    );
  return String(await cache.get("user", `session:${hash}`, load));
}
