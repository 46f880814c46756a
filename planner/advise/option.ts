/** An option of an advice, with what it costs and carries. */
import type { Tier } from "../../tiers";
import type { Capacity, CarriedLoad } from "../capacity/types";
import type { Cost } from "../cost/types";
import type { Asked } from "./advice";
import type { Change, Step } from "./levers";
import type { Lever } from "./rules";

/** What the plan of a stack says that an option is compared by. */
export interface PlanFigures {
  cost: Pick<Cost, "monthlyUsd" | "low" | "high" | "budgetUsd" | "notCounted">;
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

/** Whether an option can be the answer: a lever that the stack can be planned with, or a tier, whose problems are steps of the move. */
const isOpen = ({ lever, impossible, problems }: Option) =>
  impossible === undefined && (lever === "tier" || problems.length === 0);

/** The answer, and the options with it first. */
export function answerOf({ direction }: Asked, options: Option[]): Pick<Advice, "answer" | "options"> {
  if (direction === "stay") return { answer: { do: "stay", direction }, options: [] };
  const chosen = options.find(isOpen);
  const sorted = chosen ? [chosen, ...options.filter((one) => one !== chosen)] : options;
  if (chosen?.tier) return { answer: { do: "tier", direction, tier: chosen.tier }, options: sorted };
  if (chosen?.change)
    return { answer: { do: "lever", direction, lever: chosen.lever, change: chosen.change }, options: sorted };
  return { answer: { do: "nothing left", direction: "up" }, options };
}
