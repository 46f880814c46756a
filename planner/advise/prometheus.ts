import { z } from "zod";
import { type Adapter, isoTime, type Path } from "./adapter";

/** Label of a series that has the name of the metric. */
const metricLabel = "tierstack";
/** Label of a series that has the unit. */
const unitLabel = "unit";

const answerSchema = z.looseObject({
  status: z.literal("success"),
  data: z.looseObject({
    resultType: z.literal("matrix"),
    result: z.array(
      z.looseObject({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
});

/** What is left of the labels names what was measured. */
function subjectOf(labels: Record<string, string>): string | undefined {
  const rest = Object.entries(labels).filter(([label]) => ![metricLabel, unitLabel, "__name__"].includes(label));
  if (rest.length === 1) return rest[0]?.[1] || undefined;
  return rest.map(([label, value]) => `${label}=${value}`).join(", ") || undefined;
}

/** A number as Prometheus writes it. `NaN` and `+Inf` are none. */
const numberOf = (text: string) => (/^[-+.\deE]+$/.test(text) ? Number(text) : text);

const inSample: Record<string, number> = { time: 0, value: 1 };

function place([first, at, field = "", ...rest]: Path): Path {
  if (first !== "series" || at === undefined) return ["data", "result"];
  const series = ["data", "result", at];
  if (field === "metric") return [...series, "metric", metricLabel];
  if (field === "unit") return [...series, "metric", unitLabel];
  if (field !== "samples") return [...series, "metric"];
  const [sample, part] = rest;
  const within = part === undefined ? [] : [inSample[String(part)] ?? 0];
  return [...series, "values", ...(sample === undefined ? [] : [sample]), ...within];
}

/** The answer of `/api/v1/query_range`: a matrix whose series have the label `tierstack`. */
export const prometheus: Adapter<z.output<typeof answerSchema>> = {
  recognises: (content) => "status" in content && ("data" in content || "error" in content),
  schema: answerSchema,
  naming: `name it in the query: label_replace(..., "${metricLabel}", "METRIC", "", "")`,
  adapt: ({ data }) => ({
    place,
    metrics: {
      version: 1,
      series: data.result.map(({ metric: labels, values }) => ({
        metric: labels[metricLabel],
        of: subjectOf(labels),
        unit: labels[unitLabel],
        samples: values.map(([time, value]) => ({ time: isoTime(time), value: numberOf(value) })),
      })),
    },
  }),
};
