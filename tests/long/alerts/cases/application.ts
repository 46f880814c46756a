import { type Case, grows, type Series, stays } from "./case";

const requests = (status: number) =>
  `http_request_duration_seconds_count{job="app",namespace="app",pod="app-1",route="/",status="${status}"}`;

/** So many requests a minute succeed, and so many fail. */
const answers = (good: number, bad: number): Series => ({
  [requests(200)]: grows(good),
  [requests(500)]: grows(bad),
});

/** Requests a minute that take at most so many seconds. */
const within = (buckets: Record<string, number>): Series => ({
  [requests(200)]: grows(buckets["+Inf"] as number),
  ...Object.fromEntries(
    Object.entries(buckets).map(([le, count]) => [
      `http_request_duration_seconds_bucket{job="app",namespace="app",pod="app-1",route="/",status="200",le="${le}"}`,
      grows(count),
    ]),
  ),
});

const mode = (name: string) => `mode{job="app",namespace="app",pod="app-1",mode="${name}"}`;
const breaker = 'breaker_open{job="worker",namespace="app",pod="worker-1",breaker="provider"}';
const labels = { namespace: "app" };

export const applicationCases: Record<string, Case> = {
  ErrorsHigh: {
    fires: answers(94, 6),
    labels,
    summary: "6.0 % of the requests in app fail (limit 5 %)",
    // At the limit; and one failure in five minutes, which is a fifth of a night's requests.
    silent: [answers(95, 5), answers(0.8, 0.2)],
  },
  ErrorsAboveHealthy: {
    fires: answers(98, 2),
    labels,
    summary: "2.0 % of the requests in app fail (limit 1 %)",
    silent: [answers(99, 1), answers(0.8, 0.2)],
  },
  ErrorBudgetBurnsFast: {
    fires: answers(84, 16),
    labels,
    summary: "16.0 % of the requests in app fail: the month's budget of errors is gone in days",
    silent: [
      answers(95, 5),
      // It was, but is over: the short window is quiet.
      { [requests(500)]: "0+160x3 480+0x300", [requests(200)]: grows(84) },
      answers(0.2, 0.2),
    ],
    at: 75,
  },
  ErrorBudgetBurnsSlowly: {
    fires: answers(98, 2),
    labels,
    summary: "2.0 % of the requests in app fail: the month's budget of errors will not last",
    silent: [answers(99.2, 0.8), answers(0.01, 0.01)],
    at: 180,
  },
  AnswersUnusable: {
    fires: within({ "0.2": 10, "3": 80, "5": 100, "+Inf": 100 }),
    labels,
    summary: "p95 of the answers in app is 4500 ms (limit 3000 ms)",
    silent: [
      within({ "0.2": 10, "3": 96, "5": 100, "+Inf": 100 }),
      within({ "0.2": 0.1, "3": 0.8, "5": 1, "+Inf": 1 }),
    ],
  },
  AnswersVerySlow: {
    fires: within({ "0.5": 50, "1": 90, "3": 100, "+Inf": 100 }),
    labels,
    summary: "p95 of the answers in app is 2000 ms (limit 1000 ms)",
    silent: [
      within({ "0.5": 50, "1": 96, "3": 100, "+Inf": 100 }),
      within({ "0.5": 0.5, "1": 0.9, "3": 1, "+Inf": 1 }),
    ],
  },
  AnswersSlow: {
    fires: within({ "0.2": 80, "0.5": 90, "1": 100, "+Inf": 100 }),
    labels,
    summary: "p95 of the answers in app is 750 ms (limit 500 ms)",
    silent: [
      within({ "0.2": 80, "0.5": 96, "1": 100, "+Inf": 100 }),
      within({ "0.2": 0.8, "0.5": 0.9, "1": 1, "+Inf": 1 }),
    ],
  },
  AnswerTargetBurnsFast: {
    fires: within({ "0.2": 20, "+Inf": 100 }),
    labels,
    summary: "80.0 % of the answers in app take longer than 200 ms",
    // 28 % are fewer than six times the budget of 5 %.
    silent: [within({ "0.2": 72, "+Inf": 100 }), within({ "0.2": 0.1, "+Inf": 0.5 })],
    at: 75,
  },
  AnswerTargetBurnsSlowly: {
    fires: within({ "0.2": 92, "+Inf": 100 }),
    labels,
    summary: "8.0 % of the answers in app take longer than 200 ms",
    silent: [within({ "0.2": 96, "+Inf": 100 })],
    at: 180,
  },
  BreakerOpen: {
    fires: { [breaker]: stays(1) },
    labels: { namespace: "app", breaker: "provider" },
    summary: "The circuit breaker of provider in app has been open for 5 minutes",
    // Closed; and opened again and again for less than five minutes.
    silent: [{ [breaker]: stays(0) }, { [breaker]: "1 1 1 0 1 1 1 0 1 1 1 0 1 1 1 0x60" }],
  },
  Maintenance: {
    fires: { [mode("maintenance")]: stays(1) },
    labels,
    summary: "app is in maintenance",
    silent: [{ [mode("maintenance")]: stays(0) }],
  },
  MaintenanceForgotten: {
    fires: { [mode("read-only")]: stays(1) },
    labels,
    summary: "app has been in maintenance or read-only for two hours",
    silent: [{ [mode("read-only")]: stays(0) }, { [mode("read-only")]: "1+0x100 0+0x200" }],
    at: 130,
  },
};
