import type * as k8s from "@pulumi/kubernetes";

type Rule = k8s.types.input.rbac.v1.PolicyRule;

const seen = (apiGroup: string, ...resources: string[]): Rule => ({
  apiGroups: [apiGroup],
  resources,
  verbs: ["list", "watch"],
});

/** Kinds that kube-state-metrics reports, in each of the product's namespaces. No Secret and no ConfigMap. */
export const namespacedRules: Rule[] = [
  seen("", "pods", "persistentvolumeclaims"),
  seen("apps", "deployments", "replicasets", "statefulsets", "daemonsets"),
  seen("batch", "jobs", "cronjobs"),
  seen("autoscaling", "horizontalpodautoscalers"),
  seen("policy", "poddisruptionbudgets"),
  // What drills measured. Of a Lease, it exports the holder and the time.
  seen("coordination.k8s.io", "leases"),
];

/** What has no namespace: the nodes, and the figures of their kubelets. `nodes/proxy` would also let it run commands. */
export const clusterRules: Rule[] = [
  seen("", "nodes"),
  { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
];

/** The kinds as kube-state-metrics names them, sorted. */
export const reportedKinds: string[] = [...namespacedRules, seen("", "nodes")]
  .flatMap(({ resources }) => resources as string[])
  .sort();
