import { limits } from "./limits";
import { from, inNamespace, inQueue, quantile, rate, shareOf } from "./selectors";
import type { Dashboard, Panel } from "./types";

const worker = (...matchers: string[]) => from("worker", inNamespace, inQueue, ...matchers);
const kube = (...matchers: string[]) => from("kube-state-metrics", inNamespace, ...matchers);

/** Every worker of a queue tells the same of it. */
const jobsIn = (state: string) => `max by (queue) (queue_jobs${worker(`state="${state}"`)})`;
const oldest = `max by (queue) (queue_oldest_job_seconds${worker()})`;
const runs = (...matchers: string[]) => rate("jobs_total", worker(...matchers));

const now: Panel[] = [
  {
    title: "Waiting jobs",
    description: "Jobs of all queues that no worker has begun.",
    unit: "count",
    kind: "figure",
    queries: [{ expr: `sum(${jobsIn("waiting")})`, legend: "waiting" }],
  },
  {
    title: "Oldest waiting job",
    description: "How long the job that has waited longest waits by now.",
    unit: "seconds",
    kind: "figure",
    queries: [{ expr: `max(${oldest})`, legend: "oldest" }],
  },
  {
    title: "Processing time, p95",
    description: "95 % of the runs of jobs end faster. The limit is the service target.",
    unit: "seconds",
    kind: "figure",
    queries: [{ expr: quantile(0.95, "job_duration_seconds", worker()), legend: "p95" }],
    limit: { at: limits.job, side: "above" },
  },
  {
    title: "Failed runs",
    description: "Share of the runs of jobs that failed. Most run again.",
    unit: "share",
    kind: "figure",
    queries: [{ expr: shareOf(runs('outcome="error"'), runs()), legend: "failed" }],
    limit: { at: limits.errors, side: "above" },
  },
];

const queues: Panel[] = [
  {
    title: "Waiting jobs by queue",
    description: "Depth of each queue. One that only grows needs more workers, or faster jobs.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: jobsIn("waiting"), legend: "{{queue}}" }],
  },
  {
    title: "Oldest waiting job by queue",
    description: "Age of the job that has waited longest. It tells what users wait for, whatever the depth.",
    unit: "seconds",
    kind: "lines",
    queries: [{ expr: oldest, legend: "{{queue}}" }],
  },
  {
    title: "Jobs at work",
    description: "Jobs that a worker has begun, by queue.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: jobsIn("active"), legend: "{{queue}}" }],
  },
  {
    title: "Delayed jobs",
    description: "Jobs for a later time, retries among them. A jump after an outage of a provider is normal.",
    unit: "count",
    kind: "lines",
    queries: [{ expr: jobsIn("delayed"), legend: "{{queue}}" }],
  },
];

const processing: Panel[] = [
  {
    title: "Processing time by queue, p95",
    description: "95 % of the runs end faster. The limit is the service target.",
    unit: "seconds",
    kind: "lines",
    queries: [{ expr: quantile(0.95, "job_duration_seconds", worker(), "queue"), legend: "{{queue}}" }],
    limit: { at: limits.job, side: "above" },
  },
  {
    title: "Runs by queue",
    description: "Runs of jobs a second, failed ones included.",
    unit: "per second",
    kind: "lines",
    queries: [{ expr: `sum by (queue) (${runs()})`, legend: "{{queue}}" }],
  },
  {
    title: "Runs by outcome",
    description:
      "Runs a second that had their effect (done), found it there from an earlier run (again), or failed (error).",
    unit: "per second",
    kind: "lines",
    queries: [{ expr: `sum by (outcome) (${runs()})`, legend: "{{outcome}}" }],
  },
  {
    title: "Workers",
    description: "Pods of each pool of workers that are ready.",
    unit: "count",
    kind: "lines",
    queries: [
      {
        expr: `sum by (deployment) (kube_deployment_status_replicas_available${kube('deployment=~"worker-.*"')})`,
        legend: "{{deployment}}",
      },
    ],
  },
];

const schedules: Panel[] = [
  {
    title: "Since the last success of a schedule",
    description:
      "Time since each CronJob last succeeded, the dump of the database among them. Compare it with its schedule.",
    unit: "seconds",
    kind: "bars",
    queries: [
      { expr: `time() - max by (cronjob) (kube_cronjob_status_last_successful_time${kube()})`, legend: "{{cronjob}}" },
    ],
  },
  {
    title: "Failed Jobs",
    description: "Pods of Jobs that failed, of the Jobs that Kubernetes still keeps.",
    unit: "count",
    kind: "bars",
    queries: [{ expr: `sum by (job_name) (kube_job_status_failed${kube()})`, legend: "{{job_name}}" }],
  },
];

/** What runs behind the requests. */
export const work: Dashboard = {
  name: "work",
  title: "Work",
  description: "What runs behind the requests: depth and age of the queues, processing times, schedules.",
  choices: [
    { name: "namespace", series: `queue_jobs${from("worker")}` },
    { name: "queue", series: `queue_jobs${from("worker")}` },
  ],
  rows: [
    { title: "Now", panels: now },
    { title: "Queues", panels: queues },
    { title: "Processing", panels: processing },
    { title: "Schedules", panels: schedules },
  ],
};
