/** What every view of a move says of its price. */
import type { Level } from "../cost/levels";
import type { MoveCharge } from "../cost/one-off";
import type { Move, MoveCost } from "../move/change";
import { keptText, signedUsd, spanText, usd } from "./cost";
import { belowRoot, count, visible } from "./text";

/** `0.20 USD (0.04 to 1.20)`: without the range where there is none. */
function rangeText({ low, expected, high }: Level): string {
  const range = low === expected && expected === high ? "" : ` (${spanText({ low, high })})`;
  return `${usd(expected)} USD${range}`;
}

/** How a name is shown that a plan file may have from anybody. */
type Named = (text: string) => string;

/** Most names in a sentence. */
const mostNamed = 6;

/** Each text once. */
function list(texts: string[]): string {
  const own = [...new Set(texts)];
  const more = own.length > mostNamed ? ` and ${own.length - mostNamed} more` : "";
  return own.slice(0, mostNamed).join(", ") + more;
}

const itemsOf = (charges: MoveCharge[], named: Named): string =>
  list(charges.map(({ item, path }) => `${item} (${named(belowRoot(path))})`));

const pathsOf = (charges: MoveCharge[], named: Named): string =>
  list(charges.map(({ path }) => named(belowRoot(path))));

function twiceText({ runsTwice, runsTwiceUsdPerHour, runsTwiceUsd }: MoveCost): string[] {
  if (runsTwice.length === 0) return [];
  const sum = runsTwiceUsd === undefined ? "" : `, ${usd(runsTwiceUsd)} USD in all`;
  const what = count(runsTwice.length, "resource");
  return [
    `While the move runs, what it deletes still costs ${runsTwiceUsdPerHour} USD an hour${sum} (${what} with a price).`,
  ];
}

function onceText({ charges, onceUsd }: MoveCost, named: Named): string {
  const once = charges.filter(({ paid }) => paid === "once");
  const paid = once.filter(({ priceId }) => priceId !== null);
  const free = once.filter(({ priceId }) => priceId === null);
  const sum = paid.length === 0 ? "nothing" : `${rangeText(onceUsd)}, ${itemsOf(paid, named)}`;
  return `Charged once: ${sum}${free.length > 0 ? `; free: ${itemsOf(free, named)}` : ""}.`;
}

/** What settings keep beyond the tier, and what the tier costs without. */
function afterText({ kept, monthlyUsdAfter }: MoveCost, named: Named): string[] {
  if (!kept) return [];
  const rest = usd(monthlyUsdAfter - kept.monthlyUsd);
  return [`Of these, ${keptText(kept, named)}; without it the stack costs ${rest}.`];
}

/** What a move costs, in sentences. */
export function priceText({ cost, changes }: Pick<Move, "cost" | "changes">, named: Named = visible): string[] {
  if (cost === undefined) return [];
  const { monthlyUsdBefore, monthlyUsdAfter, rangeUsdBefore, rangeUsdAfter, notCountedMonthly } = cost;
  const { staysMonthlyUsd, unshrunkMonthlyUsd, charges, notCounted } = cost;
  const sums = `${usd(monthlyUsdBefore)} -> ${usd(monthlyUsdAfter)} USD a month (${signedUsd(monthlyUsdAfter - monthlyUsdBefore)})`;
  const stays = charges.filter(({ paid }) => paid === "monthly");
  const unshrunk = charges.filter(({ paid }) => paid === "unshrunk");
  return [
    `Cost: ${sums}; by use ${spanText(rangeUsdBefore)} -> ${spanText(rangeUsdAfter)}.`,
    ...afterText(cost, named),
    ...twiceText(cost),
    ...(changes.length > 0 ? [onceText(cost, named)] : []),
    ...(stays.length > 0
      ? [
          `What stays in the account costs ${rangeText(staysMonthlyUsd)} a month until you delete it: ${pathsOf(stays, named)}.`,
        ]
      : []),
    ...(unshrunk.length > 0
      ? [
          `RDS storage does not shrink: ${rangeText(unshrunkMonthlyUsd)} a month more than the plan says (${pathsOf(unshrunk, named)}).`,
        ]
      : []),
    ...(notCounted.length > 0 ? [`Not counted: ${notCounted.map(named).join("; ")}.`] : []),
    ...(notCountedMonthly.length > 0
      ? [`Not counted after the move, each month: ${notCountedMonthly.map(named).join("; ")}.`]
      : []),
  ];
}
