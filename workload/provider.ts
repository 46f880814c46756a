import type { Config } from "./config";

export interface Question {
  body: unknown;
  headers?: Record<string, string>;
  /** Milliseconds that the answer may take. */
  answerMs: number;
}

/**
 * Asks the AI provider, and returns its answer.
 * @param path  relative to PROVIDER_URL
 */
export async function askProvider<Answer>(
  { PROVIDER_URL }: Pick<Config, "PROVIDER_URL">,
  path: string,
  { body, headers, answerMs }: Question,
): Promise<Answer> {
  if (PROVIDER_URL === undefined) throw new Error("PROVIDER_URL is not set");
  const response = await fetch(new URL(path, PROVIDER_URL), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerMs),
  });
  if (!response.ok) throw new Error(`the provider answered ${response.status}`);
  return (await response.json()) as Answer;
}
