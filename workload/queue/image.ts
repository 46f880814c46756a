import type { Config } from "../config";
import type { Handler } from "./process";

/** Milliseconds that an image may take: a worker on a spot node has a minute for a job. */
const answerMs = 45_000;

const add = "INSERT INTO images (job_id, url) VALUES ($1, $2)";

/** Has an image made. The provider knows the job by its id, so a repeated call is the same image. */
export const imageHandler =
  ({ PROVIDER_URL }: Pick<Config, "PROVIDER_URL">): Handler =>
  async ({ id, input }) => {
    if (PROVIDER_URL === undefined) throw new Error("PROVIDER_URL is not set");
    const response = await fetch(new URL("images", PROVIDER_URL), {
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
        await client.query(add, [id, url]);
      },
    };
  };
