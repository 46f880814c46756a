import { type Case, grows, type Series, stays } from "./case";

const waiting = 'queue_jobs{job="worker",namespace="app",pod="worker-1",queue="images",state="waiting"}';
const runs = (outcome: string) =>
  `jobs_total{job="worker",namespace="app",pod="worker-1",queue="images",outcome="${outcome}"}`;
const labels = { namespace: "app", queue: "images" };

const within = (five: number, all: number): Series => ({
  'job_duration_seconds_count{job="worker",namespace="app",pod="worker-1",queue="images"}': grows(all),
  'job_duration_seconds_bucket{job="worker",namespace="app",pod="worker-1",queue="images",le="5"}': grows(five),
});

export const queueCases: Record<string, Case> = {
  QueueStalled: {
    fires: { [waiting]: stays(7), [runs("done")]: stays(12) },
    labels,
    summary: "7 jobs wait in the queue images in app, and none has run for 10 minutes",
    // A run in five minutes; nothing to do.
    silent: [{ [runs("done")]: grows(0.2) }, { [waiting]: stays(0) }],
  },
  QueueBacklog: {
    fires: { [waiting]: stays(101), [waiting.replace("worker-1", "worker-2")]: stays(101) },
    labels,
    summary: "101 jobs wait in the queue images in app (limit 100)",
    // Two workers tell of the same 100.
    silent: [{ [waiting]: stays(100), [waiting.replace("worker-1", "worker-2")]: stays(100) }],
  },
  JobsFail: {
    fires: { [runs("done")]: grows(18), [runs("error")]: grows(2) },
    labels,
    summary: "10.0 % of the runs in the queue images in app fail (limit 5 %)",
    silent: [
      { [runs("done")]: grows(19.5), [runs("error")]: grows(0.5) },
      { [runs("done")]: grows(1), [runs("error")]: grows(0.3) },
    ],
  },
  JobTargetBurnsFast: {
    fires: within(20, 100),
    labels,
    summary: "80.0 % of the jobs in the queue images in app take longer than 5 s",
    silent: [within(72, 100), within(0.1, 0.5)],
    at: 75,
  },
  JobTargetBurnsSlowly: {
    fires: within(92, 100),
    labels,
    summary: "8.0 % of the jobs in the queue images in app take longer than 5 s",
    silent: [within(96, 100)],
    at: 180,
  },
};
