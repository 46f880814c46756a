import { createHmac, timingSafeEqual } from "node:crypto";

/** How old a delivery may be, in seconds, in either direction (Standard Webhooks, "Verifying webhook authenticity"). */
export const toleranceSeconds = 300;

export interface Delivery {
  id: string;
  /** Seconds since 1970, as the header has it. */
  timestamp: string;
  /** Signatures such as `v1,<base64>`, separated by spaces. */
  signature: string;
  body: Buffer;
}

/** Returns the signature of a delivery, as the Standard Webhooks specification has it. */
export function sign(secret: Buffer, { id, timestamp, body }: Omit<Delivery, "signature">): string {
  const hmac = createHmac("sha256", secret).update(`${id}.${timestamp}.`).update(body);
  return `v1,${hmac.digest("base64")}`;
}

const equal = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/**
 * Whether a delivery comes from a holder of one of the secrets, and is new: one that is played again later is refused.
 * @param secrets  the current one, and in a rotation the one before
 */
export function isGenuine(delivery: Delivery, secrets: Buffer[], now: Date): boolean {
  const age = now.getTime() / 1000 - Number(delivery.timestamp);
  if (!/^\d{1,12}$/.test(delivery.timestamp) || Math.abs(age) > toleranceSeconds) return false;
  const given = delivery.signature.split(" ").slice(0, 5);
  return secrets.map((secret) => sign(secret, delivery)).some((wanted) => given.some((one) => equal(one, wanted)));
}
