/** What a move costs, from the costs of the plans on both sides of it. */
import { hourlyUsdOf } from "../cost/cost";
import type { Cost } from "../cost/types";
import type { Change, MoveCost } from "./change";

const cents = (usd: number) => Math.round(usd * 100) / 100;
/** An hour of a small resource costs less than a cent. */
const tenths = (usd: number) => Math.round(usd * 10_000) / 10_000;

const isCost = (cost: Cost | null | undefined): cost is Cost =>
  typeof cost?.monthlyUsd === "number" &&
  Array.isArray(cost.items) &&
  cost.items.every(({ path, monthlyUsd }) => typeof path === "string" && typeof monthlyUsd === "number");

/**
 * Returns the price of a move; undefined where a plan has no cost, as plans of older versions. What a move deletes runs
 * until everything new is there, because the engine deletes last.
 */
export function priceOf(
  before: { cost?: Cost | null },
  after: { cost?: Cost | null },
  changes: Change[],
): MoveCost | undefined {
  const [old, next] = [before.cost, after.cost];
  if (!isCost(old) || !isCost(next)) return undefined;
  const monthly = new Map<string, number>();
  for (const { path, monthlyUsd } of old.items) monthly.set(path, (monthly.get(path) ?? 0) + monthlyUsd);
  const of = (action: Change["action"]) => changes.filter((change) => change.action === action);
  const leaving = [...of("delete"), ...of("replace").filter(({ deletedFirst }) => !deletedFirst)];
  const creates = changes.some(({ action }) => action === "create" || action === "replace");
  const twice = creates ? leaving.filter(({ path }) => hourlyUsdOf(old, path) > 0) : [];
  const retained = of("retained").reduce((sum, { path }) => sum + (monthly.get(path) ?? 0), 0);
  return {
    monthlyUsdBefore: old.monthlyUsd,
    monthlyUsdAfter: next.monthlyUsd,
    runsTwice: twice.map(({ path }) => path),
    runsTwiceUsdPerHour: tenths(twice.reduce((sum, { path }) => sum + hourlyUsdOf(old, path), 0)),
    retainedMonthlyUsd: cents(retained),
  };
}
