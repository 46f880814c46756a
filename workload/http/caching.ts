import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply } from "fastify";
import { type Kind, ttlSeconds } from "../patterns/cache";

/** Data that is the same for every visitor. */
export type PublicKind = Extract<Kind, "list" | "reference" | "static">;

/** Seconds that a cache may serve an old answer while it asks for a new one. */
const staleSeconds: Record<PublicKind, number> = { list: 60, reference: 600, static: 3600 };

/** Lets browsers and CloudFront keep an answer. */
export function cacheFor(reply: FastifyReply, kind: PublicKind): void {
  reply.header("cache-control", `public, max-age=${ttlSeconds[kind]}, stale-while-revalidate=${staleSeconds[kind]}`);
}

/** Gives each JSON answer an ETag, and answers 304 to a caller who has it. Answers are private unless a route says otherwise. */
export function httpCaching(app: FastifyInstance): void {
  app.addHook("onSend", async (request, reply, payload) => {
    if (request.method !== "GET" || reply.statusCode !== 200 || typeof payload !== "string") return payload;
    if (reply.getHeader("cache-control") === "no-store") return payload;
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "private, no-cache");
    const etag = `"${createHash("sha256").update(payload).digest("base64url").slice(0, 22)}"`;
    reply.header("etag", etag);
    const known = request.headers["if-none-match"]?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
    if (!known?.includes(etag) && !known?.includes("*")) return payload;
    reply.code(304).removeHeader("content-length").removeHeader("content-type");
    return null;
  });
}
