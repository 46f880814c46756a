/** How property values travel between the SDK and its monitor, and how the plan shows them. */

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A value that the program marked secret. */
export class Secret {
  constructor(readonly value: unknown) {}
}

/** What a plan shows in place of a secret. */
export const secretText = "[secret]";
/** What a plan shows in place of a value that only a deployment knows. */
export const unknownText = "[unknown]";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Values off the wire, secrets kept apart as `Secret`. */
export function decode(value: unknown): unknown {
  if (value === unknownSentinel) return unknownText;
  if (Array.isArray(value)) return value.map(decode);
  if (!isObject(value)) return value;
  if (value[signature] === secretSignature) return new Secret(decode(value.value));
  if (value[signature] === resourceSignature) return value.id ?? value.urn;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decode(inner)]));
}

/** Values for the wire. */
export function encode(value: unknown): unknown {
  if (value === unknownText) return unknownSentinel;
  if (value instanceof Secret) return { [signature]: secretSignature, value: encode(value.value) };
  if (Array.isArray(value)) return value.map(encode);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, encode(inner)]));
  return value;
}

/** Values with every secret replaced. */
export function redact(value: unknown): unknown {
  if (value instanceof Secret) return secretText;
  if (Array.isArray(value)) return value.map(redact);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redact(inner)]));
  return value;
}

/** Values with every secret laid open, for a test that asserts what it holds. */
export function reveal(value: unknown): unknown {
  if (value instanceof Secret) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]));
  return value;
}
