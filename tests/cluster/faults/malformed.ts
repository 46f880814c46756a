import { app, container, type Fault } from "./fault";

/** Unknown fields and invalid values, of Kubernetes or of a custom resource. */
export const malformed: Fault[] = [
  {
    title: "a misspelt field of a container",
    stack: "mvp",
    object: app,
    change: (object) => {
      container(object).imagePullPolice = "Always";
    },
    caughtBy: ["schema", "kubeconform", "API server", "admission"],
  },
  {
    title: "an API version that was removed",
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
    title: "a required field left out",
    stack: "mvp",
    object: "Service/app/app",
    change: ({ spec }) => {
      delete spec.ports[0].port;
    },
    caughtBy: ["schema", "kubeconform", "API server"],
  },
  {
    title: "an enum value that does not exist",
    stack: "mvp",
    object: app,
    change: ({ spec }) => {
      spec.strategy.type = "Rolling";
    },
    caughtBy: ["schema", "kubeconform", "kube-score", "API server"],
  },
  {
    title: "a number in a ConfigMap",
    stack: "mvp",
    object: "ConfigMap/app/tierstack-ca",
    change: ({ data }) => {
      data.retries = 3;
    },
    caughtBy: ["schema", "kubeconform", "API server"],
  },
  {
    title: "a Secret that is not base64",
    stack: "mvp",
    object: "Secret/app/app-env",
    change: ({ data }) => {
      data.TOKEN = "not base64!";
    },
    caughtBy: ["schema", "kubeconform", "API server"],
  },
  {
    title: "an environment variable named twice",
    stack: "mvp",
    object: app,
    change: (object) => {
      container(object).env.push({ name: "PORT", value: "1" });
    },
    caughtBy: ["kube-score", "API server", "admission"],
  },
  {
    title: "a misspelt field of a KEDA trigger",
    stack: "growth",
    object: "ScaledObject/app/worker-default",
    change: ({ spec }) => {
      spec.triggers[0].authenticationReference = spec.triggers[0].authenticationRef;
    },
    caughtBy: ["schema", "kubeconform", "API server"],
  },
  {
    title: "an unknown operator in a node pool",
    stack: "growth",
    object: "NodePool/general",
    change: ({ spec }) => {
      spec.template.spec.requirements[0].operator = "Equals";
    },
    caughtBy: ["schema", "kubeconform", "API server"],
  },
  {
    title: "a target group binding without a target type",
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
    title: "a replica minimum above the maximum",
    stack: "mvp",
    object: "HorizontalPodAutoscaler/app/app",
    change: ({ spec }) => {
      spec.minReplicas = spec.maxReplicas + 1;
    },
    caughtBy: ["API server"],
  },
];
