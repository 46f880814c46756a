/** Placeholders such as `{user}` in what a step sends. */
import { randomInt, randomUUID } from "node:crypto";

const pattern = /\{([a-z][a-zA-Z0-9]*(?::\d+-\d+)?)\}/g;

/** Values of the variables of one user. */
export type Variables = Readonly<Record<string, string | number>>;

/** The value of a placeholder that needs no variable. Undefined for any other. */
export function placeholder(name: string): ((user: number) => string) | undefined {
  if (name === "user") return (user) => `${user}`;
  if (name === "uuid") return () => randomUUID();
  const [, from, to] = /^number:(\d+)-(\d+)$/.exec(name) ?? [];
  if (from === undefined || to === undefined || Number(from) > Number(to)) return undefined;
  return () => `${randomInt(Number(from), Number(to) + 1)}`;
}

/** Every string in a value, of whatever depth. */
function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(stringsOf) : [];
}

/** Names of the placeholders in a value, each once. */
export const variablesOf = (value: unknown): string[] => [
  ...new Set(stringsOf(value).flatMap((text) => [...text.matchAll(pattern)].map(([, name = ""]) => name))),
];

/** A text with its placeholders replaced. One whose variable is missing stays as it is. */
const filledText = (text: string, user: number, variables: Variables): string =>
  text.replaceAll(pattern, (whole, name: string) => `${placeholder(name)?.(user) ?? variables[name] ?? whole}`);

/**
 * A value with the placeholders in its strings replaced. Where it is part of JSON, a string that is nothing but the
 * placeholder of a number becomes a number.
 */
export function filled<T>(value: T, user: number, variables: Variables, inJson = false): T {
  if (typeof value === "string") {
    const text = filledText(value, user, variables);
    const alone = inJson ? /^\{([^{}]+)\}$/.exec(value)?.[1] : undefined;
    const isNumber = alone !== undefined && (/^user$|^number:/.test(alone) || typeof variables[alone] === "number");
    return (isNumber && text !== value ? Number(text) : text) as T;
  }
  if (Array.isArray(value)) return value.map((one) => filled(one, user, variables, true)) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, filled(one, user, variables, inJson)]),
  ) as T;
}
