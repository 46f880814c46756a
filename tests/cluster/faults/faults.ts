import type { KubernetesObject } from "../../support/objects";
import type { Fault } from "./fault";

const container = ({ spec }: KubernetesObject) => spec.template.spec.containers[0];
const app = "Deployment/app/app";

/** Fields that Kubernetes or a custom resource does not know, or does not know so. */
const malformed: Fault[] = [
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
    title: "an API version that is gone",
    stack: "mvp",
    object: app,
    change: (object) => {
      object.apiVersion = "apps/v1beta2";
    },
    caughtBy: ["schema", "kubeconform", "kube-score", "API server"],
  },
  {
    title: "a text where a number belongs",
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
    title: "a value that does not exist",
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
    title: "an operator that a node pool does not know",
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
    title: "more replicas at least than at most",
    stack: "mvp",
    object: "HorizontalPodAutoscaler/app/app",
    change: ({ spec }) => {
      spec.minReplicas = spec.maxReplicas + 1;
    },
    caughtBy: ["API server"],
  },
];

/** Pods that the `restricted` standard does not let in, and pods worse than they need be. */
const unsafe: Fault[] = [
  {
    title: "a privileged container",
    stack: "mvp",
    object: app,
    change: (object) => {
      Object.assign(container(object).securityContext, { privileged: true, allowPrivilegeEscalation: true });
    },
    caughtBy: ["kube-score", "API server", "admission"],
  },
  {
    title: "a container that may run as root",
    stack: "mvp",
    object: app,
    change: (object) => {
      container(object).securityContext.runAsNonRoot = false;
    },
    caughtBy: ["API server", "admission"],
  },
  {
    title: "a capability too many",
    stack: "mvp",
    object: app,
    change: (object) => {
      container(object).securityContext.capabilities.add = ["NET_ADMIN"];
    },
    caughtBy: ["API server", "admission"],
  },
  {
    title: "no seccomp profile",
    stack: "mvp",
    object: app,
    change: (object) => {
      delete container(object).securityContext.seccompProfile;
      delete object.spec.template.spec.securityContext.seccompProfile;
    },
    caughtBy: ["API server", "admission"],
  },
  {
    title: "a folder of the node",
    stack: "mvp",
    object: app,
    change: ({ spec }) => {
      spec.template.spec.volumes.push({ name: "host", hostPath: { path: "/var/run" } });
    },
    caughtBy: ["API server", "admission"],
  },
  {
    title: "the node's own network",
    stack: "mvp",
    object: app,
    change: ({ spec }) => {
      spec.template.spec.hostNetwork = true;
    },
    caughtBy: ["API server", "admission"],
  },
  {
    title: "a namespace that enforces nothing",
    stack: "mvp",
    object: "Namespace/data",
    change: ({ metadata }) => {
      delete metadata.labels?.["pod-security.kubernetes.io/enforce"];
    },
    caughtBy: ["admission"],
  },
  {
    title: "a writable root file system",
    stack: "mvp",
    object: app,
    change: (object) => {
      container(object).securityContext.readOnlyRootFilesystem = false;
    },
    caughtBy: ["kube-score"],
  },
  {
    title: "an image without a version",
    stack: "mvp",
    object: app,
    change: (object) => {
      container(object).image = "ghcr.io/acme/shop";
    },
    caughtBy: ["kube-score"],
  },
  {
    title: "no memory limit",
    stack: "mvp",
    object: app,
    change: (object) => {
      delete container(object).resources.limits;
    },
    caughtBy: ["kube-score"],
  },
  {
    title: "a missing readiness probe",
    stack: "mvp",
    object: app,
    change: ({ spec }) => {
      for (const each of spec.template.spec.containers) delete each.readinessProbe;
    },
    caughtBy: ["kube-score"],
  },
  {
    title: "a token in every pod of the application",
    stack: "mvp",
    object: app,
    change: ({ spec }) => {
      spec.template.spec.automountServiceAccountToken = true;
    },
    caughtBy: ["admission"],
  },
  {
    title: "a right to read secrets",
    stack: "mvp",
    object: "ServiceAccount/app/app",
    change: () => {},
    extra: [
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: "reader", namespace: "app" },
        rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }],
      },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { name: "reader", namespace: "app" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
        subjects: [{ kind: "ServiceAccount", name: "app", namespace: "app" }],
      },
    ],
    caughtBy: ["rights"],
  },
];

