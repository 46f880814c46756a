import type { Advice, Option, PlanFigures } from "../../../planner/advise/option";

export const figures = (
  monthlyUsd: number,
  requestsPerMinute: number,
  more: Partial<PlanFigures["cost"]> = {},
): PlanFigures => ({
  cost: { monthlyUsd, low: 1, high: 2, budgetUsd: 300, notCounted: [], ...more },
  capacity: {
    requestsPerMinute,
    queriesPerSecond: 10,
    concurrentUsers: 20,
    jobsPerMinute: 30,
    bottleneck: {
      path: "tierstack/app/deployment",
      resource: "CPU of the application",
      requestsPerMinute,
      raisedBy: ["app.maxReplicas"],
    },
    measured: null,
  },
});
const change = { key: "postgres.replicas", before: 1, after: 2 };
const replica: Option = {
  lever: "replica",
  change,
  figures: figures(310, 900, { notCounted: ["no price rds.x"] }),
  move: { verdict: "Data is safe.", facts: ["It takes 9 minutes."] },
  problems: [],
  commands: ["npm run diff -- --base before.json growth"],
};
export const advice = (more: Partial<Advice> = {}): Advice => ({
  version: 1,
  project: "tierstack",
  stack: "growth",
  tier: "growth",
  measured: { from: "2026-11-20T10:00:00.000Z", to: "2026-11-21T09:00:00.000Z", requestsPerMinute: 950.2 },
  answer: { do: "lever", direction: "up", lever: "replica", change },
  because: [],
  now: figures(290, 800),
  options: [
    replica,
    { lever: "tier", tier: "scale", problems: ["domain: given nothing"], commands: [] },
    { lever: "shards", impossible: "a cache has at most 90 nodes", problems: [], commands: [] },
  ],
  watch: [],
  unknown: { notMeasured: [], tooShort: [], gaps: [], perhapsShares: [] },
  checklist: ["Have a backup."],
  ...more,
});
