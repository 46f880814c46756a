/** JSON files of a form that a zod schema gives, with every mistake in them as a problem. */
import type { z } from "zod";
import { SettingsError } from "../../config/problems";
import type { Problem } from "../../tiers/problem";
import { readJson } from "./json";

type Path = readonly PropertyKey[];

/** A value as a message shows it. */
const shown = (value: unknown): string => {
  const text = value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (at, step) => (at === null || at === undefined ? undefined : Reflect.get(Object(at), step)),
    value,
  );

const placeOf = (path: Path) =>
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
      return `${issue.inclusive ? "at most" : "below"} ${issue.maximum}`;
    case "invalid_value":
      return issue.values.map(String).join(", ");
    default:
      return issue.message;
  }
}

/** What the messages about files of a form say. */
export interface Form {
  /** What the file must be. */
  allowed: string;
  /** The page that describes it. */
  page: string;
}

/** A custom issue of a schema says what was given, and how to fix it where that is not to correct the value. */
export interface CustomParams {
  given: string;
  fix?: string;
}

/** One problem for an issue, and one for each key that is unknown. */
function problemsOf(file: string, content: unknown, issue: z.core.$ZodIssue, page: string, at: Path): Problem[] {
  const place = placeOf(at);
  const where = place === "" ? file : `${file}: ${place}`;
  const fix = `correct it (${page})`;
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      where,
      given: `the unknown key ${shown(key)}`,
      allowed: `the keys in ${page}`,
      fix: "remove it",
    }));
  if (issue.code === "custom") {
    const params = issue.params as CustomParams | undefined;
    return [
      { where, given: params?.given ?? shown(valueAt(content, at)), allowed: issue.message, fix: params?.fix ?? fix },
    ];
  }
  return [{ where, given: shown(valueAt(content, at)), allowed: allowedBy(issue), fix }];
}

/**
 * The problems of a file's content.
 * @param place  the place in the file that an issue's path stands for. @default the same path
 */
export const formProblems = (
  file: string,
  content: unknown,
  issues: readonly z.core.$ZodIssue[],
  page: string,
  place: (path: Path) => Path = (path) => path,
): Problem[] => issues.flatMap((issue) => problemsOf(file, content, issue, page, place(issue.path)));

/** The content of a JSON file. Throws a SettingsError where there is none. */
export function readContent(file: string, { allowed, page }: Form): unknown {
  const read = readJson(file);
  if ("content" in read) return read.content;
  throw new SettingsError([{ where: file, given: read.given, allowed, fix: `choose another file (${page})` }]);
}

/** Reads a JSON file of a form. Throws a SettingsError with every problem at once. */
export function readForm<Schema extends z.ZodType>(file: string, schema: Schema, form: Form): z.output<Schema> {
  const content = readContent(file, form);
  const { data, error } = schema.safeParse(content);
  if (error) throw new SettingsError(formProblems(file, content, error.issues, form.page));
  return data;
}