/** Objects that are each in order, and do not fit each other. */
const misfits: Fault[] = [
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
    title: "a service that finds no pod",
    stack: "mvp",
    object: "Service/data/pgbouncer",
    change: ({ spec }) => {
      spec.selector["app.kubernetes.io/name"] = "pgbounce";
    },
    caughtBy: ["kube-score"],
  },
  {
    title: "replicas beside an autoscaler",
    stack: "mvp",
    object: app,
    change: ({ spec }) => {
      spec.replicas = 2;
    },
    caughtBy: ["kube-score"],
  },
  {
    title: "an autoscaler of nothing",
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
    title: "a disruption budget of no pods",
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
    title: "an object in a namespace that nobody makes",
    stack: "mvp",
    object: "ConfigMap/app/tierstack-ca",
    change: ({ metadata }) => {
      metadata.namespace = "application";
    },
    caughtBy: ["API server"],
  },
];

/** What an API server refuses only because of what is there already: faults of a move. */
const immovable: Fault[] = [
  {
    title: "another selector of the same Deployment",
    stack: "mvp",
    object: "Deployment/data/pgbouncer",
    change: ({ spec }) => {
      spec.selector.matchLabels["tierstack.dev/tier"] = "growth";
      spec.template.metadata.labels["tierstack.dev/tier"] = "growth";
    },
    caughtBy: ["API server"],
  },
  {
    title: "another service of the same StatefulSet",
    stack: "mvp",
    object: "StatefulSet/data/postgres",
    change: ({ spec }) => {
      spec.serviceName = "postgres-growth";
    },
    caughtBy: ["kube-score", "API server"],
  },
  {
    title: "a volume that shrinks",
    stack: "mvp",
    object: "PersistentVolumeClaim/data/postgres",
    change: ({ spec }) => {
      spec.resources.requests.storage = "1Gi";
    },
    caughtBy: ["API server"],
  },
  {
    title: "a Job that changes under the same name",
    stack: "mvp",
    object: "Job/data/postgres-bootstrap",
    change: (object) => {
      container(object).image = "docker.io/pgvector/pgvector:0.8.5-pg17-trixie";
    },
    caughtBy: ["API server"],
  },
];

/** Ways that should be closed, and ways that should be open. */
const network: Fault[] = [
  {
    title: "a network policy that lets everybody in",
    stack: "mvp",
    object: "NetworkPolicy/data/pgbouncer",
    change: ({ spec }) => {
      delete spec.ingress[0].from;
    },
    caughtBy: ["network"],
  },
  {
    title: "no policy that denies",
    stack: "mvp",
    object: "NetworkPolicy/data/default-deny",
    change: null,
    caughtBy: ["network"],
  },
  {
    title: "a way to the instance's metadata",
    stack: "growth",
    object: "NetworkPolicy/app/worker",
    change: ({ spec }) => {
      for (const rule of spec.egress) for (const peer of rule.to) if (peer.ipBlock) delete peer.ipBlock.except;
    },
    caughtBy: ["network"],
  },
  {
    title: "a network policy that selects nothing",
    stack: "mvp",
    object: "NetworkPolicy/data/postgres",
    change: ({ spec }) => {
      spec.podSelector.matchLabels["app.kubernetes.io/name"] = "postgresql";
    },
    caughtBy: ["network", "kube-score"],
  },
  {
    title: "no way to DNS",
    stack: "growth",
    object: "NetworkPolicy/app/allow-dns",
    change: ({ spec }) => {
      spec.egress[0].ports = [{ protocol: "TCP", port: 5353 }];
    },
    caughtBy: ["network"],
  },
];

/** Every seeded fault. */
export const faults: Fault[] = [...malformed, ...unsafe, ...misfits, ...immovable, ...network];
