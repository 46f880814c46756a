/**
 * How property values travel between the SDK and its monitor.
 *
 * Relies on the marks by which the SDK writes what JSON has no form for: a secret and a reference to a resource are
 * objects with a signature in them, an unknown value is a text.
 */
import { runtime } from "@pulumi/pulumi";
import { isMapping, Secret, unknownText } from "../values";

const { specialSigKey, specialSecretSig, specialResourceSig, unknownValue } = runtime;

/** Values off the wire, secrets kept apart as `Secret`. */
export function decode(value: unknown): unknown {
  if (value === unknownValue) return unknownText;
  if (Array.isArray(value)) return value.map(decode);
  if (!isMapping(value)) return value;
  if (value[specialSigKey] === specialSecretSig) return new Secret(decode(value.value));
  if (value[specialSigKey] === specialResourceSig) return value.id ?? value.urn;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decode(inner)]));
}

/** Values for the wire. */
export function encode(value: unknown): unknown {
  if (value === unknownText) return unknownValue;
  if (value instanceof Secret) return { [specialSigKey]: specialSecretSig, value: encode(value.value) };
  if (Array.isArray(value)) return value.map(encode);
  if (isMapping(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, encode(inner)]));
  return value;
}
