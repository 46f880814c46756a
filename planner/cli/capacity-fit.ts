import { basename } from "node:path";
import { SettingsError } from "../../config/problems";
import type { Problem } from "../../tiers/problem";
import { assumedCoefficients, type CoefficientsFile, largestResidual } from "../capacity/coefficients";
import { fitCoefficients } from "../capacity/fit";
import { readCoefficients, readLoadTest } from "../capacity/read";
import { parseArguments } from "./arguments";
import { type Help, helpOption, outOption } from "./help";
import { write } from "./output";

export const capacityFitHelp: Help = {
  usage: ["npm run capacity:fit -- RESULT.json [options]"],
  about: [
    "Fits the coefficients of the capacity model from the result of a load test, and writes a file of coefficients for " +
      "npm run plan -- --coefficients FILE. What the test did not measure stays as it was.",
  ],
  options: [
    ["RESULT.json", "the result (docs/capacity.md)"],
    ["--coefficients FILE", "coefficients to start from, such as those of another fit; by default the planner's"],
    outOption,
    helpOption,
  ],
  examples: [["npm run capacity:fit -- result.json --out coefficients.json", "for npm run plan"]],
  exitCodes: "0 fine; 2 bad input: nothing is written.",
};

/** The one result that a command line names, or the problem. */
function resultOf({ positionals, problems }: ReturnType<typeof parseArguments>): { file: string; problems: Problem[] } {
  const [file = "", ...more] = positionals;
  if (problems.length > 0 || (file !== "" && more.length === 0)) return { file, problems };
  const given = file === "" ? "nothing" : positionals.join(" ");
  const fix = "write npm run capacity:fit -- RESULT.json";
  return { file, problems: [{ where: "command line", given, allowed: "one result", fix }] };
}

/** Fits a result. Throws a SettingsError for points that follow no law of scalability. */
function fitted(file: string, base: CoefficientsFile): CoefficientsFile {
  const fit = fitCoefficients(readLoadTest(file), basename(file), base);
  const residual = fit.measured?.residual ?? 0;
  if (residual <= largestResidual) return fit;
  const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`;
  throw new SettingsError([
    {
      where: `${file}: points`,
      given: `throughputs that the best fit misses by ${percent(residual)} (root mean square)`,
      allowed: `at most ${percent(largestResidual)}`,
      fix: "measure again, each concurrency until its throughput is steady (docs/capacity.md)",
    },
  ]);
}

/** `npm run capacity:fit`. Throws a SettingsError for bad input, before anything is written. */
export async function capacityFitCommand(argv: string[]): Promise<void> {
  const parsed = parseArguments(argv, ["coefficients", "out"]);
  const { file, problems } = resultOf(parsed);
  if (problems.length > 0) throw new SettingsError(problems);
  const { coefficients, out } = parsed.values;
  const base = coefficients === undefined ? assumedCoefficients : readCoefficients(coefficients);
  write(`${JSON.stringify(fitted(file, base), null, 2)}\n`, out);
}
