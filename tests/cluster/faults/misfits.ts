import { app, type Fault } from "./fault";

/** Objects that are valid on their own but do not match each other. */
export const misfits: Fault[] = [
  {
    title: "a selector that the pods do not match",
    stack: "mvp",
    object: app,
    change: ({ spec }) => {
      spec.selector.matchLabels["app.kubernetes.io/name"] = "shop";
    },
    caughtBy: ["kube-score", "API server"],
  },
  {
    title: "a Service that selects no pod",
    stack: "mvp",
    object: "Service/data/pgbouncer",
    change: ({ spec }) => {
      spec.selector["app.kubernetes.io/name"] = "pgbounce";
    },
    caughtBy: ["kube-score"],
  },
  {
    title: "replicas set next to an autoscaler",
    stack: "mvp",
    object: app,
    change: ({ spec }) => {
      spec.replicas = 2;
    },
    caughtBy: ["kube-score"],
  },
  {
    title: "an autoscaler whose target does not exist",
    stack: "mvp",
    object: "HorizontalPodAutoscaler/app/app",
    change: ({ spec }) => {
      spec.scaleTargetRef.name = "shop";
    },
    caughtBy: ["kube-score"],
  },
  {
    title: "a PodDisruptionBudget that can never be met",
    stack: "mvp",
    object: "PodDisruptionBudget/app/app",
    change: ({ spec }) => {
      delete spec.maxUnavailable;
      spec.minAvailable = "100%";
    },
    caughtBy: ["disruption"],
  },
  {
    title: "a PodDisruptionBudget that selects no pod",
    stack: "mvp",
    object: "PodDisruptionBudget/app/app",
    change: ({ spec }) => {
      spec.selector.matchLabels["app.kubernetes.io/name"] = "shop";
    },
    caughtBy: ["kube-score", "disruption"],
  },
  {
    title: "a missing PodDisruptionBudget",
    stack: "growth",
    object: "PodDisruptionBudget/data/pgbouncer",
    change: null,
    caughtBy: ["kube-score"],
  },
  {
    title: "an object in a namespace that does not exist",
    stack: "mvp",
    object: "ConfigMap/app/tierstack-ca",
    change: ({ metadata }) => {
      metadata.namespace = "application";
    },
    caughtBy: ["API server"],
  },
];
