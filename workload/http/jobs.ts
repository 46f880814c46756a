import type { FastifyReply } from "fastify";
import { type JobKind, kinds } from "../queue/kinds";
import { type JobState, type Priority, priorities } from "../queue/options";
import { pollAfterMs } from "../queue/polling";
import { Queues } from "../queue/queues";
import { NotEnoughCredits, submit } from "../queue/submit";
import type { RouteGroup } from "./context";
import { HttpError } from "./errors";
import { limited } from "./guards";
import { type IdempotencyHeaders, idempotencyHeaders } from "./idempotency";
import { userOf } from "./session";

interface Status {
  id: string;
  state: JobState;
  result: object | null;
  created_at: string;
}

const body = {
  type: "object",
  properties: {
    prompt: { type: "string", minLength: 1, maxLength: 2000 },
    priority: { type: "string", enum: Object.keys(priorities), default: "normal" },
  },
  required: ["prompt"],
  additionalProperties: false,
};
const params = { type: "object", properties: { id: { type: "string", format: "uuid" } } };

/** Tells when to ask next: in whole seconds for every client, and exactly for those that read the answer. */
function hint(reply: FastifyReply, ageMs: number): { pollAfterMs: number } {
  const ms = pollAfterMs(ageMs);
  reply.header("retry-after", Math.ceil(ms / 1000));
  return { pollAfterMs: ms };
}

/** Jobs that take longer than a request may: submitted here, done by the workers, and asked for until they are. */
export const jobRoutes: RouteGroup = (app, context) => {
  const { config, log, ownWrites, redis } = context;
  const queues = new Queues(redis);
  app.addHook("onClose", () => queues.close());

  for (const [kind, { path, credits }] of Object.entries(kinds) as [JobKind, (typeof kinds)[JobKind]][])
    app.post<{ Body: { prompt: string; priority: Priority }; Headers: IdempotencyHeaders }>(
      `/api/${path}`,
      { schema: { body, headers: idempotencyHeaders }, preHandler: limited(context, kind) },
      async (request, reply) => {
        const userId = await userOf(request, context);
        const { prompt, priority } = request.body;
        const job = {
          userId,
          idempotencyKey: request.headers["idempotency-key"],
          queue: config.JOB_QUEUE,
          kind,
          priority,
          input: { prompt },
          cost: credits,
        };
        const { id, queued } = await submit(ownWrites.of(userId), queues, job).catch((error) => {
          throw error instanceof NotEnoughCredits ? new HttpError(402, error.message) : error;
        });
        if (!queued) log.warn({ job: id }, "the job is stored; its queue did not answer, the sweep adds it");
        return reply
          .code(202)
          .header("location", `/api/jobs/${id}`)
          .send({ id, ...hint(reply, 0) });
      },
    );

  app.get<{ Params: { id: string } }>("/api/jobs/:id", { schema: { params } }, async (request, reply) => {
    const userId = await userOf(request, context);
    const { id } = request.params;
    const status = await ownWrites.cached("jobStatus", userId, `job:${id}`, async (client) => {
      const sql = "SELECT id, state, result, created_at FROM jobs WHERE id = $1 AND user_id = $2";
      return ((await client.query<Status>(sql, [id, userId])).rows[0] ?? null) as Status | null;
    });
    if (status === null) throw new HttpError(404, "no such job");
    const { state, result, created_at } = status;
    return { id, state, result, ...(state === "queued" && hint(reply, Date.now() - Date.parse(created_at))) };
  });
};
