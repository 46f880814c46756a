import { limits } from "./limits";
import { balancer, edge } from "./product-aws";
import { from, inNamespace, quantile, quantiles, rate, shareOf } from "./selectors";
import type { Dashboard, Panel } from "./types";

const app = (...matchers: string[]) => from("app", inNamespace, ...matchers);
const requests = "http_request_duration_seconds";
/** Requests of users: those of the kubelet and of Prometheus are many and fast. */
const asked = (...matchers: string[]) => app('route!~"/(healthz|livez|readyz|metrics)"', ...matchers);
const count = (...matchers: string[]) => rate(`${requests}_count`, asked(...matchers));
const cache = (...matchers: string[]) => rate("cache_requests_total", app(...matchers));

const answersInTime: Panel = {
  title: "Answer time, p95",
  description: "95 % of requests are answered faster. The limit is the service target.",
  unit: "seconds",
  kind: "figure",
  queries: [{ expr: quantile(0.95, requests, asked()), legend: "p95" }],
  limit: { at: limits.answer, side: "above" },
};

const errors: Panel = {
  title: "Errors",
  description: "Share of requests that the product answered with a status from 500 on.",
  unit: "share",
  kind: "figure",
  queries: [{ expr: shareOf(count('status=~"5.."'), count()), legend: "errors" }],
  limit: { at: limits.errors, side: "above" },
};

const hits: Panel = {
  title: "Cache hits",
  description:
    "Share of look-ups that the cache answered, of those that it could have. Below the limit the database works more than it must.",
  unit: "share",
  kind: "figure",
  queries: [{ expr: shareOf(cache('result="hit"'), cache('result=~"hit|miss"')), legend: "hits" }],
  limit: { at: limits.cacheHits, side: "below" },
};

const now: Panel[] = [
  {
    title: "Requests",
    description: "Requests a second that reach the application. What CloudFront answers is not among them.",
    unit: "per second",
    kind: "figure",
    queries: [{ expr: `sum(${count()})`, legend: "requests" }],
  },
  answersInTime,
  errors,
  hits,
];

const answers: Panel[] = [
  {
    ...answersInTime,
    title: "Answer time",
    description: "Half of the requests, 95 % and 99 % are answered faster. The limit is the service target of p95.",
    kind: "lines",
    queries: quantiles(requests, asked()),
  },
  {
    title: "Slowest routes, p95",
    description:
      "The five routes with the longest answer times. A route that is slow alone has a query or a provider of its own to look at.",
    unit: "seconds",
    kind: "bars",
    queries: [{ expr: `topk(5, ${quantile(0.95, requests, asked(), "route")} > 0)`, legend: "{{route}}" }],
    limit: { at: limits.answer, side: "above" },
  },
  {
    title: "Requests by status",
    description: "Requests a second by the status of their answer.",
    unit: "per second",
    kind: "lines",
    queries: [{ expr: `sum by (status) (${count()})`, legend: "{{status}}" }],
  },
  {
    ...errors,
    title: "Errors over time",
    kind: "lines",
  },
];

const refusals: Panel[] = [
  {
    title: "Rate limits",
    description: "Requests a second that a limit counted. Uncounted ones passed because Redis did not answer.",
    unit: "per second",
    kind: "lines",
    queries: [{ expr: `sum by (decision) (${rate("limit_decisions_total", app())})`, legend: "{{decision}}" }],
  },
  {
    title: "Refused by limit",
    description:
      "Share of the counted requests that each limit refused. One that refuses many users is too low, or stops an abuser.",
    unit: "share",
    kind: "lines",
    queries: [
      {
        expr:
          `sum by (limit) (${rate("limit_decisions_total", app('decision="refused"'))}) / ` +
          `sum by (limit) (${rate("limit_decisions_total", app())})`,
        legend: "{{limit}}",
      },
    ],
  },
  {
    title: "Open circuit breakers",
    description: "Processes in which the breaker is open: they refuse calls to that provider until it answers again.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: `sum by (breaker) (breaker_open${app()})`, legend: "{{breaker}}" }],
  },
  {
    title: "Processes by mode",
    description: "Processes in each mode. In maintenance and read-only mode the product refuses requests on purpose.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: `sum by (mode) (mode${app()})`, legend: "{{mode}}" }],
  },
];

const caching: Panel[] = [
  {
    title: "Cache look-ups",
    description: "Look-ups a second by result. Errors are look-ups that Redis did not answer; the database did.",
    unit: "per second",
    kind: "lines",
    queries: [{ expr: `sum by (result) (${cache()})`, legend: "{{result}}" }],
  },
  {
    ...hits,
    title: "Cache hits by kind",
    description: "Share of look-ups that the cache answered, by kind of data.",
    kind: "lines",
    queries: [
      {
        expr: `sum by (kind) (${cache('result="hit"')}) / sum by (kind) (${cache('result=~"hit|miss"')})`,
        legend: "{{kind}}",
      },
    ],
  },
];

const processes: Panel[] = [
  {
    title: "Event loop delay, p99",
    description:
      "How late a process of Node.js gets to its work. Where it is high while the stores are idle, the application needs more pods.",
    unit: "seconds",
    kind: "lines",
    queries: [{ expr: `max by (pod) (nodejs_eventloop_lag_p99_seconds${app()})`, legend: "{{pod}}" }],
  },
  {
    title: "CPU by process",
    description: "Cores that each process uses. Node.js runs JavaScript on one.",
    unit: "cores",
    kind: "lines",
    queries: [{ expr: `sum by (pod) (${rate("process_cpu_seconds_total", app())})`, legend: "{{pod}}" }],
  },
];

/** What users get. */
export const product: Dashboard = {
  name: "product",
  title: "Product",
  description: "What users get: answer times, errors, rate limits, cache.",
  choices: [{ name: "namespace", series: `${requests}_count${from("app")}` }],
  rows: [
    { title: "Now", panels: now },
    { title: "Answers", panels: answers },
    { title: "Limits and modes", panels: refusals },
    { title: "Cache", panels: caching },
    { title: "Processes", panels: processes },
    { title: "Load balancer, as AWS measures it", panels: balancer },
    { title: "CloudFront, as AWS measures it", panels: edge },
  ],
};
