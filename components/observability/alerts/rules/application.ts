import { thresholds } from "../../../../tiers/thresholds";
import { burnSource, burns, percentileRules, type Target } from "../burn-rate";
import { type AlertRule, decimal, label, sameIn, value } from "../rule";
import { storesLost } from "./causes";

const { healthy, tierStep, verticalStep, alarm, target } = thresholds;

const by = "namespace";
const requests = 'http_request_duration_seconds_count{job="app"}';
const failures = 'http_request_duration_seconds_count{job="app",status=~"5.."}';

/** One error or one slow answer at night must wake nobody. */
const leastFailures = 5;
const leastRequests = 20;
const enoughFailures = `sum by (${by}) (increase(${failures}[10m])) >= ${leastFailures}`;
const enoughRequests = `sum by (${by}) (increase(${requests}[10m])) >= ${leastRequests}`;

const errorPercent = `100 * sum by (${by}) (rate(${failures}[5m])) / sum by (${by}) (rate(${requests}[5m]))`;
const p95 = `1000 * histogram_quantile(0.95, sum by (${by}, le) (rate(http_request_duration_seconds_bucket{job="app"}[5m])))`;

const errorsAbove = (percent: number) => `${errorPercent} > ${percent} and ${enoughFailures}`;
const slowerThan = (ms: number) => `${p95} > ${ms} and ${enoughRequests}`;

const same = (alert: string) => sameIn(by, alert);
const maintenance = same("Maintenance");

const errors: Target = { by, all: requests, part: { bad: failures }, budget: healthy.errors / 100 };

const errorSteps = [
  "Look at the dashboard of the product: which route fails, and since when. A deployment just before? Roll it back.",
  "Look at the database, the pool and the cache: an error of theirs has its own alert, or none if it is the code's.",
  "Read the logs of the application for the status 500 and the request's id.",
];
const slowSteps = [
  "Check which part is slow: `database_transaction_duration_seconds` against `http_request_duration_seconds`, by route.",
  "If transactions are slow, look for the statements that take longest, and for what waits on a lock.",
  "If nothing below is slow, the pods lack CPU: more of them, or a larger size (`npm run advise`).",
];

