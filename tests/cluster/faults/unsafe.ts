import { app, container, type Fault } from "./fault";

/** Pods that violate the `restricted` standard or good practice. */
export const unsafe: Fault[] = [
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
    title: "an extra capability",
    stack: "mvp",
    object: app,
    change: (object) => {
      container(object).securityContext.capabilities.add = ["NET_ADMIN"];
    },
    caughtBy: ["API server", "admission"],
  },
  {
    title: "a missing seccomp profile",
    stack: "mvp",
    object: app,
    change: (object) => {
      delete container(object).securityContext.seccompProfile;
      delete object.spec.template.spec.securityContext.seccompProfile;
    },
    caughtBy: ["API server", "admission"],
  },
  {
    title: "a hostPath volume",
    stack: "mvp",
    object: app,
    change: ({ spec }) => {
      spec.template.spec.volumes.push({ name: "host", hostPath: { path: "/var/run" } });
    },
    caughtBy: ["API server", "admission"],
  },
  {
    title: "the host network",
    stack: "mvp",
    object: app,
    change: ({ spec }) => {
      spec.template.spec.hostNetwork = true;
    },
    caughtBy: ["API server", "admission"],
  },
  {
    title: "a namespace without pod security enforcement",
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
    title: "an image without a tag",
    stack: "mvp",
    object: app,
    change: (object) => {
      container(object).image = "ghcr.io/acme/shop";
    },
    caughtBy: ["kube-score"],
  },
  {
    title: "a missing memory limit",
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
    title: "a service account token in the application's pods",
    stack: "mvp",
    object: app,
    change: ({ spec }) => {
      spec.template.spec.automountServiceAccountToken = true;
    },
    caughtBy: ["admission"],
  },
  {
    title: "permission to read Secrets",
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
