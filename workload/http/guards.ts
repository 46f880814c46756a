import { isIPv6 } from "node:net";
import type { FastifyInstance, FastifyRequest, preHandlerAsyncHookHandler } from "fastify";
import type { LimitName } from "../patterns/limits";
import type { Context } from "./context";
import { HttpError } from "./errors";
import { userOf } from "./session";

/** Seconds after which a caller may try again in a mode that refuses the request. */
const modeRetrySeconds = 60;

const readMethods: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/** Paths of Kubernetes and Prometheus: never refused. */
export const operatorPaths = { live: "/livez", ready: "/healthz", metrics: "/metrics" } as const;

const isOperator = ({ url }: FastifyRequest) =>
  (Object.values(operatorPaths) as string[]).includes(url.split("?")[0] as string);

/** Calls of providers, which sign them and come in bursts from a few addresses: not limited. */
export const webhookPath = "/webhooks/";

/** Refuses requests of a mode, and those of an address beyond its limit. */
export function guards(app: FastifyInstance, context: Context): void {
  const { limits, switches } = context;
  app.addHook("onRequest", async (request) => {
    if (isOperator(request)) return;
    const refused =
      switches.mode === "maintenance" || (switches.mode === "read-only" && !readMethods.includes(request.method));
    if (refused) throw new HttpError(503, `the product is in ${switches.mode} mode`, modeRetrySeconds);
    // Absent on paths that CloudFront caches for everyone, and without CloudFront, where every visitor has the same address here.
    const address = request.headers["x-real-ip"];
    if (typeof address === "string" && !request.url.startsWith(webhookPath))
      refuse(await limits.take("address", visitorOf(address)));
  });
}

/** Returns who an address is counted as: of IPv6, the /64 that a visitor has for oneself. */
export function visitorOf(address: string): string {
  if (!isIPv6(address) || address.includes(".")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = head.split(":").filter(Boolean);
  const end = tail?.split(":").filter(Boolean) ?? [];
  const whole = [...groups, ...Array(8 - groups.length - end.length).fill("0"), ...end];
  const network = whole.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${network.join(":")}::/64`;
}

/** Limits a route for each user: `{ preHandler: limited(context, "search") }`. */
export const limited =
  (context: Context, name: LimitName): preHandlerAsyncHookHandler =>
  async (request) =>
    refuse(await context.limits.take(name, await userOf(request, context)));

function refuse({ allowed, retryAfterSeconds }: { allowed: boolean; retryAfterSeconds: number }): void {
  if (!allowed) throw new HttpError(429, "too many requests", retryAfterSeconds);
}
