import { expect } from "chai";
import { type KubernetesObject, stackObjects } from "../support/objects";
import { inHaste } from "./autoscaling/haste";
import { autoscalerOf } from "./autoscaling/keda";
import { objectOf } from "./autoscaling/scene";

describe("HorizontalPodAutoscaler that KEDA creates for a ScaledObject", () => {
  let scaledObject: KubernetesObject;

  before(async () => {
    scaledObject = objectOf(await stackObjects("growth"), "ScaledObject", "worker-default");
  });

  it("matches the operator's at Growth", () => {
    expect(autoscalerOf(scaledObject)).to.deep.equal({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: {
        name: "keda-hpa-worker-default",
        namespace: "app",
        labels: {
          "app.kubernetes.io/component": "worker",
          "app.kubernetes.io/managed-by": "pulumi",
          "app.kubernetes.io/name": "worker-default",
          "app.kubernetes.io/part-of": "tierstack",
        },
      },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "worker-default" },
        minReplicas: 1,
        maxReplicas: 5,
        metrics: [
          {
            type: "External",
            external: {
              metric: {
                name: "s0-redis-{default}-default-wait",
                selector: { matchLabels: { "scaledobject.keda.sh/name": "worker-default" } },
              },
              target: { type: "AverageValue", averageValue: "25" },
            },
          },
        ],
        behavior: {
          scaleUp: {
            stabilizationWindowSeconds: 0,
            selectPolicy: "Max",
            policies: [
              { type: "Percent", value: 100, periodSeconds: 15 },
              { type: "Pods", value: 4, periodSeconds: 15 },
            ],
            tolerance: "0",
          },
          scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
        },
      },
    });
  });

  it("uses the operator's defaults for unset fields", () => {
    const triggers = [{ type: "redis", metadata: { listName: "a/b.c%d(e)" } }];
    const spec = { scaleTargetRef: { name: "target" }, minReplicaCount: 0, triggers };
    const made = autoscalerOf({
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: { name: "some" },
      spec,
    });
    expect(made.metadata.labels).to.deep.equal({
      "app.kubernetes.io/name": "keda-hpa-some",
      "app.kubernetes.io/part-of": "some",
      "app.kubernetes.io/managed-by": "keda-operator",
    });
    expect(made.spec).to.deep.equal({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "target" },
      minReplicas: 1,
      maxReplicas: 100,
      metrics: [
        {
          type: "External",
          external: {
            metric: {
              name: "s0-redis-a-b-c-d-e-",
              selector: { matchLabels: { "scaledobject.keda.sh/name": "some" } },
            },
            target: { type: "AverageValue", averageValue: "5" },
          },
        },
      ],
    });
  });

  it("throws for settings that no stack uses", () => {
    const change = (part: (object: KubernetesObject) => void) => () => {
      const object = structuredClone(scaledObject);
      part(object);
      autoscalerOf(object);
    };
    expect(change(({ spec }) => Object.assign(spec.triggers[0], { type: "cron" }))).to.throw(
      "the metric of a cron trigger is not known here",
    );
    expect(change(({ spec }) => Object.assign(spec.advanced, { scalingModifiers: {} }))).to.throw(
      "not known here: advanced.scalingModifiers",
    );
    expect(
      change(({ metadata }) =>
        Object.assign(metadata, { annotations: { "autoscaling.keda.sh/paused-scale-in": "true" } }),
      ),
    ).to.throw("not known here: annotation autoscaling.keda.sh/paused-scale-in");
  });
});

describe("accelerated autoscaler", () => {
  it("divides its windows and periods, to whole seconds and at least one, and keeps everything else", () => {
    const rules = (stabilizationWindowSeconds: number, periodSeconds: number) => ({
      stabilizationWindowSeconds,
      policies: [{ type: "Pods", value: 2, periodSeconds }],
      tolerance: "0",
    });
    const object = (behavior: object): KubernetesObject => ({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "some" },
      spec: { minReplicas: 1, maxReplicas: 3, behavior },
    });
    const slow = object({ scaleUp: rules(0, 15), scaleDown: rules(300, 60) });
    expect(inHaste(slow, 30)).to.deep.equal(object({ scaleUp: rules(0, 1), scaleDown: rules(10, 2) }));
    expect(slow).to.deep.equal(object({ scaleUp: rules(0, 15), scaleDown: rules(300, 60) }));
  });
});
