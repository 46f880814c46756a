import { SettingsError } from "../../config/problems";
import { isOld, pricesByAge } from "../cost/age";
import { catalogueFile, cataloguePrices } from "../cost/prices";
import { readRates } from "../cost/rates";
import { RefusedPlan } from "../plan";
import { pricesView } from "../views/prices";
import { parseArguments } from "./arguments";
import { type Help, helpOption, outOption, pricesOption } from "./help";
import { screenFor, write } from "./output";

export const pricesCheckHelp: Help = {
  usage: ["npm run prices:check [-- --prices FILE.json]"],
  about: ["Says how old the prices of the planner are, or those of a file."],
  options: [pricesOption, outOption, helpOption],
  examples: [["npm run prices:check", "the prices that npm run plan uses"]],
  exitCodes: "0 fine; 1 a price has no date or is older than a year; 2 bad input.",
};

/** `npm run prices:check`. Throws a SettingsError for bad input and a RefusedPlan for old prices. */
export async function pricesCheckCommand(argv: string[], today = new Date()): Promise<void> {
  const { positionals, values, problems } = parseArguments(argv, ["prices", "out"]);
  if (positionals.length > 0)
    problems.push({ where: "command line", given: positionals.join(" "), allowed: "flags only", fix: "remove it" });
  if (problems.length > 0) throw new SettingsError(problems);
  const ages = pricesByAge(
    readRates({ prices: values.prices, assumptions: undefined }).prices ?? cataloguePrices,
    today,
  );
  write(pricesView(ages, screenFor(values.out)), values.out);
  const old = ages.filter(isOld).length;
  if (old > 0)
    throw new RefusedPlan("prices", [
      `${old} of ${ages.length} have no date or are older than a year; fix: look them up, and correct ${values.prices ?? catalogueFile}`,
    ]);
}
