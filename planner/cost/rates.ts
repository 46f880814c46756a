/** Prices and assumptions of the user's own, from files of the catalogues' form. */
import { nearest, SettingsError } from "../../config/problems";
import { regionNames } from "../../config/regions";
import { tierNames } from "../../tiers";
import type { Problem } from "../../tiers/problem";
import { readJson } from "../forms/json";
import { isMapping } from "../record/values";
import { type Assumption, catalogueAssumptions } from "./assumptions";
import { cataloguePrices, type Price } from "./prices";
import { regionId } from "./stores";
import type { Rates } from "./types";

/** Rates, with those of the catalogues where none are given. */
export const completeRates = ({
  prices = cataloguePrices,
  assumptions = catalogueAssumptions,
}: Rates = {}): Required<Rates> => ({ prices, assumptions });

/** An instance type: a family with its generation, and a size. */
const instance = "[a-z]+\\d[a-z\\d-]*\\.(nano|micro|small|medium|large|\\d*xlarge|metal(-\\d+xl)?)";
const region = `(${regionNames.map(regionId).join("|")})`;

/** Prices that may be added for a size or a region that the catalogue lacks: the unit is that of the others. */
const families = [
  `ec2\\.ondemand\\.${instance}`,
  `eks\\.auto\\.${instance}`,
  `rds\\.pg\\.(single|multi)\\.db\\.${instance}`,
  `elasticache\\.valkey\\.cache\\.${instance}`,
  `rds\\.backup\\.${region}\\.gb`,
  `xfer\\.region\\.${region}`,
  "ebs\\.(gp2|gp3|io1|io2|st1|sc1|standard)\\.gb",
].map((pattern) => new RegExp(`^${pattern}$`));

/** The unit of a price; undefined for an id that is no price's. */
function unitOf(id: string): string | undefined {
  const family = families.find((pattern) => pattern.test(id));
  const known = cataloguePrices.get(id);
  return (known ?? [...cataloguePrices.values()].find((price) => family?.test(price.id)))?.unit;
}

const shown = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));

/** The entries of a file; a problem where it is no list of objects. */
function entriesOf(flag: string, file: string): { entries: Record<string, unknown>[]; problems: Problem[] } {
  const allowed = "a JSON list of objects, as in planner/catalogues/";
  const bad = (given: string) => ({
    entries: [],
    problems: [{ where: `${flag} ${file}`, given, allowed, fix: "correct the file, or name another" }],
  });
  const read = readJson(file);
  if ("given" in read) return bad(read.given);
  if (!Array.isArray(read.content) || !read.content.every(isMapping)) return bad("JSON of another form");
  return { entries: read.content, problems: [] };
}

/** Problems with the ids and the units of entries: unknown, given twice, in another unit. */
function identityProblems(
  where: string,
  { id, unit }: Record<string, unknown>,
  seen: Set<unknown>,
  known: { ids: string[]; unit: string | undefined },
): Problem[] {
  if (known.unit === undefined) {
    const like = typeof id === "string" ? nearest(id, known.ids) : undefined;
    const fix = like ? `did you mean ${like}?` : "remove the entry";
    return [{ where: `${where}: id`, given: shown(id), allowed: "an id of the catalogue", fix }];
  }
  const problems: Problem[] = [];
  if (seen.has(id))
    problems.push({ where: `${where}: id`, given: `${id} twice`, allowed: "each id once", fix: "remove one of them" });
  seen.add(id);
  if (unit !== known.unit)
    problems.push({
      where: `${where}: ${id}.unit`,
      given: shown(unit),
      allowed: `"${known.unit}"`,
      fix: unit === undefined ? `write "unit": "${known.unit}"` : "convert the figure to this unit",
    });
  return problems;
}

const isFigure = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;

/** Reads entries one by one: those whose id has a unit are taken. Returns every problem, in the order of the entries. */
function readEntries(
  flag: string,
  file: string,
  known: { ids: Iterable<string>; unitOf: (id: string) => string | undefined },
  take: (entry: Record<string, unknown>, id: string, unit: string) => Problem[],
): Problem[] {
  const { entries, problems } = entriesOf(flag, file);
  const seen = new Set<unknown>();
  const ids = [...known.ids];
  const ofEntries = entries.flatMap((entry) => {
    const id = String(entry.id);
    const unit = typeof entry.id === "string" ? known.unitOf(id) : undefined;
    const own = identityProblems(file, entry, seen, { ids, unit });
    return unit === undefined ? own : [...own, ...take(entry, id, unit)];
  });
  return [...problems, ...ofEntries];
}

const isRegion = (value: unknown): value is string => (regionNames as readonly unknown[]).includes(value);

