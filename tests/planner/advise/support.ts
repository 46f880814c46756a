import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SettingsError } from "../../../config/problems";
import type { MetricName, Series } from "../../../planner/advise/metrics";
import { readMetrics } from "../../../planner/advise/read";
import { gapsOf } from "../../../planner/advise/window";
import { formatProblem, type Problem } from "../../../tiers/problem";

export const start = Date.parse("2026-11-20T10:00:00Z");

/** A series of values, a minute apart unless it says otherwise. */
export function series(
  metric: MetricName,
  values: number[],
  { step = 60, of }: { step?: number; of?: string } = {},
): Series {
  const samples = values.map((value, at) => ({ at: start + at * step * 1000, value }));
  return { metric, of, samples, gaps: gapsOf(samples) };
}

/** One value through some minutes. */
export const steady = (metric: MetricName, value: number, minutes = 10, of?: string): Series =>
  series(
    metric,
    Array.from({ length: minutes + 1 }, () => value),
    of === undefined ? {} : { of },
  );

/** One value through a week, every five minutes. */
export const week = (metric: MetricName, value: number, of?: string): Series =>
  series(
    metric,
    Array.from({ length: 7 * 288 + 1 }, () => value),
    { step: 300, ...(of !== undefined && { of }) },
  );

/** Files of metrics in a folder that each test of a suite gets anew, and the problems of reading them. */
export function metricFiles() {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tierstack-advise-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const pathOf = (name: string) => join(folder, name);
  const file = (content: unknown, name = "metrics.json") => {
    writeFileSync(pathOf(name), typeof content === "string" ? content : JSON.stringify(content));
    return pathOf(name);
  };
  /** Problems as text, with the files by their names alone. */
  const textsOf = (all: readonly Problem[]) => all.map((one) => formatProblem(one).replaceAll(`${folder}/`, ""));
  const problems = (...files: string[]): string[] => {
    try {
      readMetrics(files);
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      return textsOf(error.problems);
    }
    return [];
  };
  return { file, pathOf, problems, textsOf };
}
