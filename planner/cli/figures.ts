/** Figures in place of the planner's own: options of every command that plans. */
import { attempt, SettingsError } from "../../config/problems";
import type { CoefficientsFile } from "../capacity/coefficients";
import { readCoefficients } from "../capacity/read";
import { readRates } from "../cost/rates";
import type { Rates } from "../cost/types";
import { type Option, pricesOption } from "./help";

export interface Figures {
  coefficients?: CoefficientsFile;
  rates?: Rates;
}

export const figureFlags = ["prices", "assumptions", "coefficients"] as const;
type FigureFlag = (typeof figureFlags)[number];

export const figureOptions: Option[] = [
  pricesOption,
  ["--assumptions FILE.json", "other use than planner/catalogues/cost-assumptions.json, in its form"],
  ["--coefficients FILE", "coefficients of the capacity model, such as those of npm run capacity:fit"],
];

/** Reads the files that a command line names. Throws a SettingsError with every problem of all. */
export function readFigures({ prices, assumptions, coefficients }: Partial<Record<FigureFlag, string>>): Figures {
  const problems: SettingsError["problems"] = [];
  const rates = attempt(() => readRates({ prices, assumptions }), problems);
  const fitted = coefficients === undefined ? undefined : attempt(() => readCoefficients(coefficients), problems);
  if (problems.length > 0) throw new SettingsError(problems);
  return { ...(fitted && { coefficients: fitted }), ...(rates && { rates }) };
}
