import type { Config } from "../config";
import { Breaker } from "../patterns/breaker";
import { askProvider } from "../provider";
import type { Metrics } from "../telemetry/metrics";

/** Milliseconds that a visitor waits for an answer of the provider. */
const answerMs = 10_000;

/** The AI provider's chat, behind a circuit breaker. */
export function chatBreaker(config: Pick<Config, "PROVIDER_URL">, metrics: Metrics): Breaker<[string], string> {
  const call = async (message: string): Promise<string> =>
    (await askProvider<{ answer: string }>(config, "chat", { body: { message }, answerMs })).answer;
  return new Breaker("provider", call, { timeoutMs: answerMs }, metrics);
}
