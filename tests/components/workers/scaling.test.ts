import { expect } from "chai";
import fc from "fast-check";
import {
  cpuScalerSpec,
  jobsPerWorker,
  poolBehavior,
  queueScalerSpec,
  waitingList,
} from "../../../components/workers/scaling";

/** Replicas that an autoscaler computes from an AverageValue metric (Kubernetes, "Horizontal Pod Autoscaling"). */
const workersFor = (
  waiting: number,
  target: number,
  { minReplicas, maxReplicas }: { minReplicas: number; maxReplicas: number },
) => Math.min(maxReplicas, Math.max(minReplicas, Math.ceil(waiting / target)));

const range = { minReplicas: 1, maxReplicas: 5 };

describe("workers of a queue", () => {
  it("are five above 100 waiting jobs and one below 10", () => {
    const target = jobsPerWorker(100);
    expect(target).to.equal(25);
    const workers = (waiting: number, maxReplicas = 10) => workersFor(waiting, target, { ...range, maxReplicas });
    expect([0, 8, 9, 25].map((waiting) => workers(waiting))).to.deep.equal([1, 1, 1, 1]);
    expect([26, 100].map((waiting) => workers(waiting))).to.deep.equal([2, 4]);
    expect([101, 120, 125].map((waiting) => workers(waiting))).to.deep.equal([5, 5, 5]);
    expect(workers(126)).to.equal(6);
    expect(workers(10000)).to.equal(10);
    expect(workers(10000, 5)).to.equal(5);
  });

  it("are five from one job above any threshold, and fewer up to it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 1_000_000 }), (queueHigh) => {
        const wide = { minReplicas: 1, maxReplicas: 1000 };
        expect(workersFor(queueHigh + 1, jobsPerWorker(queueHigh), wide)).to.be.at.least(5);
        expect(workersFor(Math.floor(queueHigh / 4), jobsPerWorker(queueHigh), wide)).to.equal(1);
      }),
    );
  });

  it("grow with the queue, within their range", () => {
    const waiting = fc.integer({ min: 0, max: 1_000_000 });
    const ranges = fc
      .tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 100 }))
      .map(([minReplicas, more]) => ({ minReplicas, maxReplicas: minReplicas + more }));
    fc.assert(
      fc.property(waiting, waiting, fc.integer({ min: 1, max: 10_000 }), ranges, (a, b, queueHigh, between) => {
        const target = jobsPerWorker(queueHigh);
        expect(Number.isInteger(target) && target >= 1).to.equal(true);
        const [few, many] = [Math.min(a, b), Math.max(a, b)].map((jobs) => workersFor(jobs, target, between));
        expect(few).to.be.at.least(between.minReplicas);
        expect(many)
          .to.be.at.least(few as number)
          .and.at.most(between.maxReplicas);
      }),
    );
  });
});

describe("list of a queue", () => {
  it("defaults to BullMQ's, with a prefix that puts its keys in one slot", () => {
    expect(waitingList({ name: "emails" })).to.equal("{emails}:emails:wait");
    expect(waitingList({ name: "emails", list: "jobs" })).to.equal("jobs");
  });
});

describe("autoscalers", () => {
  it("scale out immediately, to five in one step, and in slowly", () => {
    expect(poolBehavior()).to.deep.equal({
      scaleUp: {
        stabilizationWindowSeconds: 0,
        tolerance: "0",
        selectPolicy: "Max",
        policies: [
          { type: "Percent", value: 100, periodSeconds: 15 },
          { type: "Pods", value: 4, periodSeconds: 15 },
        ],
      },
      scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
    });
  });

  it("scale on CPU", () => {
    expect(cpuScalerSpec("worker-emails", range)).to.deep.equal({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "worker-emails" },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
      ],
      behavior: poolBehavior(),
    });
  });

  it("scale on the exact length of the queue", () => {
    const spec = queueScalerSpec({
      ...range,
      name: "worker-emails",
      list: "{emails}:emails:wait",
      queueHigh: 100,
      address: "redis:6379",
      authentication: "worker-queues",
    });
    expect(spec).to.deep.equal({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "worker-emails" },
      minReplicaCount: 1,
      maxReplicaCount: 5,
      pollingInterval: 30,
      fallback: { failureThreshold: 3, replicas: 1, behavior: "currentReplicasIfHigher" },
      advanced: { horizontalPodAutoscalerConfig: { behavior: poolBehavior() } },
      triggers: [
        {
          type: "redis-cluster",
          metricType: "AverageValue",
          useCachedMetrics: true,
          metadata: {
            addresses: "redis:6379",
            listName: "{emails}:emails:wait",
            listLength: "25",
            enableTLS: "true",
          },
          authenticationRef: { name: "worker-queues" },
        },
      ],
    });
  });
});
