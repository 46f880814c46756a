import { cacheFor } from "./caching";
import type { RouteGroup } from "./context";
import { HttpError } from "./errors";

const pageSize = 20;
const id = { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER };
const page = { type: "integer", minimum: 1, maximum: 1000, default: 1 };

/**
 * The catalogue: the same for every visitor, cached in Redis, by CloudFront and by browsers. Answers of 404 are not cached: nothing is
 * evicted from Redis, and anyone can make up ids and names.
 */
export const catalogueRoutes: RouteGroup = (app, { cache, database }) => {
  const rows = (sql: string, values: unknown[] = []) =>
    database.read(async (client) => (await client.query(sql, values)).rows as Record<string, unknown>[]);
  /** Rows of which there must be one. */
  const existing = async (what: string, sql: string, values: unknown[]) => {
    const found = await rows(sql, values);
    if (found.length === 0) throw new HttpError(404, `no such ${what}`);
    return found;
  };

  app.get<{ Querystring: { category?: string; page: number } }>(
    "/items",
    { schema: { querystring: { type: "object", properties: { category: { type: "string", maxLength: 50 }, page } } } },
    async ({ query: { category = null, page: at } }, reply) => {
      const sql =
        "SELECT id, title, category, price_cents FROM items WHERE $1::text IS NULL OR category = $1 ORDER BY id DESC LIMIT $2 OFFSET $3";
      const items = await cache.get("list", `items:${JSON.stringify([category, at])}`, () =>
        existing("page", sql, [category, pageSize, (at - 1) * pageSize]),
      );
      cacheFor(reply, "list");
      return { items };
    },
  );

  app.get<{ Params: { id: number } }>(
    "/items/:id",
    { schema: { params: { type: "object", properties: { id } } } },
    async ({ params }, reply) => {
      const sql = "SELECT id, title, category, description, price_cents FROM items WHERE id = $1";
      const [item] = await cache.get("list", `item:${params.id}`, () => existing("item", sql, [params.id]));
      cacheFor(reply, "list");
      return item;
    },
  );

  app.get("/reference/categories", async (_, reply) => {
    cacheFor(reply, "reference");
    const sql = "SELECT category AS name, count(*) AS items FROM items GROUP BY category ORDER BY category";
    return { categories: await cache.get("reference", "categories", () => rows(sql)) };
  });

  app.get("/static/sitemap.json", async (_, reply) => {
    cacheFor(reply, "static");
    return {
      paths: await cache.get("static", "sitemap", () =>
        rows("SELECT '/items/' || id AS path FROM items ORDER BY id LIMIT 10000"),
      ),
    };
  });
};
