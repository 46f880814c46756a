import { z } from "zod";
import type { CustomParams } from "../forms/form";
import { type Adapter, isoTime, type Path } from "./adapter";

/** `METRIC`, `METRIC (UNIT)` or either with the name of what was measured behind it. */
const labelPattern = /^(\S+?)(?: \(([^)]*)\))?(?: (.+))?$/;

const resultSchema = z
  .looseObject({
    Label: z.string(),
    // The AWS CLI writes ISO 8601, or seconds where it is asked for the format of the wire.
    Timestamps: z.array(z.union([z.string(), z.number()], { error: "a time such as 2026-11-20T10:00:00+00:00" })),
    Values: z.array(z.number()),
    StatusCode: z.literal("Complete").optional(),
  })
  .superRefine(({ Timestamps, Values }, context) => {
    const params: CustomParams = { given: `${Values.length} values`, fix: "query it again" };
    if (Timestamps.length !== Values.length)
      context.addIssue({
        code: "custom",
        path: ["Values"],
        message: `${Timestamps.length}, one for each timestamp`,
        params: { ...params },
      });
  });

const answerSchema = z
  .looseObject({ MetricDataResults: z.array(resultSchema), NextToken: z.unknown().optional() })
  .superRefine(({ NextToken: next }, context) => {
    const params: CustomParams = { given: "one page of several", fix: "fetch every page: leave out --no-paginate" };
    if (next)
      context.addIssue({ code: "custom", path: ["NextToken"], message: "the whole answer", params: { ...params } });
  });

type Result = z.output<typeof resultSchema>;

const timeOf = (time: string | number) => (typeof time === "number" ? isoTime(time) : time);

/** CloudWatch answers the latest first, unless it is told `--scan-by TimestampAscending`. */
const isLatestFirst = ({ Timestamps: times }: Result) =>
  times.length > 1 && Date.parse(timeOf(times[0] ?? 0)) > Date.parse(timeOf(times.at(-1) ?? 0));

function seriesOf(result: Result) {
  const [, metric, unit, of] = labelPattern.exec(result.Label) ?? [];
  const samples = result.Timestamps.map((time, at) => ({ time: timeOf(time), value: result.Values[at] }));
  return { metric, unit, of, samples: isLatestFirst(result) ? samples.reverse() : samples };
}

const inSample: Record<string, string> = { time: "Timestamps", value: "Values" };

function placeIn(results: Result[], [first, at, field = "", sample, part = "time"]: Path): Path {
  if (first !== "series" || typeof at !== "number") return ["MetricDataResults"];
  const series = ["MetricDataResults", at];
  if (field !== "samples") return [...series, "Label"];
  const list = [...series, inSample[String(part)] ?? "Values"];
  if (typeof sample !== "number") return list;
  const result = results[at] as Result;
  return [...list, isLatestFirst(result) ? result.Values.length - 1 - sample : sample];
}

/** The answer of `aws cloudwatch get-metric-data`, whose labels begin with the name of the metric. */
export const cloudwatch: Adapter<z.output<typeof answerSchema>> = {
  recognises: (content) => "MetricDataResults" in content,
  schema: answerSchema,
  naming: 'name it in the query: "Label": "METRIC"',
  adapt: ({ MetricDataResults: results }) => ({
    place: (path) => placeIn(results, path),
    metrics: { version: 1, series: results.map(seriesOf) },
  }),
};
