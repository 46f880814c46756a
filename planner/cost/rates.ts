/** Prices and assumptions of the user's own, from files of the catalogues' form. */
import { nearest, SettingsError } from "../../config/problems";
import { regionNames } from "../../config/regions";
import { tierNames } from "../../tiers";
import type { Problem } from "../../tiers/problem";
import { readJson } from "../forms/json";
import { isMapping } from "../record/values";
import { type Assumption, catalogueAssumptions } from "./assumptions";
import { cataloguePrices, type Price } from "./prices";
import type { Rates } from "./types";

/** Prices that may be added for a size or a region that the catalogue lacks: the unit is that of the others. */
const families = [
  /^ec2\.ondemand\.[\w.-]+$/,
  /^eks\.auto\.[\w.-]+$/,
  /^rds\.pg\.(single|multi)\.db\.[\w.-]+$/,
  /^elasticache\.valkey\.cache\.[\w.-]+$/,
  /^rds\.backup\.[\w-]+\.gb$/,
  /^xfer\.region\.[\w-]+$/,
  /^ebs\.\w+\.gb$/,
];

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
      fix: "convert the figure to this unit",
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

function readPrices(file: string): { prices: Map<string, Price>; problems: Problem[] } {
  const prices = new Map(cataloguePrices);
  const known = { ids: cataloguePrices.keys(), unitOf };
  const problems = readEntries("--prices", file, known, (entry, id, unit) => {
    const { usd, region, item = id, confidence = "high" } = entry;
    const wrong = regionProblem(`${file}: ${id}.region`, region);
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

/** Whether a value is one figure, or three in ascending order. */
function isLevels(value: unknown): boolean {
  if (isFigure(value)) return true;
  if (!isMapping(value) || Object.keys(value).length !== 3) return false;
  const { low, expected, high } = value;
  return isFigure(low) && isFigure(expected) && isFigure(high) && low <= expected && expected <= high;
}

const isByTier = (value: unknown): boolean =>
  isMapping(value) &&
  Object.keys(value).length === tierNames.length &&
  tierNames.every((tier) => isLevels(value[tier]));

function readAssumptions(file: string): { assumptions: Map<string, Assumption>; problems: Problem[] } {
  const assumptions = new Map(catalogueAssumptions);
  const known = {
    ids: catalogueAssumptions.keys(),
    unitOf: (id: string) => catalogueAssumptions.get(id)?.unit,
  };
  const problems = readEntries("--assumptions", file, known, ({ values }, id) => {
    if (isLevels(values) || isByTier(values)) {
      assumptions.set(id, { ...(assumptions.get(id) as Assumption), values: values as Assumption["values"] });
      return [];
    }
    return [
      {
        where: `${file}: ${id}.values`,
        given: shown(values),
        allowed: `a number from 0, or { low, expected, high } in ascending order, or one of them for each of ${tierNames.join(", ")}`,
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
