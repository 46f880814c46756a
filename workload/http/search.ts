import { searchItems } from "../search/search";
import type { RouteGroup } from "./context";
import { limited } from "./guards";

/** Items on an answer. */
const hits = 20;

const q = { type: "string", minLength: 1, maxLength: 200 };

/** Items by meaning, limited for each user, and kept like other lists. */
export const searchRoutes: RouteGroup = (app, context) => {
  const { cache, config, database } = context;
  if (config.SEARCH === "off") return;
  app.get<{ Querystring: { q: string } }>(
    "/api/search",
    {
      schema: { querystring: { type: "object", properties: { q }, required: ["q"] } },
      preHandler: limited(context, "search"),
    },
    async ({ query }) => {
      const text = query.q.trim().toLowerCase();
      const search = () => database.read((client) => searchItems(client, text, hits));
      return { items: await cache.get("list", `search:${text}`, search) };
    },
  );
};
