import { SettingsError } from "../../config/problems";
import type { Problem } from "../../tiers/problem";
import { isOld, oldAfterDays, type PriceAge, pricesByAge } from "../cost/age";
import { catalogueFile, cataloguePrices } from "../cost/prices";
import { readRates } from "../cost/rates";
import { RefusedPlan } from "../plan";
import { pricesView } from "../views/prices";
import { parseArguments } from "./arguments";
import { type Help, helpOption, outOption, pricesOption } from "./help";
import { screenFor, write } from "./output";

export const pricesCheckHelp: Help = {
  usage: ["npm run prices:check [-- --prices FILE.json] [--max-age DAYS]"],
  about: [
    "Says how old the prices of the planner are, or those of a file. Prices grow old by themselves, so it fails only " +
      "where you set the age that you accept.",
  ],
  options: [
    pricesOption,
    [
      "--max-age DAYS",
      `the age in days from which a price is listed, and fails the check; without it, ${oldAfterDays}, and none fails`,
    ],
    outOption,
    helpOption,
  ],
  examples: [
    ["npm run prices:check", "the prices that npm run plan uses"],
    ["npm run prices:check -- --max-age 180", "in CI, to be told when they are half a year old"],
  ],
  exitCodes: "0 fine; 1 a price has no date or is older than --max-age; 2 bad input.",
};

/** The days of --max-age; a problem where they are no number of days. */
function maxAgeOf(given: string | undefined): { days: number | undefined; problems: Problem[] } {
  if (given === undefined) return { days: undefined, problems: [] };
  if (/^\d{1,5}$/.test(given)) return { days: Number(given), problems: [] };
  const problem = { where: "--max-age", given, allowed: "whole days from 0 to 99999", fix: "write --max-age 180" };
  return { days: undefined, problems: [problem] };
}

/** Prices of a user's file that are of the future. The date may be that of a place that is a day ahead. */
const futureProblems = (file: string, ages: PriceAge[]): Problem[] =>
  ages
    .filter(({ price, days }) => days !== null && days < -1 && price !== cataloguePrices.get(price.id))
    .map(({ price: { id, asOf } }) => ({
      where: `${file}: ${id}.asOf`,
      given: JSON.stringify(asOf),
      allowed: "a date that is not in the future",
      fix: "correct the date",
    }));

/** `npm run prices:check`. Throws a SettingsError for bad input and a RefusedPlan for prices older than --max-age. */
export async function pricesCheckCommand(argv: string[], today = new Date()): Promise<void> {
  const { positionals, values, problems } = parseArguments(argv, ["prices", "max-age", "out"]);
  const maxAge = maxAgeOf(values["max-age"]);
  problems.push(...maxAge.problems);
  if (positionals.length > 0)
    problems.push({ where: "command line", given: positionals.join(" "), allowed: "flags only", fix: "remove it" });
  if (problems.length > 0) throw new SettingsError(problems);
  const prices = readRates({ prices: values.prices, assumptions: undefined }).prices ?? cataloguePrices;
  const ages = pricesByAge(prices, today);
  const ahead = values.prices === undefined ? [] : futureProblems(values.prices, ages);
  if (ahead.length > 0) throw new SettingsError(ahead);
  const limit = maxAge.days ?? oldAfterDays;
  write(pricesView(ages, limit, screenFor(values.out)), values.out);
  const old = ages.filter((age) => isOld(age, limit)).length;
  if (maxAge.days !== undefined && old > 0)
    throw new RefusedPlan("prices", [
      `${old} of ${ages.length} have no date or are older than ${limit} days; fix: look them up, and correct ${values.prices ?? catalogueFile}`,
    ]);
}
