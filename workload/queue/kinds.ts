import type { Config } from "../config";
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
  (kind: JobKind, { PROVIDER_URL }: Pick<Config, "PROVIDER_URL">): Handler =>
  async ({ id, input }) => {
    if (PROVIDER_URL === undefined) throw new Error("PROVIDER_URL is not set");
    const response = await fetch(new URL(kinds[kind].path, PROVIDER_URL), {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": id },
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(answerMs),
    });
    if (!response.ok) throw new Error(`the provider answered ${response.status}`);
    const { url } = (await response.json()) as { url: string };
    return {
      result: { url },
      apply: async (client) => {
        if (kind === "image") await client.query(addImage, [id, url]);
      },
    };
  };

export const handlersOf = (config: Pick<Config, "PROVIDER_URL">): Handlers =>
  Object.fromEntries((Object.keys(kinds) as JobKind[]).map((kind) => [kind, handler(kind, config)]));