/** The region of a price, where its entry names one. */
function regionProblem(where: string, region: unknown): Problem[] {
  if (region === undefined || isRegion(region)) return [];
  const like = typeof region === "string" ? nearest(region, regionNames) : undefined;
  const fix = like ? `did you mean ${like}?` : "remove it: the price then is that of the stack's region";
  return [{ where, given: shown(region), allowed: "a region of AWS that a stack can have, or none", fix }];
}

/** Whether a text is a day or a month that there is. */
function isDate(value: unknown): boolean {
  if (typeof value !== "string" || !/^\d{4}-\d{2}(-\d{2})?$/.test(value)) return false;
  const day = value.length === 7 ? `${value}-01` : value;
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

/** The date of a price, where its entry names one. */
function dateProblem(where: string, asOf: unknown): Problem[] {
  if (asOf === undefined || asOf === null || isDate(asOf)) return [];
  return [{ where, given: shown(asOf), allowed: "a date as 2026-11-30 or 2026-11, or none", fix: "correct the date" }];
}

function readPrices(file: string): { prices: Map<string, Price>; problems: Problem[] } {
  const prices = new Map(cataloguePrices);
  const known = { ids: cataloguePrices.keys(), unitOf };
  const problems = readEntries("--prices", file, known, (entry, id, unit) => {
    const { usd, region, item = id, confidence = "high" } = entry;
    const wrong = [
      ...regionProblem(`${file}: ${id}.region`, region),
      ...dateProblem(`${file}: ${id}.asOf`, entry.asOf),
    ];
    if (!isFigure(usd)) {
      const fix = `write the price of one ${unit}`;
      return [{ where: `${file}: ${id}.usd`, given: shown(usd), allowed: "a number from 0, in USD", fix }, ...wrong];
    }
    const source = typeof entry.source === "string" ? entry.source : file;
    const asOf = typeof entry.asOf === "string" ? entry.asOf : null;
    const own = { id, item: String(item), unit, usd, source, asOf, confidence: String(confidence) };
    prices.set(id, { ...own, ...(isRegion(region) && { region }) });
    return wrong;
  });
  return { prices, problems };
}

/** The most that a figure of a unit can be: a share is a part of 1, a percentage of 100. */
function mostOf(unit: string): number {
  if (unit.startsWith("share of ")) return 1;
  return unit.startsWith("% of ") ? 100 : Number.POSITIVE_INFINITY;
}

/** Whether a value is one figure up to a bound, or three in ascending order. */
function isLevels(value: unknown, most: number): boolean {
  if (isFigure(value)) return value <= most;
  if (!isMapping(value) || Object.keys(value).length !== 3) return false;
  const { low, expected, high } = value;
  return isFigure(low) && isFigure(expected) && isFigure(high) && low <= expected && expected <= high && high <= most;
}

const isByTier = (value: unknown, most: number): boolean =>
  isMapping(value) &&
  Object.keys(value).length === tierNames.length &&
  tierNames.every((tier) => isLevels(value[tier], most));

function readAssumptions(file: string): { assumptions: Map<string, Assumption>; problems: Problem[] } {
  const assumptions = new Map(catalogueAssumptions);
  const known = {
    ids: catalogueAssumptions.keys(),
    unitOf: (id: string) => catalogueAssumptions.get(id)?.unit,
  };
  const problems = readEntries("--assumptions", file, known, ({ values }, id, unit) => {
    const most = mostOf(unit);
    if (isLevels(values, most) || isByTier(values, most)) {
      assumptions.set(id, { ...(assumptions.get(id) as Assumption), values: values as Assumption["values"] });
      return [];
    }
    return [
      {
        where: `${file}: ${id}.values`,
        given: shown(values),
        allowed: `a number from 0${most === Number.POSITIVE_INFINITY ? "" : ` to ${most}`}, or { low, expected, high } in ascending order, or one of them for each of ${tierNames.join(", ")}`,
        fix: "correct the figures",
      },
    ];
  });
  return { assumptions, problems };
}

/** Reads the files of `--prices` and `--assumptions`. Throws a SettingsError with every problem of both. */
export function readRates(files: { prices?: string | undefined; assumptions?: string | undefined }): Rates {
  const prices = files.prices === undefined ? undefined : readPrices(files.prices);
  const assumptions = files.assumptions === undefined ? undefined : readAssumptions(files.assumptions);
  const problems = [...(prices?.problems ?? []), ...(assumptions?.problems ?? [])];
  if (problems.length > 0) throw new SettingsError(problems);
  return { ...(prices && { prices: prices.prices }), ...(assumptions && { assumptions: assumptions.assumptions }) };
}
