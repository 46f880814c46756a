import type { FastifyInstance } from "fastify";
import { record } from "../events/record";
import { receive } from "../webhooks/receive";
import { isGenuine } from "../webhooks/signature";
import type { RouteGroup } from "./context";
import { HttpError } from "./errors";
import { webhookPath } from "./guards";

interface Payment {
  type: string;
  data: { userId: number; credits: number };
}

const header = (value: string | string[] | undefined) => (typeof value === "string" ? value : "");

function paymentOf(body: Buffer): Payment | undefined {
  try {
    const { type, data } = JSON.parse(body.toString()) as Payment;
    const valid = [data?.userId, data?.credits].every((value) => Number.isSafeInteger(value) && value > 0);
    return typeof type === "string" && valid ? { type, data } : undefined;
  } catch {
    return undefined;
  }
}

const pay = "UPDATE credits SET balance = balance + $2 WHERE user_id = $1";

/**
 * Webhooks of the payment provider (Standard Webhooks). Answers 2xx once the effect is committed, or was before: the
 * provider repeats everything else.
 */
export const webhookRoutes: RouteGroup = (app, { config, ownWrites, redis }) => {
  if (config.WEBHOOK_SECRETS === undefined) return;
  const secrets = config.WEBHOOK_SECRETS.split(" ").map((text) => Buffer.from(text.slice("whsec_".length), "base64"));
  // Registered apart: the signature is over the bytes of the body.
  void app.register(async (scope: FastifyInstance) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("application/json", { parseAs: "buffer" }, (_, body, done) => done(null, body));
    scope.post<{ Body: Buffer }>(`${webhookPath}payments`, async ({ headers, body }, reply) => {
      const delivery = {
        id: header(headers["webhook-id"]),
        timestamp: header(headers["webhook-timestamp"]),
        signature: header(headers["webhook-signature"]),
        body,
      };
      if (!/^[\w.-]{1,200}$/.test(delivery.id) || !isGenuine(delivery, secrets, new Date()))
        throw new HttpError(401, "the signature does not fit, or is too old");
      const payment = paymentOf(body);
      if (!payment) throw new HttpError(400, "not a payment");
      if (payment.type !== "payment.succeeded") return reply.code(204).send();
      const { userId, credits } = payment.data;
      const database = ownWrites.of(String(userId));
      const first = await receive({ database, redis }, `payments:${delivery.id}`, async (client) => {
        if ((await client.query(pay, [userId, credits])).rowCount !== 1) throw new HttpError(422, "no such user");
        await record(client, "payment.received", userId, { delivery: delivery.id, credits });
      });
      return { duplicate: !first };
    });
  });
};
