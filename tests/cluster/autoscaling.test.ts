import { expect } from "chai";
import { autoscalerSpec } from "../../components/app/autoscaler";
import { type Tier, tierNames } from "../../tiers";
import { type KubernetesObject, type StackObject, stackObjects } from "../support/objects";
import { inHaste } from "./autoscaling/haste";
import { autoscalerOf, metricName } from "./autoscaling/keda";
import { autoscalerKind, type Decision, objectOf, type Readings, Scene } from "./autoscaling/scene";
import type { Usage } from "./autoscaling/usage";

const app = "app";
const worker = "worker-default";

/** Memory of a Node.js process after a burst, in percent of its limit (docs/adr/0011-autoscaling-by-cpu.md). */
const memoryKept = 60;

/** Factor that reduces every window and period (five minutes, one minute and 15 seconds) to one second. */
const haste = 300;

const stacks = {} as Record<Tier, StackObject[]>;
const autoscaler = (tier: Tier, name: string) => objectOf(stacks[tier], "HorizontalPodAutoscaler", name);
const queueScaler = (tier: Tier) => autoscalerOf(objectOf(stacks[tier], "ScaledObject", worker));
const hasty = (object: KubernetesObject) => inHaste(object, haste);
/** The autoscaler of the application with `app.scaleOnMemory`. */
const onMemory = (object: KubernetesObject) => ({
  ...object,
  spec: autoscalerSpec(app, { size: object.spec, scaleOnMemory: true }),
});

