import { extname } from "node:path";
import { parseArgs } from "node:util";
import { nearest } from "../../config/problems";
import type { Problem } from "../../tiers/problem";

/** A parsed command line, and every problem with its flags. */
export interface Arguments<Flag extends string> {
  /** The stacks, those of --stack last. */
  positionals: string[];
  /** Values by flag, without the dashes. */
  values: Partial<Record<Flag, string>>;
  /** Every value of each flag that may be given several times, in order. Undefined without such flags. */
  all?: Partial<Record<Flag | "stack", string[]>>;
  /** The switches given, without the dashes. */
  switches: string[];
  problems: Problem[];
}

/** Flags of every command, and their short forms: those of the Pulumi CLI. */
const common = ["--stack", "--help"];
const short = ["-s", "-h"];

/** What each flag needs, and how the help spells its value. */
const needed = {
  assumptions: ["a file", "FILE.json"],
  base: ["a plan", "PLAN.json"],
  coefficients: ["a file of coefficients", "FILE"],
  context: ["a context of kubectl's configuration", "CONTEXT"],
  cwd: ["a folder", "FOLDER"],
  duration: ["a number of seconds", "SECONDS"],
  end: ["a process of the database", "PID"],
  factor: ["a multiple", "2"],
  file: ["a scenario", "SCENARIO.json"],
  for: ["a time", "2h"],
  format: ["a format", "json"],
  from: ["a stack", "STACK"],
  header: ["a header", "'Name: value'"],
  manifests: ["a folder", "FOLDER"],
  "max-age": ["a number of days", "DAYS"],
  metrics: ["a resource and where it serves metrics", "application=URL"],
  out: ["a file", "FILE"],
  plan: ["a plan", "PLAN.json"],
  prefix: ["a prefix of keys", "PREFIX"],
  prices: ["a file", "FILE.json"],
  rate: ["requests a second", "RATE"],
  scenario: ["a scenario", "NAME"],
  stack: ["a stack", "STACK"],
  step: ["requests a second", "RATE"],
  to: ["a tier", "TIER"],
} as const;

function withoutValue(flag: keyof typeof needed, where: string): Problem {
  const [allowed, value] = needed[flag];
  return { where, given: "nothing", allowed, fix: `write ${where} ${value}` };
}

/** The values of a flag, in order. `-s=STACK` is a form of `-s STACK`. */
const valuesOf = (tokens: { kind: string; name?: string; value?: string | undefined }[], flag: string) =>
  tokens.flatMap(({ kind, name, value }) =>
    kind === "option" && name === flag && value ? [flag === "stack" ? value.replace(/^=/, "") : value] : [],
  );

/**
 * Parses a command line. Every flag has a value, except switches and `--help`, which the caller has handled already. A
 * stack may be named as in the Pulumi CLI too: `-s STACK`.
 * @param several  flags that may be given several times; `values` has the last of each
 */
export function parseArguments<Flag extends keyof typeof needed>(
  argv: string[],
  flags: readonly Flag[],
  switches: readonly string[] = [],
  several: readonly (Flag | "stack")[] = [],
): Arguments<Flag> {
  const options = {
    ...Object.fromEntries(switches.map((name) => [name, { type: "boolean" as const }])),
    ...Object.fromEntries(flags.map((flag) => [flag, { type: "string" as const }])),
    stack: { type: "string" as const, short: "s", multiple: true as const },
  };
  const { values, positionals, tokens } = parseArgs({ args: argv, strict: false, tokens: true, options });
  const long = [...[...flags, ...switches].map((flag) => `--${flag}`), ...common];
  const known = [...long, ...short];
  const problems: Problem[] = [];
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    const like = nearest(rawName, long);
    if (!known.includes(rawName))
      problems.push({
        where: "command line",
        given: rawName,
        allowed: known.join(", "),
        fix: like ? `did you mean ${like}?` : "remove it",
      });
    else if (switches.includes(name)) {
      if (value !== undefined)
        problems.push({ where: rawName, given: value, allowed: "no value", fix: `write ${rawName}` });
    } else if (!value) problems.push(withoutValue(name as keyof typeof needed, rawName));
  }
  // The value of an unknown flag is no stack.
  const strays = tokens.flatMap((token) =>
    token.kind === "option" && !known.includes(token.rawName) && !token.inlineValue ? [token.index + 1] : [],
  );
  const stray = tokens.flatMap((token) =>
    token.kind === "positional" && strays.includes(token.index) ? [token.value] : [],
  );
  const texts = Object.entries(values).filter(([, value]) => typeof value === "string");
  return {
    positionals: [...positionals.filter((one) => !stray.includes(one)), ...valuesOf(tokens, "stack")],
    ...(several.length > 0 && {
      all: Object.fromEntries(several.map((flag) => [flag, valuesOf(tokens, flag)])) as Record<
        Flag | "stack",
        string[]
      >,
    }),
    switches: switches.filter((name) => (values as Record<string, unknown>)[name] === true),
    values: Object.fromEntries(texts) as Partial<Record<Flag, string>>,
    problems,
  };
}

/** The stacks that a command takes, and how a user writes them. */
export interface WantedStacks {
  count: number;
  allowed: string;
  usage: string;
}

/** A problem if a command line does not name as many stacks as the command takes. */
export function stacksProblem(
  { positionals, problems }: Pick<Arguments<string>, "positionals" | "problems">,
  { count, allowed, usage }: WantedStacks,
): Problem[] {
  // A wrong flag may have taken the place of a stack.
  if (problems.length > 0 || positionals.length === count) return [];
  const given = positionals.length === 0 ? "no stack" : positionals.join(" ");
  return [{ where: "command line", given, allowed, fix: `write ${usage}` }];
}

/** Formats that a file has by the end of its name. */
const formatsByEnding: Record<string, string> = { ".json": "json", ".html": "html", ".md": "markdown" };

/** The format that a command line asks for. @default that of the file's name, or `otherwise` */
export const formatOf = ({ format, out = "" }: { format?: string; out?: string }, otherwise = "tree"): string =>
  format ?? formatsByEnding[extname(out)] ?? otherwise;

/** The formats of a command, and which it writes without `--format`. */
export function formatsText(formats: readonly string[], otherwise = "tree"): string {
  const endings = Object.keys(formatsByEnding).filter((ending) => formats.includes(formatsByEnding[ending] as string));
  const named = `${endings.slice(0, -1).join(", ")} or ${endings.at(-1)}`;
  return `${formats.join(", ")}; without it, that of a FILE named ${named}, or ${otherwise}`;
}

/** The help of `--format`. */
export const formatHelp = (formats: readonly string[]): string =>
  `${formatsText(formats)}; markdown fits a comment on GitHub; JSON is sorted and identical from run to run`;

/** The format, which is one of those a command knows; a problem otherwise. */
export function formatProblem(format: string, formats: readonly string[]): Problem[] {
  if (formats.includes(format)) return [];
  return [{ where: "--format", given: format, allowed: formats.join(", "), fix: "choose one of them" }];
}
