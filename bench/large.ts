/** Large stacks: the diff of two plans relative to parsing them, and how the parts of a plan grow with it. */
import * as k8s from "@pulumi/kubernetes";
import { nodesOf } from "../planner/cli/plan";
import { costContext } from "../planner/cost/context";
import { monthlyCostOf } from "../planner/cost/cost";
import { durationOfMove } from "../planner/duration/duration";
import type { Move } from "../planner/move/change";
import { changesBetween } from "../planner/move/changes";
import { priceOf } from "../planner/move/price";
import { type Plan, type Planned, planStack } from "../planner/plan";
import { readProject, readStack } from "../planner/stacks";
import { jsonView } from "../planner/views/json";
import { markdownView } from "../planner/views/markdown";
import { moveReport, planReport } from "../planner/views/report/page";
import { program } from "../platform/program";
import { line, medians } from "./timing";

/** Plans growth with a number of queues, and with objects of the user's own. */
function large(root: string, queues: number, own = 0, settings: Record<string, string> = {}): Promise<Planned> {
  const project = readProject(root);
  const stack = readStack(project, "growth");
  const all = {
    queues: JSON.stringify(Array.from({ length: queues }, (_, at) => ({ name: `queue-${at}` }))),
    nodes: JSON.stringify({ maxNodes: 100 }),
    workers: JSON.stringify({ minReplicas: 1, maxReplicas: 1 }),
    ...settings,
  };
  for (const [key, value] of Object.entries(all)) stack.config[`${project.name}:${key}`] = value;
  const withOwn = program(({ namespaces, postgres, target, child }) => {
    for (let at = 0; at < own; at++)
      new k8s.core.v1.ConfigMap(
        `own-${at}`,
        {
          metadata: { name: `own-${at}`, namespace: namespaces.app.created },
          data: { endpoint: postgres.endpoint },
        },
        { ...child, provider: target.cluster.provider },
      );
    return {};
  });
  return planStack(project, stack, withOwn);
}

/** What `npm run diff` works out of two plans. */
function moveBetween(before: Plan, after: Plan): Move {
  const changes = changesBetween(before.resources, after.resources);
  const duration = durationOfMove(before.resources, after.resources, changes);
  const cost = priceOf(before, after, changes, { duration });
  return { from: before.stack, to: after.stack, changes, phases: [], duration, ...(cost && { cost }) };
}

/** Measures the diff of two plans of 1,000 resources, where some of them change and where all are replaced. */
export async function diffRatios(root: string): Promise<void> {
  const [queues, wanted] = [200, 1000];
  const own = wanted - (await large(root, queues)).plan.resources.length;
  const base = jsonView((await large(root, queues, own)).plan);
  const changed = { image: "ghcr.io/acme/shop:2.0.0" };
  const moves = { "another image": changed, "other namespaces": { namespacePrefix: "other" } };
  for (const [what, settings] of Object.entries(moves)) {
    const other = jsonView((await large(root, queues, own, settings)).plan);
    const parsed = [base, other].map((text) => JSON.parse(text) as Plan) as [Plan, Plan];
    const { diff, parse } = await medians({
      parse: () => [base, other].map((text) => JSON.parse(text)),
      diff: () => moveBetween(...parsed),
    });
    const sizes = `${parsed[0].resources.length} resources, ${moveBetween(...parsed).changes.length} change`;
    line(
      `diff, ${what}: relative to parsing`,
      diff / parse,
      2,
      `${diff.toFixed(1)} ms / ${parse.toFixed(1)} ms; ${sizes}`,
    );
  }
}

/** Measures the time per resource of a plan's parts with 50 and 100 queues, relative to 25. */
export async function growth(root: string): Promise<void> {
  const sizes = [25, 50, 100];
  const times = new Map<number, Record<string, number>>();
  for (const queues of sizes) {
    const planned = await large(root, queues);
    const { plan, inputs } = planned;
    const other = (await large(root, queues, 0, { namespacePrefix: "other" })).plan;
    const move = moveBetween(plan, other);
    const found = await medians({
      plan: () => large(root, queues),
      diff: () => moveBetween(plan, other),
      cost: () => monthlyCostOf(plan.resources, costContext(inputs)),
      "HTML report": () => planReport(plan, nodesOf(inputs)),
      "HTML report of a move": () => moveReport(move, plan, other),
      "Markdown report": () => markdownView(plan),
    });
    const perResource = Object.entries(found).map(([part, time]) => [part, time / plan.resources.length] as const);
    times.set(queues, Object.fromEntries(perResource));
  }
  const [few = {}, ...more] = sizes.map((queues) => times.get(queues));
  for (const [part, time] of Object.entries(few)) {
    const others = more.map((found) => found?.[part] ?? Number.NaN);
    const shown = [time, ...others].map((milliseconds) => `${(milliseconds * 1000).toFixed(0)} us`).join(", ");
    line(`${part}, per resource: 100 queues to 25`, (others.at(-1) ?? Number.NaN) / time, 1.2, `25, 50, 100: ${shown}`);
  }
}
