import type { z } from "zod";
import { SettingsError } from "../../config/problems";
import type { Problem } from "../../tiers/problem";
import { readJson } from "../forms/json";
import { type CoefficientsFile, coefficientsSchema } from "./coefficients";
import { type LoadTest, loadTestSchema } from "./load-test";

const shown = (value: unknown) => {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, step) => (at === null || at === undefined ? undefined : Reflect.get(Object(at), step)),
    value,
  );

const placeOf = (path: readonly PropertyKey[]) =>
  path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");

function allowedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `${/^[aeiou]/.test(issue.expected) ? "an" : "a"} ${issue.expected}`;
    case "too_small":
      return `${issue.inclusive ? "at least" : "above"} ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    case "invalid_value":
      return issue.values.map(String).join(", ");
    default:
      return issue.message;
  }
}

/** One problem for an issue, and one for each key that is unknown. */
function problemsOf(file: string, content: unknown, issue: z.core.$ZodIssue): Problem[] {
  const place = placeOf(issue.path);
  const where = place === "" ? file : `${file}: ${place}`;
  const fix = "correct it (docs/capacity.md)";
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      where,
      given: `the unknown key ${shown(key)}`,
      allowed: "the keys in docs/capacity.md",
      fix: "remove it",
    }));
  if (issue.code === "custom")
    return [{ where, given: String(issue.params?.given), allowed: issue.message, fix: "measure again" }];
  return [{ where, given: shown(valueAt(content, issue.path)), allowed: allowedBy(issue), fix }];
}

/** Reads a JSON file of a form. Throws a SettingsError with every problem at once. */
function readForm<Schema extends z.ZodType>(file: string, schema: Schema, allowed: string): z.output<Schema> {
  const read = readJson(file);
  if ("given" in read)
    throw new SettingsError([
      { where: file, given: read.given, allowed, fix: "choose another file (docs/capacity.md)" },
    ]);
  const { data, error } = schema.safeParse(read.content);
  if (error) throw new SettingsError(error.issues.flatMap((issue) => problemsOf(file, read.content, issue)));
  return data;
}

/** Reads the result of a load test. Throws a SettingsError. */
export const readLoadTest = (file: string): LoadTest =>
  readForm(file, loadTestSchema, "the result of a load test as JSON");

/** Reads a file of coefficients. Throws a SettingsError. */
export const readCoefficients = (file: string): CoefficientsFile =>
  readForm(file, coefficientsSchema, "a file of coefficients as JSON") as unknown as CoefficientsFile;
