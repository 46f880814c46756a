import type { Config } from "../config";
import { askProvider } from "../provider";
import type { Handler, Handlers } from "./process";

/** Kinds of jobs. Each has the limit of its name in `patterns/limits.ts`. */
export const kinds = {
  image: { path: "images", credits: 1 },
  video: { path: "videos", credits: 10 },
  training: { path: "trainings", credits: 50 },
} as const satisfies Record<string, { /** In the API, and at the provider. */ path: string; credits: number }>;
export type JobKind = keyof typeof kinds;

/** Milliseconds that the provider may take: a worker on a spot node has a minute for a job. */
const answerMs = 45_000;

const addImage = "INSERT INTO images (job_id, url) VALUES ($1, $2)";

/** Has the provider do a job. It knows the job by its id, so a repeated call has the same result. */
const handler =
  (kind: JobKind, config: Pick<Config, "PROVIDER_URL">): Handler =>
  async ({ id, input }) => {
    const question = { body: input, headers: { "idempotency-key": id }, answerMs };
    const { url } = await askProvider<{ url: string }>(config, kinds[kind].path, question);
    return {
      result: { url },
      apply: async (client) => {
        if (kind === "image") await client.query(addImage, [id, url]);
      },
    };
  };

export const handlersOf = (config: Pick<Config, "PROVIDER_URL">): Handlers =>
  Object.fromEntries((Object.keys(kinds) as JobKind[]).map((kind) => [kind, handler(kind, config)]));
