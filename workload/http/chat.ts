import type { LimitName } from "../patterns/limits";
import type { RouteGroup } from "./context";
import { limited } from "./guards";

const message = { type: "string", minLength: 1, maxLength: 4000 };

/** Where the AI provider answers, with the limit of each. */
const paths = { "/api/chat": "chat", "/api/assistant": "ai" } as const satisfies Record<string, LimitName>;

/** Questions to the AI provider: limited for each user, and refused at once while the provider fails. */
export const chatRoutes: RouteGroup = (app, context) => {
  for (const [path, limit] of Object.entries(paths))
    app.post<{ Body: { message: string } }>(
      path,
      {
        schema: {
          body: { type: "object", properties: { message }, required: ["message"], additionalProperties: false },
        },
        preHandler: limited(context, limit),
      },
      async ({ body }) => ({ answer: await context.chat.call(body.message) }),
    );
};
