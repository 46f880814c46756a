import { record } from "../events/record";
import { once } from "../queue/once";
import type { RouteGroup } from "./context";
import { HttpError } from "./errors";
import { type IdempotencyHeaders, idempotencyHeaders } from "./idempotency";
import { openSession, userOf } from "./session";

/** Credits of a new user. */
const welcomeCredits = 100;

const name = { type: "string", minLength: 1, maxLength: 100 };
const body = <Properties extends object>(properties: Properties) => ({
  body: { type: "object", properties, required: Object.keys(properties), additionalProperties: false },
});

/** Users and their credits: data of one user, cached for that user, and never older than the user's own last write. */
export const userRoutes: RouteGroup = (app, context) => {
  const { database, ownWrites } = context;

  app.post<{ Body: { email: string; name: string } }>(
    "/api/users",
    { schema: body({ email: { type: "string", format: "email", maxLength: 200 }, name }) },
    async ({ body: given }, reply) => {
      const created = await database.write(async (client) => {
        const sql = "INSERT INTO users (email, name) VALUES ($1, $2) ON CONFLICT (email) DO NOTHING RETURNING id";
        const user = (await client.query(sql, [given.email, given.name])).rows[0];
        if (!user) throw new HttpError(409, "there is a user with this address");
        await client.query("INSERT INTO credits (user_id, balance) VALUES ($1, $2)", [user.id, welcomeCredits]);
        return { id: user.id as number, token: await openSession(client, user.id) };
      });
      return reply.code(201).send(created);
    },
  );

  app.get("/api/me", async (request) => {
    const user = await userOf(request, context);
    return ownWrites.cached("user", user, "profile", async (client) => {
      const { rows } = await client.query("SELECT id, email, name FROM users WHERE id = $1", [user]);
      return rows[0];
    });
  });

  app.put<{ Body: { name: string } }>("/api/me", { schema: body({ name }) }, async (request) => {
    const user = await userOf(request, context);
    return ownWrites.write(user, async (client) => {
      const sql = "UPDATE users SET name = $2 WHERE id = $1 RETURNING id, email, name";
      return (await client.query(sql, [user, request.body.name])).rows[0];
    });
  });

  app.get("/api/me/credits", async (request) => {
    const user = await userOf(request, context);
    return ownWrites.cached("credits", user, "credits", async (client) => {
      const { rows } = await client.query("SELECT balance FROM credits WHERE user_id = $1", [user]);
      return rows[0];
    });
  });

  app.post<{ Body: { amount: number }; Headers: IdempotencyHeaders }>(
    "/api/me/credits",
    {
      schema: { ...body({ amount: { type: "integer", minimum: 1, maximum: 1000 } }), headers: idempotencyHeaders },
    },
    async (request) => {
      const user = await userOf(request, context);
      const { amount } = request.body;
      return ownWrites.write(user, async (client) => {
        // A 503 may come after the commit: the caller repeats the request under the same key, and pays once.
        await once(client, `credits:${user}:${request.headers["idempotency-key"]}`, async () => {
          await client.query("UPDATE credits SET balance = balance + $2 WHERE user_id = $1", [user, amount]);
          await record(client, "credits.bought", user, { amount });
        });
        return (await client.query("SELECT balance FROM credits WHERE user_id = $1", [user])).rows[0];
      });
    },
  );
};
