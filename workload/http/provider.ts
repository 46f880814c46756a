import type { Config } from "../config";
import { Breaker } from "../patterns/breaker";
import type { Metrics } from "../telemetry/metrics";

/** Milliseconds that a visitor waits for an answer of the provider. */
const answerMs = 10_000;

/** The AI provider's chat, behind a circuit breaker. */
export function chatBreaker(
  { PROVIDER_URL }: Pick<Config, "PROVIDER_URL">,
  metrics: Metrics,
): Breaker<[string], string> {
  const call = async (message: string): Promise<string> => {
    if (PROVIDER_URL === undefined) throw new Error("PROVIDER_URL is not set");
    const response = await fetch(new URL("chat", PROVIDER_URL), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ message }),
      signal: AbortSignal.timeout(answerMs),
    });
    if (!response.ok) throw new Error(`the provider answered ${response.status}`);
    return ((await response.json()) as { answer: string }).answer;
  };
  return new Breaker("provider", call, { timeoutMs: answerMs }, metrics);
}
