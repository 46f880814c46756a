/** Values of properties, as a recording keeps them and as a plan shows them. */
import { secretText } from "../../config/secrets";

export { secretText } from "../../config/secrets";

/** A value that the program marked secret. */
export class Secret {
  constructor(readonly value: unknown) {}
}

/** What a plan shows in place of a value that only a deployment knows. */
export const unknownText = "[unknown]";

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Values with every secret replaced. */
export function redact(value: unknown): unknown {
  if (value instanceof Secret) return secretText;
  if (Array.isArray(value)) return value.map(redact);
  if (isMapping(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redact(inner)]));
  return value;
}

/** Values with every secret laid open, for a test that asserts what it holds. */
export function reveal(value: unknown): unknown {
  if (value instanceof Secret) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  if (isMapping(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]));
  return value;
}

/** A value with the keys of every object sorted, so that equal values are equal to the byte. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMapping(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
