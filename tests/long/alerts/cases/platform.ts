import { type Case, grows, type Series, stays } from "./case";

const state = (metric: string, labels: string) => `${metric}{job="kube-state-metrics",${labels}}`;
const gibibyte = 2 ** 30;

const ready = (node: string) => state("kube_node_status_condition", `node="${node}",condition="Ready",status="true"`);
const cpu = (cores: number): Series => ({
  'container_cpu_usage_seconds_total{job="kubelet",node="a",id="/"}': grows(60 * cores),
  // A container is part of the node.
  'container_cpu_usage_seconds_total{job="kubelet",node="a",id="/kubepods/pod1",namespace="app",pod="app-1"}':
    grows(60),
  'machine_cpu_cores{job="kubelet",node="a"}': stays(2),
});
const memory = (used: number): Series => ({
  'container_memory_working_set_bytes{job="kubelet",node="a",id="/"}': stays(used * gibibyte),
  'machine_memory_bytes{job="kubelet",node="a"}': stays(100 * gibibyte),
});
const volume = (available: number): Series => ({
  'kubelet_volume_stats_available_bytes{job="kubelet",node="a",namespace="data",persistentvolumeclaim="postgres-data"}':
    stays(available * gibibyte),
  'kubelet_volume_stats_capacity_bytes{job="kubelet",node="a",namespace="data",persistentvolumeclaim="postgres-data"}':
    stays(100 * gibibyte),
});
const claim = { namespace: "data", persistentvolumeclaim: "postgres-data" };

const deployment = (wanted: number, available: number): Series => ({
  [state("kube_deployment_spec_replicas", 'namespace="app",deployment="app"')]: stays(wanted),
  [state("kube_deployment_status_replicas_available", 'namespace="app",deployment="app"')]: stays(available),
});
const statefulSet = (wanted: number, isReady: number): Series => ({
  [state("kube_statefulset_replicas", 'namespace="data",statefulset="postgres"')]: stays(wanted),
  [state("kube_statefulset_status_replicas_ready", 'namespace="data",statefulset="postgres"')]: stays(isReady),
});
const container = 'namespace="app",pod="app-1",container="app"';
const waits = (reason: string) => state("kube_pod_container_status_waiting_reason", `${container},reason="${reason}"`);
const restarts = state("kube_pod_container_status_restarts_total", container);
const ended = (reason: string) =>
  state("kube_pod_container_status_last_terminated_reason", `${container},reason="${reason}"`);
const pending = state("kube_pod_status_phase", 'namespace="app",pod="app-1",phase="Pending"');
const autoscaler = (current: number, least: number, most: number): Series => {
  const of = (metric: string) =>
    state(`kube_horizontalpodautoscaler_${metric}`, 'namespace="app",horizontalpodautoscaler="app"');
  return {
    [of("status_current_replicas")]: stays(current),
    [of("spec_min_replicas")]: stays(least),
    [of("spec_max_replicas")]: stays(most),
  };
};
const jobFailed = state("kube_job_failed", 'namespace="app",job_name="migrate-1",condition="true"');
const scheduled = state("kube_cronjob_status_last_schedule_time", 'namespace="app",cronjob="report"');
const succeeded = state("kube_cronjob_status_last_successful_time", 'namespace="app",cronjob="report"');

