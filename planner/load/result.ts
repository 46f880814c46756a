/** The result of a load test, in the form that the capacity model is fitted from. */
import { z } from "zod";
import { predictKnee } from "../capacity/knee";
import { type LoadTest, loadTestSchema } from "../capacity/load-test";
import { readForm } from "../forms/form";
import { keepsUp, type Level, type Measured, type Test } from "./run";
import { type Sample, sizesOf, utilisationOf } from "./sampler";
import { judged } from "./thresholds";

const number = z.number();
const figures = {
  offered: number,
  throughput: number,
  inFlight: number,
  errors: number,
  kinds: z.record(z.string(), number),
  p50: number.nullable(),
  p95: number.nullable(),
  p99: number.nullable(),
};
const verdict = z.strictObject({
  name: z.string(),
  below: number,
  unit: z.enum(["ms", "share"]),
  measured: number.nullable(),
  kept: z.boolean(),
  source: z.string(),
});
const knee = z.strictObject({ throughput: number, binding: z.string() });

const load = z.strictObject({
  scenario: z.string(),
  what: z.string(),
  url: z.string(),
  stack: z.string().nullable(),
  /** Requests a second that were asked for at most. */
  rate: number,
  staircase: z.boolean(),
  stopped: z.boolean(),
  levels: z.array(
    z.strictObject({
      rate: number,
      from: number,
      to: number,
      generator: number,
      utilisation: z.record(z.string(), number),
      keepsUp: z.boolean(),
      verdicts: z.array(verdict),
      ...figures,
    }),
  ),
  rows: z.array(z.strictObject({ at: number, rate: number, ...figures })),
  /** Requests a second that the stack must carry. Null without a stack. */
  needed: number.nullable(),
  /** Whether every threshold is kept: over the whole test; on a staircase up to what is needed, or on its first level. */
  kept: z.boolean(),
  /** Of a staircase: requests a second that the server carries at most. */
  knee: z
    .strictObject({
      /** The highest throughput of any level. Null where every level kept up. */
      measured: number.nullable(),
      /** Of all levels. Null where they predict none. */
      fitted: knee.nullable(),
      /** Of the levels that kept up, so without those that show it. */
      predicted: knee.nullable(),
    })
    .nullable(),
  unread: z.array(z.string()),
});

export type Load = z.output<typeof load>;

/** The result with what `npm run load` shows of it. */
export type Result = LoadTest & { load: Load };

/** Levels whose rate keeps every threshold: their number from the first one on without a gap. */
const keptLevels = (levels: readonly { verdicts: { kept: boolean }[] }[]): number => {
  const broken = levels.findIndex(({ verdicts }) => verdicts.some(({ kept }) => !kept));
  return broken === -1 ? levels.length : broken;
};

/** The highest rate up to which every level kept every threshold. Undefined of none. */
export const highestKept = (levels: Pick<Load["levels"][number], "rate" | "verdicts">[]): number | undefined =>
  levels[keptLevels(levels) - 1]?.rate;

/** The points of some levels, with the sizes that these levels alone saw. */
function observed(levels: readonly Level[]): Pick<LoadTest, "points" | "sizes"> {
  const sizes = sizesOf(levels.flatMap(({ samples }) => samples));
  const points = levels.flatMap(({ samples, inFlight, figures: { throughput } }) =>
    inFlight <= 0 || throughput <= 0
      ? []
      : [{ concurrency: inFlight, throughput, utilisation: utilisationOf(samples, sizes) }],
  );
  return { ...(Object.keys(sizes).length > 0 && { sizes }), points };
}

function kneeOf(levels: readonly Level[]) {
  const of = (some: readonly Level[]) => {
    const found = predictKnee(observed(some));
    return found ? { throughput: Number(found.throughput.toPrecision(4)), binding: found.binding } : null;
  };
  const below = levels.filter(keepsUp);
  const beyond = below.length < levels.length;
  return {
    measured: beyond ? Math.max(...levels.map((level) => level.figures.throughput)) : null,
    fitted: of(levels),
    predicted: beyond ? of(below) : null,
  };
}

/** What the result says of a level. */
function levelOf(
  { samples, figures: own, inFlight: _, ...level }: Level,
  sizes: Sample["sizes"],
): Load["levels"][number] {
  return {
    ...level,
    utilisation: utilisationOf(samples, sizes) as Record<string, number>,
    keepsUp: keepsUp({ rate: level.rate, figures: own }),
    verdicts: judged(own),
    ...own,
  };
}

/** What was tested: a stack, and the requests a second that it must carry; nulls without one. */
export type Tested = Pick<Load, "stack" | "needed">;

/**
 * Returns the result of a test.
 * @param date  day of the test, such as 2026-11-20
 */
export function resultOf(
  test: Test,
  { levels, rows, stopped, unread }: Measured,
  tested: Tested,
  date: string,
): Result {
  const { sizes, points } = observed(levels);
  const { scenario, target, rate, step } = test;
  const shown = levels.map((level) => levelOf(level, sizes ?? {}));
  const enough = tested.needed ?? step ?? 0;
  return {
    version: 1,
    date,
    resource: "requests",
    ...(sizes && { sizes }),
    points,
    load: {
      scenario: scenario.name,
      what: scenario.what,
      url: target.origin + target.base,
      ...tested,
      rate,
      staircase: step !== undefined,
      stopped,
      levels: shown,
      rows,
      kept: step === undefined ? keptLevels(shown) === shown.length : (highestKept(shown) ?? 0) >= enough,
      knee: step === undefined ? null : kneeOf(levels),
      unread,
    },
  };
}

/** What a result must be to be shown again: the fit has further rules. */
const resultSchema = z.looseObject({ ...loadTestSchema.shape, load });

/** Reads a result that `npm run load` wrote. Throws a SettingsError. */
export const readResult = (file: string): Result =>
  readForm(file, resultSchema, { allowed: "a result of npm run load", page: "docs/load.md" }) as Result;
