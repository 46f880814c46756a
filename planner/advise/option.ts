/** An option of an advice, with what it costs and carries. */
import type { Tier } from "../../tiers";
import type { Capacity, CarriedLoad } from "../capacity/types";
import type { Cost } from "../cost/types";
import type { Asked } from "./advice";
import type { Change, Step } from "./levers";
import type { Lever } from "./rules";

/** What the plan of a stack says that an option is compared by. */
export interface PlanFigures {
  cost: Pick<Cost, "monthlyUsd" | "low" | "high" | "budgetUsd" | "accepted" | "notCounted">;
  capacity: Pick<Capacity, keyof CarriedLoad | "bottleneck" | "measured">;
}

/** What the move to an option does, as the diff says. */
export interface MoveFigures {
  /** Whether data is safe, or what stops the move. */
  verdict: string;
  /** What interrupts the product, what the move costs and how long it takes, a sentence each. */
  facts: string[];
}

/** A step with its plan, or with what prevents one. */
export interface Option {
  lever: Lever;
  tier?: Tier;
  change?: Change;
  figures?: PlanFigures;
  move?: MoveFigures;
  /** Why the lever can do nothing at this stack. */
  impossible?: string;
  /** Why the stack cannot be planned with it yet, a problem each. */
  problems: string[];
  /** Every problem is a setting to add or to remove: that is the first step of the change. */
  onlySettings?: true;
  /** How to read the move, and how to make it. */
  commands: string[];
}

/** What to do. "up": more of something; "down": less. */
export type Answer =
  | { do: "stay"; direction: "stay" }
  | { do: "nothing left"; direction: "up" }
  | { do: "tier"; direction: "up" | "down"; tier: Tier }
  | { do: "lever"; direction: "up" | "down"; lever: Lever; change: Change };

/** The advice, as `--format json` writes it: version 1. */
export interface Advice {
  version: 1;
  project: string;
  stack: string;
  tier: Tier;
  /** Start and end of what was measured, as ISO 8601, and the most requests. */
  measured: { from: string; to: string; requestsPerMinute?: number };
  answer: Answer;
  because: Asked["because"];
  busiest?: string | undefined;
  now: PlanFigures;
  /** The chosen one first. */
  options: Option[];
  watch: Asked["watch"];
  unknown: Asked["unknown"];
  notSmaller?: string | undefined;
  checklist: string[];
}

/** The commands of a step, the one that shows what it does first; of a tier only that one. */
export function commandsOf(step: Step, { project, stack }: { project: string; stack: string }): string[] {
  if ("tier" in step)
    // It shows the steps of the move, each with its commands.
    return [`npm run plan -- ${stack} --to ${step.tier}`];
  if ("impossible" in step) return [];
  const { key, after } = step.change;
  const path = key.includes("[") ? `'${project}:${key}'` : `${project}:${key}`;
  return [
    `npm run plan -- ${stack} --out before.json`,
    `npx pulumi config set --path ${path} ${after} -s ${stack}`,
    `npm run diff -- --base before.json ${stack}`,
    `npx pulumi up -s ${stack}`,
  ];
}

/** Whether an option can be the answer: the stack can be planned with it, or it is a tier that only needs settings added or removed. */
const isOpen = ({ lever, impossible, problems, onlySettings }: Option) =>
  impossible === undefined && (problems.length === 0 || (lever === "tier" && onlySettings === true));

type Answered = Pick<Advice, "answer" | "options" | "because" | "notSmaller">;

/** Staying, although the metrics allow less: nothing less can be planned. */
function stayDespite(options: Option[]): Answered {
  const reasons = options.map(
    ({ tier, problems }) =>
      `the metrics would allow ${tier ?? "fewer workers"}, but the stack cannot be planned so: ${problems.join("; ")}`,
  );
  return {
    answer: { do: "stay", direction: "stay" },
    options: [],
    because: [],
    notSmaller: reasons.join("; "),
  };
}

/** The answer, the options with it first, and what goes with it. */
export function answerOf(asked: Pick<Asked, "direction" | "because" | "notSmaller">, options: Option[]): Answered {
  const { direction, because, notSmaller } = asked;
  if (direction === "stay") return { answer: { do: "stay", direction }, options: [], because, notSmaller };
  const chosen = options.find(isOpen);
  if (!chosen)
    return direction === "down"
      ? stayDespite(options)
      : { answer: { do: "nothing left", direction }, options, because, notSmaller };
  const sorted = [chosen, ...options.filter((one) => one !== chosen)];
  const { tier, lever, change } = chosen;
  const answer: Answer = tier
    ? { do: "tier", direction, tier }
    : { do: "lever", direction, lever, change: change as Change };
  return { answer, options: sorted, because, notSmaller };
}
