/** The tables of docs/deploying.md and docs/moving.md: how long a first deployment and a move take, and what decides it. */
import type { SettingsInput } from "../../config/schema";
import { type Duration, durationOf, durationOfMove } from "../../planner/duration/duration";
import { changesBetween } from "../../planner/move/changes";
import type { PlannedResource } from "../../planner/record/planned";
import { belowRoot } from "../../planner/views/text";
import { type Tier, tierNames, tiers } from "../../tiers";
import { code, table } from "../markdown";
import { planTier } from "../tier-plan";
import { titles } from "../titles";
import type { Tables } from "./fill";

export interface Durations {
  first: Map<Tier, Duration>;
  moves: { from: Tier; to: Tier; duration: Duration }[];
}

/** The settings that a move asks for (docs/moving.md). */
const keep = { nodeState: true, managedStores: true };

/** Plans every tier, fresh and as one stack that moves up and down again. */
export async function tierDurations(): Promise<Durations> {
  const resourcesOf = async (tier: Tier, settings: Partial<SettingsInput>): Promise<PlannedResource[]> =>
    (await planTier(tier, settings, "moved")).plan.resources;
  const first = new Map<Tier, Duration>();
  const onTheWay = {} as Record<Tier, PlannedResource[]>;
  for (const tier of tierNames) {
    const fresh = await resourcesOf(tier, {});
    first.set(tier, durationOf(fresh));
    // At Startup neither setting changes anything.
    const { kind } = tiers[tier].target;
    onTheWay[tier] = kind === "eks" ? await resourcesOf(tier, { keep: { nodeState: keep.nodeState } }) : fresh;
  }
  const left = await resourcesOf("mvp", { keep: { managedStores: keep.managedStores } });
  const move = (from: Tier, to: Tier, [before, after] = [onTheWay[from], onTheWay[to]]) => {
    const changes = changesBetween(before, after);
    const refused = changes.find(({ action }) => action === "refused");
    if (refused) throw new Error(`${from} -> ${to} is refused, because of ${refused.path}: it lacks a setting`);
    return { from, to, duration: durationOfMove(before, after, changes) };
  };
  const up = tierNames.slice(1).map((to, at) => [tierNames[at] as Tier, to] as const);
  const down = up.map(([from, to]) => [to, from] as const).reverse();
  const moves = [...up, ...down].map(([from, to]) =>
    to === "mvp" ? move(from, to, [onTheWay[from], left]) : move(from, to),
  );
  return { first, moves };
}

/** Shorter steps are left out of the tables. */
const leastMinutes = 1;

const cellsOf = ({ minutes, longest, path }: Duration): string[] => [
  `${Math.round(minutes)}`,
  `${longest?.minutes ?? 0}`,
  path
    .filter((step) => step.minutes >= leastMinutes)
    .map((step) => `${code(belowRoot(step.path))} ${step.minutes}`)
    .join(", "),
];
const columns = ["minutes", "its slowest resource", "one after the other"];
const align = ["---", "---:", "---:", "---"];

/** The tables that show how long the engine works. */
export const durationTablesOf = ({ first, moves }: Durations): Tables => ({
  "first-deployments": () =>
    table(
      ["tier", ...columns],
      align,
      [...first].map(([tier, duration]) => [titles[tier], ...cellsOf(duration)]),
    ),
  "move-durations": () =>
    table(
      ["move", ...columns],
      align,
      moves.map(({ from, to, duration }) => [`${titles[from]} to ${titles[to]}`, ...cellsOf(duration)]),
    ),
});