export const applicationRules: AlertRule[] = [
  {
    name: "ErrorsHigh",
    service: "application",
    severity: "critical",
    expr: errorsAbove(tierStep.errors),
    for: "10m",
    summary: `${decimal} % of the requests in ${label(by)} fail (limit ${tierStep.errors} %)`,
    source: `tier step: errors > ${tierStep.errors} %; at least ${leastFailures} in 10 minutes, assumed`,
    act: errorSteps,
    inhibitedBy: [maintenance, ...storesLost],
  },
  {
    name: "ErrorsAboveHealthy",
    service: "application",
    severity: "warning",
    expr: errorsAbove(healthy.errors),
    for: "10m",
    summary: `${decimal} % of the requests in ${label(by)} fail (limit ${healthy.errors} %)`,
    source: `healthy: errors < ${healthy.errors} %; at least ${leastFailures} in 10 minutes, assumed`,
    act: errorSteps,
    inhibitedBy: [maintenance, same("ErrorsHigh"), ...storesLost],
  },
  {
    name: "ErrorBudgetBurnsFast",
    service: "application",
    severity: "critical",
    expr: burns(errors, "fast"),
    summary: `${decimal} % of the requests in ${label(by)} fail: the month's budget of errors is gone in days`,
    source: `healthy: errors < ${healthy.errors} %, so ${burnSource("fast", errors.budget)}`,
    act: errorSteps,
    inhibitedBy: [maintenance, same("ErrorsHigh"), ...storesLost],
  },
  {
    name: "ErrorBudgetBurnsSlowly",
    service: "application",
    severity: "warning",
    expr: burns(errors, "slow"),
    summary: `${decimal} % of the requests in ${label(by)} fail: the month's budget of errors will not last`,
    source: `healthy: errors < ${healthy.errors} %, so ${burnSource("slow", errors.budget)}`,
    act: errorSteps,
    inhibitedBy: [maintenance, same("ErrorsHigh"), same("ErrorBudgetBurnsFast"), ...storesLost],
  },
  {
    name: "AnswersUnusable",
    service: "application",
    severity: "critical",
    expr: slowerThan(alarm.p95Ms),
    for: "5m",
    summary: `p95 of the answers in ${label(by)} is ${value} ms (limit ${alarm.p95Ms} ms)`,
    source: `alarms: p95 > ${alarm.p95Ms / 1000} s; at least ${leastRequests} requests in 10 minutes, assumed`,
    act: slowSteps,
    inhibitedBy: [maintenance, ...storesLost],
  },
  {
    name: "AnswersVerySlow",
    service: "application",
    severity: "critical",
    expr: slowerThan(tierStep.p95Ms),
    for: "10m",
    summary: `p95 of the answers in ${label(by)} is ${value} ms (limit ${tierStep.p95Ms} ms)`,
    source: `tier step: p95 > ${tierStep.p95Ms / 1000} s; at least ${leastRequests} requests in 10 minutes, assumed`,
    act: slowSteps,
    inhibitedBy: [maintenance, same("AnswersUnusable"), ...storesLost],
  },
  {
    name: "AnswersSlow",
    service: "application",
    severity: "warning",
    expr: slowerThan(verticalStep.p95Ms),
    for: "10m",
    summary: `p95 of the answers in ${label(by)} is ${value} ms (limit ${verticalStep.p95Ms} ms)`,
    source: `vertical step: p95 > ${verticalStep.p95Ms} ms; at least ${leastRequests} requests in 10 minutes, assumed`,
    act: slowSteps,
    inhibitedBy: [maintenance, same("AnswersVerySlow"), same("AnswersUnusable"), ...storesLost],
  },
  ...percentileRules({
    name: "AnswerTarget",
    service: "application",
    severity: "critical",
    by,
    histogram: "http_request_duration_seconds",
    selector: 'job="app"',
    seconds: target.p95Ms / 1000,
    summary: `${decimal} % of the answers in ${label(by)} take longer than ${target.p95Ms} ms`,
    source: `service target: API p95 < ${target.p95Ms} ms`,
    act: slowSteps,
    inhibitedBy: [maintenance, same("AnswersVerySlow"), same("AnswersUnusable"), ...storesLost],
    slowInhibitedBy: [same("AnswersSlow")],
  }),
  {
    name: "BreakerOpen",
    service: "application",
    severity: "warning",
    expr: `max by (${by}, breaker) (breaker_open{job=~"app|worker"}) > 0`,
    for: "5m",
    summary: `The circuit breaker of ${label("breaker")} in ${label(by)} has been open for 5 minutes`,
    source: "circuit breaker: opens for 30 s; ten times that, assumed",
    act: [
      "Check whether the provider has an outage of its own: its calls are refused until it answers again.",
      "If it will last, tell the users: what needs the provider fails with 503.",
    ],
  },
  {
    name: "Maintenance",
    service: "application",
    severity: "none",
    expr: `max by (${by}) (mode{job="app",mode="maintenance"}) > 0`,
    summary: `${label(by)} is in maintenance`,
    source: "no threshold: it silences the errors that maintenance causes",
    act: ["Nothing, while somebody works on the product."],
  },
  {
    name: "MaintenanceForgotten",
    service: "application",
    severity: "warning",
    expr: `max by (${by}) (mode{job="app",mode=~"maintenance|read-only"}) > 0`,
    for: "2h",
    summary: `${label(by)} has been in maintenance or read-only for two hours`,
    source: "assumed: longer than any move of the docs interrupts",
    act: ["End the mode (docs/workload.md), if nobody works on the product any more."],
  },
];
