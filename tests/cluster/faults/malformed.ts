import { app, container, type Fault } from "./fault";

/** Unknown or invalid fields of Kubernetes objects and custom resources. */
export const malformed: Fault[] = [
  {
    title: "a misspelt field in a container",
    stack: "mvp",
    object: app,
    change: (object) => {
      container(object).imagePullPolice = "Always";
    },
    caughtBy: ["schema", "kubeconform", "API server", "admission"],
  },
  {
    title: "a removed API version",
    stack: "mvp",
    object: app,
    change: (object) => {
      object.apiVersion = "apps/v1beta2";
    },
    caughtBy: ["schema", "kubeconform", "kube-score", "API server"],
  },
  {
    title: "a string instead of a number",
    stack: "mvp",
    object: app,
    change: ({ spec }) => {
      spec.minReadySeconds = "15s";
    },
    caughtBy: ["schema", "kubeconform", "kube-score", "API server"],
  },
  {
    title: "a missing required field",
    stack: "mvp",
    object: "Service/app/app",
    change: ({ spec }) => {
      delete spec.ports[0].port;
    },
    caughtBy: ["schema", "kubeconform", "API server"],
  },
  {
    title: "an unsupported enum value",
    stack: "mvp",
    object: app,
    change: ({ spec }) => {
      spec.strategy.type = "Rolling";
    },
    caughtBy: ["schema", "kubeconform", "kube-score", "API server"],
  },
  {
    title: "a number as a ConfigMap value",
    stack: "mvp",
    object: "ConfigMap/app/tierstack-ca",
    change: ({ data }) => {
      data.retries = 3;
    },
    caughtBy: ["schema", "kubeconform", "API server"],
  },
  {
    title: "a Secret value that is not base64",
    stack: "mvp",
    object: "Secret/app/app-env",
    change: ({ data }) => {
      data.TOKEN = "not base64!";
    },
    caughtBy: ["schema", "kubeconform", "API server"],
  },
  {
    title: "a duplicate environment variable",
    stack: "mvp",
    object: app,
    change: (object) => {
      container(object).env.push({ name: "PORT", value: "1" });
    },
    caughtBy: ["kube-score", "API server", "admission"],
  },
  {
    title: "a misspelt field in a KEDA trigger",
    stack: "growth",
    object: "ScaledObject/app/worker-default",
    change: ({ spec }) => {
      spec.triggers[0].authenticationReference = spec.triggers[0].authenticationRef;
    },
    caughtBy: ["schema", "kubeconform", "API server"],
  },
  {
    title: "an unknown operator in a NodePool",
    stack: "growth",
    object: "NodePool/general",
    change: ({ spec }) => {
      spec.template.spec.requirements[0].operator = "Equals";
    },
    caughtBy: ["schema", "kubeconform", "API server"],
  },
  {
    title: "a TargetGroupBinding without a target type",
    stack: "growth",
    object: "TargetGroupBinding/app/app",
    change: ({ spec }) => {
      delete spec.targetType;
    },
    caughtBy: ["schema", "kubeconform", "API server"],
  },
  {
    title: "a memory limit below the request",
    stack: "mvp",
    object: app,
    change: (object) => {
      container(object).resources.limits.memory = "64Mi";
    },
    caughtBy: ["API server", "admission"],
  },
  {
    title: "minReplicas above maxReplicas",
    stack: "mvp",
    object: "HorizontalPodAutoscaler/app/app",
    change: ({ spec }) => {
      spec.minReplicas = spec.maxReplicas + 1;
    },
    caughtBy: ["API server"],
  },
];
