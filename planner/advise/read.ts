/** Files of measured metrics: of their own form, or what Prometheus or CloudWatch answers. */
import type { z } from "zod";
import { attempt, nearest, SettingsError } from "../../config/problems";
import type { Problem } from "../../tiers/problem";
import { type Form, formProblems, readContent } from "../forms/form";
import { isMapping } from "../record/values";
import type { Adapter, Path } from "./adapter";
import { cloudwatch } from "./cloudwatch";
import { type MetricName, metricInfo, metricNames, type Series, unitsOf } from "./metrics";
import { prometheus } from "./prometheus";
import { type MetricsFile, metricsSchema } from "./schema";
import { gapsOf } from "./window";

const page = "docs/advise.md";
const form: Form = {
  allowed: "measured metrics as JSON: version 1, or an answer of Prometheus or CloudWatch",
  page,
};

const adapters = [prometheus, cloudwatch] as Adapter[];

/** What was measured, from one or several files. */
export interface Measured {
  /** The stack that a file names. */
  stack?: string | undefined;
  /** `database.connections` that were counted are still counts. `where` is the place of the series in its file. */
  series: (Series & { unit: string; where: string })[];
}

/** The metrics' place in a file that is of their own form. */
const own = (path: Path) => path;

/** An issue that is about the name of a metric also says how a series gets it. */
function metricProblem(problem: Problem, given: unknown, naming: string | undefined): Problem {
  const like = typeof given === "string" ? nearest(given, metricNames) : undefined;
  return { ...problem, fix: `${like ? `did you mean ${like}?` : (naming ?? "remove the series")} (${page})` };
}

/** Mistakes of one kind in one series are one problem: a query that is wrong is wrong in every sample. */
function once(issues: readonly z.core.$ZodIssue[]): { issue: z.core.$ZodIssue; more: number }[] {
  const kinds = new Map<string, { issue: z.core.$ZodIssue; more: number }>();
  for (const issue of issues) {
    const [series, at, field, sample, ...part] = issue.path;
    const of = typeof sample === "number" ? [series, at, field, ...part] : issue.path;
    const kind = JSON.stringify([of, issue.code, issue.code === "custom" ? issue.message : ""]);
    const known = kinds.get(kind);
    if (known) known.more++;
    else kinds.set(kind, { issue, more: 0 });
  }
  return [...kinds.values()];
}

/** The name that an issue is about. */
const nameIn = (metrics: unknown, [, at]: Path) => (metrics as MetricsFile).series[Number(at)]?.metric;

/** Checks metrics. Throws a SettingsError with every problem, each with its place in the file. */
function checked(file: string, content: unknown, metrics: unknown, place: (path: Path) => Path, naming?: string) {
  const { data, error } = metricsSchema.safeParse(metrics);
  if (!error) return data;
  throw new SettingsError(
    once(error.issues).flatMap(({ issue, more }) =>
      formProblems(file, content, [issue], page, place).map((problem) => {
        const isName = issue.path.length === 3 && issue.path[2] === "metric";
        const told = isName ? metricProblem(problem, nameIn(metrics, issue.path), naming) : problem;
        return more > 0 ? { ...told, given: `${told.given}, and ${more} more like it in the series` } : told;
      }),
    ),
  );
}

/** The problem of JSON that is nothing of what is read here. */
const otherForm = (file: string): Problem => ({
  where: file,
  given: "JSON of another form",
  allowed: form.allowed,
  fix: `choose another file (${page})`,
});

function readFile(file: string): MetricsFile {
  const content = readContent(file, form);
  if (!isMapping(content)) throw new SettingsError([otherForm(file)]);
  const adapter = adapters.find((one) => one.recognises(content));
  if (!adapter && !("version" in content || "series" in content)) throw new SettingsError([otherForm(file)]);
  if (!adapter) return checked(file, content, content, own);
  const { data, error } = adapter.schema.safeParse(content);
  if (error) throw new SettingsError(formProblems(file, content, error.issues, page));
  const { metrics, place } = adapter.adapt(data);
  return checked(file, content, metrics, place, adapter.naming);
}

