import { app, type Fault } from "./fault";

/** Objects that are valid by themselves, but do not fit each other. */
export const misfits: Fault[] = [
  {
    title: "a selector that does not match the pods",
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
    title: "replicas set beside an autoscaler",
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
    title: "a disruption budget that can never be met",
    stack: "mvp",
    object: "PodDisruptionBudget/app/app",
    change: ({ spec }) => {
      delete spec.maxUnavailable;
      spec.minAvailable = "100%";
    },
    caughtBy: ["disruption"],
  },
  {
    title: "a disruption budget that selects no pods",
    stack: "mvp",
    object: "PodDisruptionBudget/app/app",
    change: ({ spec }) => {
      spec.selector.matchLabels["app.kubernetes.io/name"] = "shop";
    },
    caughtBy: ["kube-score", "disruption"],
  },
  {
    title: "no disruption budget",
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
