/** A figure at the least, the expected and the most use of a month. */
export interface Level {
  low: number;
  expected: number;
  high: number;
}

/** The levels, the least use first. */
export const levels = ["low", "expected", "high"] as const satisfies (keyof Level)[];

/** Hours in a month, as in the AWS Pricing Calculator. */
export const hoursPerMonth = 730;
/** Days in a month. */
export const daysPerMonth = 30;
/** KB in a GB, as AWS bills traffic. */
export const kbPerGb = 1e6;

/** A figure that is the same at every level, or the levels themselves. */
export const asLevel = (figure: number | Level): Level =>
  typeof figure === "number" ? { low: figure, expected: figure, high: figure } : figure;

/** Combines figures level by level. */
export function combined(combine: (...figures: number[]) => number, ...figures: (number | Level)[]): Level {
  const levels = figures.map(asLevel);
  return {
    low: combine(...levels.map(({ low }) => low)),
    expected: combine(...levels.map(({ expected }) => expected)),
    high: combine(...levels.map(({ high }) => high)),
  };
}

/** Twelve digits: without the rest that binary fractions leave, so that a plan is the same everywhere. */
export const exact = (figure: number) => Number(figure.toPrecision(12));

export const product = (...figures: (number | Level)[]): Level =>
  combined((...all) => exact(all.reduce((total, one) => total * one, 1)), ...figures);

export const total = (...figures: (number | Level)[]): Level =>
  combined((...all) => exact(all.reduce((sum, one) => sum + one, 0)), ...figures);

/** A whole month, `count` times. */
export const monthOf = (count: number | Level = 1): Level => product(count, hoursPerMonth);
