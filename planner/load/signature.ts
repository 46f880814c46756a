/** Signatures that a receiver of webhooks checks. */
import { createHmac, randomUUID } from "node:crypto";

export const signings = ["standard-webhooks"] as const;
export type Signing = (typeof signings)[number];

/**
 * Headers of a delivery (standardwebhooks.com): its id, the time in seconds and the signature.
 * @param secret  `whsec_` and base64, or base64 alone
 */
function standardWebhook(body: string, secret: string, now: number, id: string): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const timestamp = `${Math.floor(now / 1000)}`;
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}

const signers = { "standard-webhooks": standardWebhook } satisfies Record<Signing, typeof standardWebhook>;

/** Returns the headers that sign a request. */
export const signatureOf = (as: Signing, body: string, secret: string, now = Date.now(), id: string = randomUUID()) =>
  signers[as](body, secret, now, id);
