import { thresholds } from "../../../../tiers/thresholds";
import { percentileRules } from "../burn-rate";
import { type AlertRule, decimal, label, sameIn, value } from "../rule";
import { redisLost, storesLost } from "./causes";

const { queue, target, tierStep } = thresholds;

const by = "namespace, queue";
const where = `${label("queue")} in ${label("namespace")}`;
const lost = [...storesLost, ...redisLost];

// Every worker of a queue tells the same depth.
const waiting = `max by (${by}) (queue_jobs{job="worker",state="waiting"})`;
const runs = 'jobs_total{job="worker"}';
const errors = 'jobs_total{job="worker",outcome="error"}';
const leastErrors = 5;

const slowSteps = [
  "Check which step of the job takes its time: the provider it calls, or its transactions.",
  "If the jobs wait for CPU, give the queue more workers or larger ones (`npm run advise`).",
];

export const queueRules: AlertRule[] = [
  {
    name: "QueueStalled",
    service: "queues",
    severity: "critical",
    expr: `${waiting} > 0 unless sum by (${by}) (increase(${runs}[10m])) > 0`,
    for: "10m",
    summary: `${value} jobs wait in the queue ${where}, and none has run for 10 minutes`,
    source: "assumed: a worker takes the next job within seconds",
    act: [
      "Look at the pods of the queue's workers and read their logs: do they start, do they reach Redis and Postgres?",
      "Check whether the queue is paused.",
      "Restart the workers. Nothing is lost: a sweep adds jobs again that Redis no longer has.",
    ],
    inhibitedBy: lost,
  },
  {
    name: "QueueBacklog",
    service: "queues",
    severity: "warning",
    expr: `${waiting} > ${queue.high}`,
    for: "10m",
    summary: `${value} jobs wait in the queue ${where} (limit ${queue.high})`,
    source: `workers: queue > ${queue.high} -> 5`,
    act: [
      "Check whether the autoscaler is at its maximum: then raise `workers.maxReplicas`, if the database has the connections.",
      "Check whether jobs fail and come back: `jobs_total` by outcome.",
    ],
    inhibitedBy: [sameIn(by, "QueueStalled"), ...lost],
  },
  {
    name: "JobsFail",
    service: "queues",
    severity: "warning",
    expr: `100 * sum by (${by}) (rate(${errors}[10m])) / sum by (${by}) (rate(${runs}[10m])) > ${tierStep.errors} and sum by (${by}) (increase(${errors}[10m])) >= ${leastErrors}`,
    for: "5m",
    summary: `${decimal} % of the runs in the queue ${where} fail (limit ${tierStep.errors} %)`,
    source: `tier step: errors > ${tierStep.errors} %; at least ${leastErrors} in 10 minutes, assumed`,
    act: [
      "Read the workers' logs: the error of the runs, and whether it is one provider's or every job's.",
      "Jobs come back with a growing wait. If the code is wrong, roll back the workers before the last try of a job.",
    ],
    inhibitedBy: lost,
  },
  ...percentileRules({
    name: "JobTarget",
    service: "queues",
    severity: "critical",
    by,
    histogram: "job_duration_seconds",
    selector: 'job="worker"',
    seconds: target.jobSeconds,
    summary: `${decimal} % of the jobs in the queue ${where} take longer than ${target.jobSeconds} s`,
    source: `service target: worker p95 < ${target.jobSeconds} s`,
    act: slowSteps,
    inhibitedBy: lost,
  }),
];