describe("autoscaling with the real controller", () => {
  let scene: Scene;

  before(async function () {
    if (process.env.KUBECONFIG_TEST) {
      console.log("      skipped: the cluster of KUBECONFIG_TEST cannot reach metrics on this machine's loopback");
      this.skip();
    }
    for (const tier of tierNames) stacks[tier] = await stackObjects(tier);
    scene = await Scene.open(stacks.scale);
  });

  after(() => scene?.close());

  const ready = (pods: number): Decision => ({ pods, able: "ReadyForNewScale", limit: "DesiredWithinRange" });
  const held = (pods: number): Decision => ({ ...ready(pods), able: "ScaleDownStabilized" });

  describe("application at Scale, 2 - 10 pods", () => {
    before(async () => {
      scene.metrics.setUsage({ app: { cpu: 50, memory: 50 } });
      await scene.bring(stacks.scale, app);
      // The autoscaler's first step to its minimum would count as scaling up.
      await scene.scale(app, 2);
      await scene.apply(autoscaler("scale", app));
      await scene.pods(app, 2);
    });

    const decisions: [what: string, usage: Usage, readings: Readings, decision: Decision][] = [
      ["69 % CPU: stays", { app: { cpu: 69 } }, { cpu: 69 }, ready(2)],
      ["70 % CPU: stays", { app: { cpu: 70 } }, { cpu: 70 }, ready(2)],
      ["30 % CPU: stays", { app: { cpu: 30 } }, { cpu: 30 }, ready(2)],
      ["29 % CPU: would scale down", { app: { cpu: 29 } }, { cpu: 29 }, held(2)],
      ["ignores memory", { app: { cpu: 31, memory: 95 } }, { cpu: 31 }, ready(2)],
      ["ignores the gateway's usage", { app: { cpu: 42 }, gateway: { cpu: 1000 } }, { cpu: 42 }, ready(2)],
    ];
    for (const [what, usage, readings, decision] of decisions)
      it(what, async () => {
        const steps = scene.steps(app);
        scene.metrics.setUsage(usage);
        expect(await scene.decision(app, readings)).to.deep.equal(decision);
        expect(steps()).to.deep.equal([2]);
      });

    it("10x CPU: adds four pods in the first period, reaches the maximum in the next, and stays there", async () => {
      const steps = scene.steps(app);
      scene.metrics.setUsage({ app: { cpu: 1000, memory: 95, pods: 2 } });
      expect(await scene.wanting(app, 6)).to.deep.equal({ pods: 6, able: "SucceededRescale", limit: "ScaleUpLimit" });
      await scene.apply(hasty(autoscaler("scale", app)));
      await scene.limited(app, "TooManyReplicas", 10);
      await scene.pods(app, 10);
      expect(steps()).to.deep.equal([2, 6, 10]);
    });

    it("keeps its pods for the five-minute stabilization window when the load falls", async () => {
      const steps = scene.steps(app);
      await scene.apply(autoscaler("scale", app));
      scene.metrics.setUsage({ app: { cpu: 20, memory: memoryKept } });
      expect(await scene.decision(app, { cpu: 20 })).to.deep.equal(held(10));
      expect(steps()).to.deep.equal([10]);
    });

    it("then removes one pod per period, down to the minimum, although the pods keep their memory", async () => {
      const steps = scene.steps(app);
      await scene.apply(hasty(autoscaler("scale", app)));
      await scene.limited(app, "TooFewReplicas", 2);
      await scene.pods(app, 2);
      expect(steps()).to.deep.equal([10, 9, 8, 7, 6, 5, 4, 3, 2]);
    });

    it("71 % CPU: adds a pod", async () => {
      const steps = scene.steps(app);
      scene.metrics.setUsage({ app: { cpu: 71, pods: 2 } });
      await scene.pods(app, 3);
      expect(await scene.decision(app, { cpu: 47 })).to.deep.equal(ready(3));
      expect(steps()).to.deep.equal([2, 3]);
    });

    it("keeps the replicas of a Deployment that is applied again, also with a changed template", async () => {
      const steps = scene.steps(app);
      const deployment = structuredClone(objectOf(stacks.scale, "Deployment", app));
      await scene.apply(deployment);
      Object.assign(deployment.spec.template.metadata.annotations, { "checksum/config": "another" });
      await scene.apply(deployment);
      await scene.deployments.until("another template's pods", app, ({ metadata, spec, status }) => {
        const { annotations } = spec.template.metadata;
        const { generation } = metadata as { generation?: number };
        return annotations["checksum/config"] === "another" && status.observedGeneration === generation;
      });
      await scene.pods(app, 3);
      expect(steps()).to.deep.equal([3]);
    });

    it("removes no pod while metrics are unavailable, and resumes scaling afterwards", async () => {
      const steps = scene.steps(app);
      scene.metrics.setAway(true);
      scene.metrics.setUsage({ app: { cpu: 1, memory: memoryKept } });
      await scene.blind(app, "FailedGetContainerResourceMetric");
      expect(steps()).to.deep.equal([3]);
      scene.metrics.setAway(false);
      await scene.pods(app, 2);
      expect(steps()).to.deep.equal([3, 2]);
    });
  });

  describe("application at Scale with app.scaleOnMemory", () => {
    before(async () => {
      scene.metrics.setUsage({ app: { cpu: 50, memory: 50 } });
      await scene.bring(stacks.scale, app);
      await scene.scale(app, 2);
      await scene.apply(onMemory(autoscaler("scale", app)));
      await scene.pods(app, 2);
    });

    const decisions: [what: string, memory: number, decision: Decision][] = [
      ["80 % memory: stays", 80, ready(2)],
      ["35 % memory: stays", 35, ready(2)],
      ["34 % memory: would scale down", 34, held(2)],
    ];
    for (const [what, memory, decision] of decisions)
      it(what, async () => {
        scene.metrics.setUsage({ app: { cpu: 20, memory } });
        expect(await scene.decision(app, { cpu: 20, memory })).to.deep.equal(decision);
      });

    it("81 % memory: adds a pod", async () => {
      scene.metrics.setUsage({ app: { cpu: 50, memory: 81, pods: 2 } });
      await scene.pods(app, 3);
    });

    it("keeps the pods of a burst as long as they keep their memory, which is why it is off by default", async () => {
      await scene.apply(hasty(onMemory(autoscaler("scale", app))));
      scene.metrics.setUsage({ app: { cpu: 1000, memory: 95 } });
      await scene.pods(app, 10);
      const steps = scene.steps(app);
      scene.metrics.setUsage({ app: { cpu: 20, memory: memoryKept } });
      expect(await scene.decision(app, { cpu: 20, memory: memoryKept })).to.deep.equal(ready(10));
      expect(steps()).to.deep.equal([10]);
      scene.metrics.setUsage({ app: { cpu: 20, memory: 34 } });
      await scene.pods(app, 2);
    });
  });

  describe("application on smaller tiers, after a burst", () => {
    const ranges = [
      ["growth", 2, 3, [3, 2]],
      ["startup", 1, 3, [3, 2, 1]],
      ["mvp", 1, 2, [2, 1]],
    ] as const;
    for (const [tier, minReplicas, maxReplicas, wayIn] of ranges)
      it(`${tier}: ${maxReplicas} pods, then ${minReplicas}, although they keep their memory`, async () => {
        const scaler = autoscaler(tier, app);
        expect(scaler.spec).to.include({ minReplicas, maxReplicas });
        scene.metrics.setUsage({ app: { cpu: 1000, memory: 95 } });
        await scene.bring(stacks[tier], app);
        await scene.apply(hasty(scaler));
        await scene.limited(app, "TooManyReplicas", maxReplicas);
        await scene.pods(app, maxReplicas);
        const steps = scene.steps(app);
        scene.metrics.setUsage({ app: { cpu: 5, memory: memoryKept } });
        await scene.pods(app, minReplicas);
        expect(steps()).to.deep.equal(wayIn);
      });
  });

  describe("workers by CPU", () => {
    for (const tier of ["mvp", "startup"] as const)
      it(`${tier}: 1 - 2 pods, adds the second above 70 % and keeps it down to 35 %`, async () => {
        const scaler = autoscaler(tier, worker);
        expect(scaler.spec).to.include({ minReplicas: 1, maxReplicas: 2 });
        // CPU usage is in whole millicores. A worker requests few, so not every percentage is possible.
        scene.metrics.setUsage({ worker: { cpu: 70 } });
        await scene.bring(stacks[tier], worker);
        await scene.apply(scaler);
        expect(await scene.decision(worker, { cpu: 70 })).to.deep.equal(ready(1));
        const steps = scene.steps(worker);
        scene.metrics.setUsage({ worker: { cpu: 72 } });
        await scene.limited(worker, "TooManyReplicas", 2);
        await scene.pods(worker, 2);
        scene.metrics.setUsage({ worker: { cpu: 36 } });
        expect(await scene.decision(worker, { cpu: 36 })).to.deep.equal(ready(2));
        scene.metrics.setUsage({ worker: { cpu: 34 } });
        expect(await scene.decision(worker, { cpu: 34 })).to.deep.equal(held(2));
        await scene.apply(hasty(scaler));
        await scene.pods(worker, 1);
        expect(steps()).to.deep.equal([1, 2, 1]);
        await scene.remove(scaler);
      });
  });

  describe("workers by queue length", () => {
    const queue = metricName(0, "{default}:default:wait");
    const scaler = `keda-hpa-${worker}`;

    before(async () => {
      scene.metrics.setQueueDepth(queue, 0);
      await scene.bring(stacks.growth, worker);
      await scene.apply(queueScaler("growth"));
    });

    it("no jobs: one worker", async () => {
      expect(await scene.decision(scaler, { queue: "0" })).to.deep.equal(held(1));
      await scene.pods(worker, 1);
    });

    it("100 jobs: four workers; 101 jobs: five", async () => {
      const steps = scene.steps(worker);
      scene.metrics.setQueueDepth(queue, 100);
      await scene.pods(worker, 4);
      expect(await scene.decision(scaler, { queue: "25" })).to.deep.equal(ready(4));
      scene.metrics.setQueueDepth(queue, 101);
      await scene.pods(worker, 5);
      expect(steps()).to.deep.equal([1, 4, 5]);
    });

    it("8 jobs: keeps five workers for five minutes, then removes one per period down to one", async () => {
      const steps = scene.steps(worker);
      scene.metrics.setQueueDepth(queue, 8);
      expect(await scene.decision(scaler, { queue: "1600m" })).to.deep.equal(held(5));
      expect(steps()).to.deep.equal([5]);
      await scene.apply(hasty(queueScaler("growth")));
      await scene.pods(worker, 1);
      expect(await scene.decision(scaler, { queue: "8" })).to.deep.equal(ready(1));
      expect(steps()).to.deep.equal([5, 4, 3, 2, 1]);
    });

    it("120 jobs: from one worker to five in one step", async () => {
      const steps = scene.steps(worker);
      scene.metrics.setQueueDepth(queue, 120);
      await scene.pods(worker, 5);
      expect(steps()).to.deep.equal([1, 5]);
    });

    it("removes no worker while the queue cannot be read", async () => {
      const steps = scene.steps(worker);
      scene.metrics.setAway(true);
      scene.metrics.setQueueDepth(queue, 0);
      await scene.blind(scaler, "FailedGetExternalMetric");
      expect(steps()).to.deep.equal([5]);
      scene.metrics.setQueueDepth(queue, 120);
      scene.metrics.setAway(false);
      expect(await scene.decision(scaler, { queue: "24" })).to.include({ pods: 5 });
      expect(steps()).to.deep.equal([5]);
    });

    it("100,000 jobs: five workers at Growth, ten at Scale", async () => {
      scene.metrics.setQueueDepth(queue, 100_000);
      await scene.limited(scaler, "TooManyReplicas", 5);
      await scene.pods(worker, 5);
      const steps = scene.steps(worker);
      await scene.bring(stacks.scale, worker);
      await scene.apply(hasty(queueScaler("scale")));
      await scene.limited(scaler, "TooManyReplicas", 10);
      await scene.pods(worker, 10);
      expect(steps()).to.deep.equal([5, 10]);
    });

    after(() => scene.remove({ ...autoscalerKind, metadata: { name: scaler, namespace: "app" } }));
  });
});
