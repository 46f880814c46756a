import { type Job, jobs } from "../jobs";
import { type Constant, constants, type Need, type Panel } from "./types";

const selector = /([a-zA-Z_:][\w:]*)\{([^}]*)\}/g;

const isJob = (name: string | undefined): name is Job => jobs.some((job) => job === name);

/** The metrics that a query reads. `up` of every job is Prometheus' own. Throws where a metric has no job. */
export function needsOf(expr: string): Need[] {
  return [...expr.matchAll(selector)].flatMap(([, metric = "", matchers = ""]) => {
    if (metric === "up") return [{ job: "prometheus", metric }];
    const job = /(?:^|,)job="([^"]*)"/.exec(matchers)?.[1];
    if (!isJob(job)) throw new Error(`${metric}: given job ${job ?? "none"}; allowed: ${jobs.join(", ")}`);
    return [{ job, metric }];
  });
}

/** The metrics that a panel reads, each once. */
export function panelNeeds({ queries }: Panel): Need[] {
  const all = queries.flatMap(({ expr }) => needsOf(expr)).map((need) => [`${need.job} ${need.metric}`, need] as const);
  return [...new Map(all).values()];
}

/** The stack's own figures that a panel shows. */
export const panelConstants = ({ queries }: Panel): Constant[] =>
  constants.filter((name) => queries.some(({ expr }) => expr.includes(`$${name}`)));