export const nodeCases: Record<string, Case> = {
  NodeNotReady: {
    fires: { [ready("a")]: stays(0), [ready("b")]: stays(1) },
    labels: { node: "a" },
    summary: "Node a is not ready",
    silent: [{ [ready("a")]: stays(1) }],
  },
  NodeCpuHigh: {
    fires: cpu(1.7),
    labels: { node: "a" },
    summary: "Node a uses 85.0 % of its CPU (limit 80 %)",
    silent: [cpu(1.59)],
  },
  NodeMemoryFull: {
    fires: memory(91),
    labels: { node: "a" },
    summary: "Node a uses 91.0 % of its memory (limit 90 %)",
    silent: [memory(90)],
  },
  NodeMemoryHigh: {
    fires: memory(86),
    labels: { node: "a" },
    summary: "Node a uses 86.0 % of its memory (limit 85 %)",
    silent: [memory(85)],
  },
  VolumeAlmostFull: {
    fires: volume(9),
    labels: claim,
    summary: "The volume of postgres-data is 91.0 % full (limit 90 %)",
    silent: [volume(11)],
  },
  VolumeFills: {
    fires: volume(14),
    labels: claim,
    summary: "The volume of postgres-data is 86.0 % full (limit 85 %)",
    silent: [volume(16)],
  },
};

export const kubernetesCases: Record<string, Case> = {
  DeploymentDown: {
    fires: deployment(2, 0),
    labels: { namespace: "app", deployment: "app" },
    summary: "No pod of app/app is available",
    // One of two; and scaled to none.
    silent: [deployment(2, 1), deployment(0, 0)],
  },
  DeploymentShort: {
    fires: deployment(3, 2),
    labels: { namespace: "app", deployment: "app" },
    summary: "1 pods of app/app are missing",
    silent: [deployment(3, 3)],
  },
  StatefulSetDown: {
    fires: statefulSet(1, 0),
    labels: { namespace: "data", statefulset: "postgres" },
    summary: "No pod of data/postgres is ready",
    // Scaled to none after a handover.
    silent: [statefulSet(1, 1), statefulSet(0, 0)],
  },
  PodCrashLoops: {
    // It runs for a moment between two crashes.
    fires: { [waits("CrashLoopBackOff")]: "1 1 1 _ _ 1 1 1 _ _ 1 1 1 1 1 1 1 _ _ 1 1+0x80" },
    labels: { namespace: "app", pod: "app-1", container: "app" },
    summary: "app of app/app-1 crashes again and again",
    silent: [{ [waits("CrashLoopBackOff")]: "1 1 1 _x100" }],
    early: true,
  },
  ContainerOutOfMemory: {
    fires: { [restarts]: "0+0x50 1+0x100", [ended("OOMKilled")]: "_x50 1+0x100" },
    labels: { namespace: "app", pod: "app-1", container: "app" },
    summary: "app of app/app-1 was killed for its memory",
    // It was, long ago; and a restart for another reason.
    silent: [
      { [restarts]: stays(1), [ended("OOMKilled")]: stays(1) },
      { [ended("OOMKilled")]: "_x200", [ended("Error")]: stays(1) },
    ],
  },
  PodPending: {
    fires: { [pending]: stays(1) },
    labels: { namespace: "app", pod: "app-1" },
    summary: "app/app-1 has not started for 15 minutes",
    silent: [{ [pending]: stays(0) }, { [pending]: "1+0x10 0+0x100" }],
  },
  AutoscalerAtMaximum: {
    fires: autoscaler(4, 1, 4),
    labels: { namespace: "app", horizontalpodautoscaler: "app" },
    summary: "app has been at its maximum of 4 pods for half an hour",
    // One that cannot scale is always at its maximum.
    silent: [autoscaler(3, 1, 4), autoscaler(1, 1, 1)],
  },
  JobFailed: {
    fires: { [jobFailed]: stays(1) },
    labels: { namespace: "app", job_name: "migrate-1" },
    summary: "The job app/migrate-1 has failed",
    silent: [{ [jobFailed]: stays(0) }],
  },
  ScheduleFails: {
    fires: { [scheduled]: stays(90_000), [succeeded]: stays(3_600) },
    labels: { namespace: "app", cronjob: "report" },
    summary: "The schedule app/report has not succeeded since its last start",
    // It ended a minute after its start; and never ran.
    silent: [{ [succeeded]: stays(90_060) }, { [succeeded]: "_x300" }],
    at: 150,
  },
};
