/** What to check before a change. */
import type { Tier } from "../../tiers";

/** Moves that docs/moving.md has a section for. */
const guides: Partial<Record<Tier, Partial<Record<Tier, string>>>> = {
  mvp: { startup: "mvp-to-startup" },
  startup: { growth: "startup-to-growth", mvp: "startup-to-mvp" },
  growth: { startup: "growth-to-startup" },
  scale: { growth: "scale-to-growth" },
};

interface Given {
  stack: string;
  from: Tier;
  /** The tier of the move; undefined for a single setting. */
  to?: Tier | undefined;
}

interface Check {
  text: (given: Given) => string | undefined;
  /** @default every change */
  for?: "tier" | "setting";
}

/** The checks, in the order to make them in. */
const checks: Check[] = [
  {
    text: ({ stack, to }) =>
      `Read what npm run ${to === undefined ? "diff" : `plan -- ${stack} --to ${to}`} says: data is safe, and you know what it ` +
      "interrupts and for how long.",
  },
  {
    for: "tier",
    text: ({ from, to }) => {
      const guide = to && guides[from]?.[to];
      return guide && `Read the steps of this move: docs/moving.md#${guide}`;
    },
  },
  {
    for: "tier",
    text: ({ stack }) =>
      `Remove settings of Pulumi.${stack}.yaml that the tier should set: sizes of your own stay in force.`,
  },
  {
    for: "tier",
    text: ({ stack }) =>
      `Ask the account once the tier is set: npm run preflight -- ${stack} says which quotas, zones and permissions it lacks.`,
  },
  { text: () => "Have a backup of today, and have restored one." },
  {
    text: () =>
      "Choose a quiet hour. Turn on maintenance first where the change interrupts: docs/moving.md#maintenance",
  },
  { text: () => "Know the way back, and what it interrupts. Storage never shrinks." },
  {
    text: () =>
      "Watch p50, p95 and p99, errors, queue depth and the use of the pool for an hour after it, then measure again.",
  },
];

/** The checks before a change, a sentence each. */
export const checklist = (given: Given): string[] =>
  checks
    .filter(({ for: kind }) => kind === undefined || kind === (given.to === undefined ? "setting" : "tier"))
    .flatMap(({ text }) => text(given) ?? []);