/** `metrics.json: series 2`. */
const placeOf = (file: string | undefined, number: number) => `${file}: series ${number + 1}`;

/** Series that two places give. */
function repeated(files: string[], contents: MetricsFile[]): Problem[] {
  const seen = new Map<string, string>();
  return contents.flatMap(({ series }, at) =>
    series.flatMap(({ metric, of }, number): Problem[] => {
      const key = JSON.stringify([metric, of]);
      const where = placeOf(files[at], number);
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, where);
        return [];
      }
      const given = `${metric}${of === undefined ? "" : ` of ${JSON.stringify(of)}`} again, after ${first}`;
      return [{ where, given, allowed: "each series once", fix: `remove one, or say what each is of (${page})` }];
    }),
  );
}

/** Values in the metric's own unit; counts of connections stay counts. */
function seriesOf({ metric, of, unit: given, samples }: MetricsFile["series"][number], where: string) {
  const unit = given ?? unitsOf(metric)[0];
  const factor = metricInfo(metric as MetricName).units[unit] ?? 1;
  const inOrder = samples.map(({ time, value }) => ({ at: Date.parse(time), value: value * factor }));
  const assumed = given === undefined && ({ unitAssumed: true } as const);
  return { metric, of, unit, ...assumed, where, samples: inOrder, gaps: gapsOf(inOrder) };
}

/** Reads every file. Throws a SettingsError with every problem of all. */
function readFiles(files: string[]): MetricsFile[] {
  const problems: Problem[] = [];
  const contents = files.flatMap((file) => attempt(() => readFile(file), problems) ?? []);
  if (problems.length > 0) throw new SettingsError(problems);
  return contents;
}

/** Reads files of metrics as one measurement. Throws a SettingsError with every problem. */
export function readMetrics(files: string[]): Measured {
  const contents = readFiles(files);
  const problems = repeated(files, contents);
  const stacks = [...new Set(contents.flatMap(({ stack }) => stack ?? []))];
  if (stacks.length > 1)
    problems.push({
      where: files.join(", "),
      given: `the stacks ${stacks.join(", ")}`,
      allowed: "metrics of one stack",
      fix: "name the files of one stack",
    });
  if (problems.length > 0) throw new SettingsError(problems);
  return {
    stack: stacks[0],
    series: contents.flatMap(({ series }, at) =>
      series.map((one, number) => seriesOf(one, placeOf(files[at], number))),
    ),
  };
}

/** The queue that a series is of: its name, or the value of one of its labels (`queue=mail, namespace=app`). */
const subjectsOf = (of: string) => [of, ...of.split(", ").map((label) => label.replace(/^\w+=/, ""))];

/** The problems of series that are of a queue which the stack does not have. */
export function queueProblems({ series }: Measured, queues: readonly string[]): Problem[] {
  return series.flatMap(({ metric, of, where }): Problem[] => {
    if (metric !== "queue.waiting" || of === undefined) return [];
    if (subjectsOf(of).some((subject) => queues.includes(subject))) return [];
    const like = nearest(of, queues);
    const given = `${metric} of ${JSON.stringify(of)}`;
    const fix = `${like === undefined ? "name it so, or remove the series" : `did you mean ${like}?`} (${page})`;
    return [{ where, given, allowed: `the stack's queues: ${queues.join(", ") || "it has none"}`, fix }];
  });
}

/** The series with counts of connections as percent of what a server allows. */
export const inOwnUnits = ({ series }: Measured, maxConnections: number): Series[] =>
  series.map(({ unit, where: _, samples, ...rest }) => ({
    ...rest,
    samples:
      unit === "connections"
        ? samples.map(({ at, value }) => ({ at, value: (100 * value) / maxConnections }))
        : samples,
  }));
